/**
 * `docs/protocol.md` is true: every endpoint and every heading of the two documents has its place, code and tests, and
 * every other request its row.
 */
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { SchemaAST } from "effect"
import { assert, describe, it } from "vitest"
import * as Programs from "../../src/programs/index.ts"
import { Handler } from "../../src/programs/server/index.ts"
import { extras } from "../../src/programs/server/legacy/index.ts"
import * as Protocol from "../../src/protocol/index.ts"
import { documents } from "./headings.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const text = readFileSync(`${root}/docs/protocol.md`, "utf8")
const lines = text.split("\n")

const cellsOf = (line: string): ReadonlyArray<string> =>
  line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim())

/** The rows of the table that begins with this header, cell by cell. */
const table = (header: string, from = 0): ReadonlyArray<ReadonlyArray<string>> => {
  const start = lines.indexOf(header, from)
  if (start < 0) throw new Error(`no table begins with ${header}`)
  const end = lines.findIndex((line, i) => i > start && !line.startsWith("|"))
  return lines.slice(start + 2, end).map(cellsOf)
}

const none = "–"
const code = (cell: string): ReadonlyArray<string> => [...cell.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner ?? "")
const only = (cell: string): string => code(cell)[0] ?? none

const rows = table("| Document | Section | Endpoint | Function | Handler | Server test | Sample test |").map(
  ([document = "", section = "", endpoint = "", fn = "", handler = "", server = "", sample = ""]) => ({
    place: `${document}, ${section}, ${endpoint}`,
    document,
    section,
    endpoint: only(endpoint),
    fn: only(fn),
    handler: only(handler),
    server,
    sample
  })
)

const endpoints = Protocol.Endpoints.all

/** What is wrong, in words; nothing is right. */
const complaints = <A>(items: ReadonlyArray<A>, complain: (item: A) => string | undefined): ReadonlyArray<string> =>
  items.flatMap((item) => complain(item) ?? [])

describe("the table of docs/protocol.md", () => {
  it("has a row for every endpoint, and every endpoint a handler", () => {
    const handled = new Set(Handler.routes.map(({ endpoint }) => endpoint.name))
    const found = complaints(endpoints, ({ name }) => {
      if (!handled.has(name)) return `${name} has no handler`
      return rows.some(({ endpoint }) => endpoint === name) ? undefined : `${name} has no row`
    })
    assert.deepStrictEqual(found, [])
  })

  it("has a row for every heading of the documents, with its requests", () => {
    const found = documents.flatMap(({ document, headings }) =>
      complaints(headings, ({ heading, requests }) => {
        const here = rows.filter((row) => row.document === document && row.section === heading)
        if (here.length === 0) return `${document}, ${heading}: no row`
        const missing = requests.filter((name) => !here.some(({ endpoint }) => endpoint === name))
        return missing.length === 0 ? undefined : `${document}, ${heading}: no row for ${missing.join(", ")}`
      })
    )
    assert.deepStrictEqual(found, [])
  })

  it("has no row for what is not there", () => {
    const known = new Set<string>(endpoints.map(({ name }) => name))
    const found = complaints(rows, ({ document, endpoint, place, section }) => {
      if (endpoint !== none && !known.has(endpoint)) return `${place}: no such endpoint`
      if (document === "R") return /^\d+(\.\d+)*$/.test(section) ? undefined : `${place}: no section of the reference`
      const headings = documents.find((one) => one.document === document)?.headings ?? []
      return headings.some(({ heading }) => heading === section) ? undefined : `${place}: no such heading`
    })
    assert.deepStrictEqual(found, [])
  })

  it("names functions that are exported", () => {
    const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...Protocol, ...Programs }
    const found = complaints(rows, ({ fn, place }) => {
      const [module = "", name = "", ...rest] = fn.split(".")
      return rest.length === 0 && modules[module]?.[name] !== undefined ? undefined : `${place}: no ${fn}`
    })
    assert.deepStrictEqual(found, [])
  })

  it("names the file of the handler", async () => {
    for (const { endpoint, handler, place } of rows) {
      assert.strictEqual(handler === none, endpoint === none, place)
      if (handler === none) continue
      const file = /^handlers\/([A-Za-z]+)\.ts$/.exec(handler)?.[1] ?? assert.fail(`${place}: ${handler}`)
      const { routes } = (await import(`../../src/programs/server/handlers/${file}.ts`)) as Pick<
        typeof Handler,
        "routes"
      >
      const here = routes.map((route) => route.endpoint.name as string)
      assert.include(here, endpoint, place)
    }
  })

  /** `path`: title. The title must stand in the file as it is. */
  const missingTest = (cell: string): string | undefined => {
    const [, file = "", title = ""] = /^`(test\/[^`]+\.ts)`: (.+)$/.exec(cell) ?? []
    if (!existsSync(`${root}/${file}`) || file === "") return `no test file in "${cell}"`
    const source = readFileSync(`${root}/${file}`, "utf8")
    return [`"${title}"`, `'${title}'`, `\`${title}\``].some((quoted) => source.includes(quoted))
      ? undefined
      : `${file} has no test "${title}"`
  }

  it("names a test against the server in every row", () => {
    assert.deepStrictEqual(
      complaints(rows, ({ place, server }) => {
        const missing = missingTest(server)
        return missing === undefined ? undefined : `${place}: ${missing}`
      }),
      []
    )
  })

  it("names a decoding test for everything that the documents print", () => {
    const printed = documents.flatMap(({ document, headings }) =>
      headings.filter(({ prints }) => prints !== undefined).map((heading) => ({ document, ...heading }))
    )
    const found = complaints(printed, ({ document, heading, prints }) => {
      const row = rows.find(
        (one) => one.document === document && one.section === heading && (prints === none || one.endpoint === prints)
      )
      return row !== undefined && row.sample !== none ? undefined : `${document}, ${heading}: no sample test`
    }).concat(
      complaints(rows, ({ place, sample }) => {
        const missing = sample === none ? undefined : missingTest(sample)
        return missing === undefined ? undefined : `${place}: ${missing}`
      })
    )
    assert.deepStrictEqual(found, [])
  })
})

