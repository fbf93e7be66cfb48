/**
 * The parameters of a request, read as leniently as old clients write them (protocol notes, section 4): `r` may come
 * un-encoded, escapes may be malformed, and nothing here ever throws.
 */
import * as JsonText from "../../schema/JsonText.ts"

/** Fields of one text that are read; what stands behind them is not looked at. */
export const atMost = 200

/** Malformed escapes stay as they are: that is how forms are read. */
const decode = (raw: string): string => new URLSearchParams(`_=${raw}`).get("_") ?? ""

const isJson = (text: string): boolean => {
  if (!JsonText.isShallow(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Where the field `r` begins, and where its text does. */
const startOfR = (text: string): { readonly field: number; readonly value: number } | undefined => {
  if (text.startsWith("r=")) return { field: 0, value: 2 }
  const at = text.indexOf("&r=")
  return at < 0 ? undefined : { field: at + 1, value: at + 3 }
}

/** What stands behind the last bracket or quote of un-encoded JSON can only be further fields. */
const withoutFields = (rest: string): string | undefined => {
  const end = Math.max(rest.lastIndexOf("}"), rest.lastIndexOf("]"), rest.lastIndexOf('"')) + 1
  return end < rest.length && rest[end] === "&" ? rest.slice(0, end) : undefined
}

/**
 * The text of `r`, and how much of `rest` it takes. Un-encoded JSON goes first: no encoded JSON is JSON as it stands, but
 * un-encoded JSON may survive decoding with a `+` less. Of what is nested too deep nothing is left, so that nobody who
 * reads it has to count.
 */
const readR = (rest: string): { readonly r: string; readonly length: number } => {
  const next = rest.indexOf("&")
  const field = next < 0 ? rest : rest.slice(0, next)
  if (isJson(field)) return { r: field, length: field.length }
  const decoded = decode(field)
  if (isJson(decoded)) return { r: decoded, length: field.length }
  if (next >= 0 && isJson(rest)) return { r: rest, length: rest.length }
  const json = withoutFields(rest)
  if (json !== undefined && isJson(json)) return { r: json, length: json.length }
  return { r: JsonText.isShallow(decoded) ? decoded : "", length: field.length }
}

/** The fields of a text without `r`, which stands for itself; the last of a name counts. */
const readFields = (text: string, into: Map<string, string>): void => {
  let start = 0
  for (let count = 0; start < text.length && count < atMost; ) {
    const next = text.indexOf("&", start)
    const end = next < 0 ? text.length : next
    const equals = text.indexOf("=", start)
    const middle = equals < 0 || equals > end ? end : equals
    if (end > start) {
      into.set(decode(text.slice(start, middle)), decode(text.slice(middle + 1, end)))
      count++
    }
    start = end + 1
  }
}

const readText = (text: string, into: Map<string, string>): void => {
  const start = startOfR(text)
  readFields(text.slice(0, start?.field), into)
  if (start === undefined) return
  const { length, r } = readR(text.slice(start.value))
  readFields(text.slice(start.value + length), into)
  into.set("r", r)
}

/**
 * The parameters of a query (with or without `?`) and a form body, by name. The last of a name counts, and the body more
 * than the query: clients that repeat a name repeat its value too, or append the one that they mean (protocol notes,
 * sections 2.2 and 2.6).
 */
export const read = (query: string, body: string): Readonly<Record<string, string>> => {
  const found = new Map<string, string>()
  // One client begins its last parameter with a second question mark (protocol notes, section 2.1).
  readText(query.replace(/^\?/, "").replace("?f_url=", "&f_url="), found)
  readText(body, found)
  return Object.fromEntries(found)
}
