/**
 * The lines that make a machine find the documented hosts at this server, and the file they belong into.
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Hosts from "../../server/Hosts.ts"
import * as AtomicFile from "../AtomicFile.ts"
import { BadInput } from "../Failure.ts"

/** Windows reads no more names of a line. */
const namesAtMost = 9

/** A line that a person can still read. */
const widthAtMost = 110

/** The lines of a hosts file that put all hosts at an address. */
export const lines = (address: string, hosts: ReadonlyArray<string> = Hosts.all): ReadonlyArray<string> => {
  const found: Array<string> = []
  let names: Array<string> = []
  const flush = () => {
    if (names.length > 0) found.push([address, ...names].join(" "))
    names = []
  }
  for (const host of hosts) {
    if (names.length === namesAtMost || [address, ...names, host].join(" ").length > widthAtMost) flush()
    names.push(host)
  }
  flush()
  return found
}

const begin = "# webqq: the lines up to the end mark are written by `webqq serve --hosts-file`"
const end = "# webqq: end"

/** The blocks of a file as [first line, last line]. A mark without its partner is a line like any other. */
const blocksOf = (text: ReadonlyArray<string>): ReadonlyArray<readonly [number, number]> => {
  const blocks: Array<readonly [number, number]> = []
  let first: number | undefined
  text.forEach((line, i) => {
    const mark = line.trimEnd()
    if (mark === begin) first = i
    if (mark !== end || first === undefined) return
    blocks.push([first, i])
    first = undefined
  })
  return blocks
}

/**
 * A hosts file with our block in it: in the place of the former one, or at the end. All other lines stay as they are,
 * and the block has the line ends of the file.
 */
export const insert = (text: string, block: ReadonlyArray<string>): string => {
  const eol = text.includes("\r\n") ? "\r\n" : "\n"
  const ours = [begin, ...block, end].map((line) => line + eol).join("")
  // Each line keeps its end; the last one may have none.
  const all = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const blocks = blocksOf(all)
  const [place] = blocks
  if (place === undefined) return `${text}${text === "" || text.endsWith("\n") ? "" : eol}${ours}`
  const others = (line: string, i: number) => (blocks.some(([first, last]) => i >= first && i <= last) ? "" : line)
  return all.map((line, i) => (i === place[0] ? ours : others(line, i))).join("")
}

/** Bytes as characters, because a hosts file may be in any encoding. */
const latin1 = {
  read: (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1"),
  write: (text: string) => Buffer.from(text, "latin1")
}

/** Readable by everybody, as a resolver must. */
const readable = 0o644

/**
 * Puts the block into a hosts file, which is made if it is not there; a link is followed, a file that is there keeps its
 * rights, and one that a container has mounted is written in place. Gives whether anything had to change.
 */
export const write = (
  path: string,
  block: ReadonlyArray<string>
): Effect.Effect<boolean, BadInput, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const there = yield* files.exists(path)
    const target = there ? yield* files.realPath(path) : path
    const before = there ? latin1.read(yield* files.readFile(target)) : ""
    const after = insert(before, block)
    if (there && after === before) return false
    const mode = there ? (yield* files.stat(target)).mode & 0o7777 : readable
    yield* AtomicFile.replaceOrWriteOver(target, latin1.write(after), mode)
    return true
  }).pipe(
    Effect.mapError(
      (error) =>
        new BadInput({
          message:
            `the hosts file ${path} cannot be written: ${AtomicFile.why(error)}. ` +
            "Run as a user who may, or leave out --hosts-file and copy the lines that are printed then."
        })
    )
  )