describe("the requests beyond the documents", () => {
  /** Hosts that are counted stand there as the first and the last. */
  const hostsOf = (cell: string): ReadonlyArray<string> =>
    cell.includes(" to ")
      ? code(cell)
          .filter((host) => host.startsWith("face0."))
          .flatMap((host) => Array.from({ length: 11 }, (_, n) => host.replace("0", String(n))))
      : code(cell)
  const listed = table("| Path | Hosts | R | Answer |").flatMap(([paths = "", hosts = "", section = ""]) => {
    assert.match(section, /^\d+(\.\d+)*(, \d+(\.\d+)*)*$/)
    return code(paths).flatMap((path) => hostsOf(hosts).map((host) => host + path))
  })

  it("are those that the server answers, on their hosts", () => {
    assert.sameMembers(
      listed,
      extras.flatMap(({ hosts, paths }) => hosts.flatMap((host) => paths.map((path) => host + path)))
    )
  })
})

type Ast = SchemaAST.AST
const fieldsOf = (ast: Ast): SchemaAST.TypeLiteral["propertySignatures"] =>
  SchemaAST.isTypeLiteral(ast) ? ast.propertySignatures : SchemaAST.isTransformation(ast) ? fieldsOf(ast.from) : []

/** The members of the JSON in the form field `r`: the last step of the transformation from text. */
const membersOf = (ast: Ast): ReadonlyArray<string> => {
  if (!SchemaAST.isTransformation(ast)) return []
  const deeper = membersOf(ast.to)
  return deeper.length > 0 ? deeper : fieldsOf(ast.to).map(({ name }) => String(name))
}

const parametersOf = ({ request }: Protocol.Endpoint.Any): ReadonlyArray<string> =>
  fieldsOf(request.ast).flatMap(({ name, type }) => {
    const members = name === "r" ? membersOf(type) : []
    return members.length > 0 ? members.map((member) => `r.${member}`) : [String(name)]
  })

describe("the sections of docs/protocol.md", () => {
  for (const endpoint of endpoints) {
    it(`${endpoint.name} has method, path, host and exactly its parameters`, () => {
      const start = lines.indexOf(`### \`${endpoint.name}\``)
      assert.isAbove(start, 0, "no section")
      assert.include(lines[start + 2], `\`${endpoint.method} ${endpoint.path}\` on \`${endpoint.host}\``)
      const parameters = parametersOf(endpoint)
      if (parameters.length === 0) return
      assert.sameMembers(
        table("| Parameter | Meaning |", start).flatMap(([names = ""]) => code(names)),
        [...parameters]
      )
    })
  }

  it("are in no other number", () => {
    assert.sameMembers(
      lines.flatMap((line) => /^### `([^`]+)`$/.exec(line)?.[1] ?? []),
      endpoints.map(({ name }) => name)
    )
  })
})

describe("the dialects of docs/protocol.md", () => {
  const header = `| | ${Protocol.Dialects.all.map(({ name }) => `\`${name}\``).join(" | ")} |`
  const valueOf = (dialect: Protocol.Dialects.Dialect, path: string): unknown =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], dialect)

  for (const [label = "", ...cells] of table(header)) {
    // Rows whose name is in code style are fields of the value; what stands behind it explains.
    for (const path of label.startsWith("`") ? code(label.replace(/ \(.*/, "")) : []) {
      it(`${path} is as printed`, () => {
        assert.deepStrictEqual(
          cells.map(only),
          Protocol.Dialects.all.map((dialect) => String(valueOf(dialect, path)))
        )
      })
    }
  }
})
