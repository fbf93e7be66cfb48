/** The block in a hosts file. */
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { FileSystem, Error as PlatformError } from "@effect/platform"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, FastCheck, Layer } from "effect"
import * as HostsFile from "../../../src/programs/cli/serve/HostsFile.ts"
import * as Hosts from "../../../src/programs/server/Hosts.ts"
import { temporaryDirectory } from "../../rigs/Files.ts"

const block = ["127.0.0.1 a.qq.com b.qq.com", "127.0.0.1 c.qq.com"]
const other = ["10.0.0.1 a.qq.com"]
const mark = HostsFile.insert("", [])
const [begin = "", end = ""] = mark.split("\n")

describe("the lines", () => {
  it("name every host once, after the address, at most nine in a line", () => {
    const lines = HostsFile.lines("192.168.1.2").map((line) => line.split(" "))
    assert.deepStrictEqual(
      lines.flatMap(([, ...hosts]) => hosts),
      [...Hosts.all]
    )
    for (const [address, ...hosts] of lines) {
      assert.strictEqual(address, "192.168.1.2")
      assert.isTrue(hosts.length >= 1 && hosts.length <= 9)
    }
    assert.isBelow(lines.length, Hosts.all.length / 3)
  })
})

describe("the block", () => {
  it("goes to the end, and later into its own place", () => {
    const before = "127.0.0.1 localhost\n::1 localhost"
    const once = HostsFile.insert(before, block)
    assert.strictEqual(once, `${before}\n${begin}\n${block.join("\n")}\n${end}\n`)
    const grown = `${once}# mine\n10.1.1.1 printer`
    assert.strictEqual(
      HostsFile.insert(grown, other),
      `${before}\n${begin}\n${other[0]}\n${end}\n# mine\n10.1.1.1 printer`
    )
  })

  it("has the line ends of the file", () => {
    assert.strictEqual(HostsFile.insert("a\r\nb", other), `a\r\nb\r\n${begin}\r\n${other[0]}\r\n${end}\r\n`)
  })

  it("is there once, even if it was copied", () => {
    const once = HostsFile.insert("first\n", block)
    assert.strictEqual(
      HostsFile.insert(`${once}middle\n${once}`, other),
      `first\n${begin}\n${other[0]}\n${end}\nmiddle\nfirst\n`
    )
  })

  it("takes no line with it where a mark stands alone", () => {
    const text = `${begin}\nmine\n`
    const once = HostsFile.insert(text, block)
    assert.isTrue(once.startsWith(text))
    assert.strictEqual(HostsFile.insert(once, block), once)
    const ended = `${end}\nmine\n`
    assert.strictEqual(HostsFile.insert(ended, block), `${ended}${HostsFile.insert("", block)}`)
  })

  const line = FastCheck.oneof(
    FastCheck.constantFrom(begin, end, "", "127.0.0.1 localhost", "# 注释", ...block),
    FastCheck.string()
  )
  const file = FastCheck.tuple(
    FastCheck.array(line, { maxLength: 12 }),
    FastCheck.constantFrom("\n", "\r\n"),
    FastCheck.boolean()
  ).map(([lines, eol, ended]) => lines.join(eol) + (ended ? eol : ""))

  it("put in twice is as put in once, and what came last counts", () => {
    FastCheck.assert(
      FastCheck.property(file, (text) => {
        const once = HostsFile.insert(text, block)
        assert.strictEqual(HostsFile.insert(once, block), once)
        assert.strictEqual(HostsFile.insert(HostsFile.insert(text, other), block), once)
        const eol = text.includes("\r\n") ? "\r\n" : "\n"
        assert.include(once, [begin, ...block, end].map((one) => one + eol).join(""))
      }),
      { numRuns: 500 }
    )
  })

  it("leaves the lines of others as they are", () => {
    const foreign = file.filter((text) => !text.includes(begin) && !text.includes(end))
    FastCheck.assert(
      FastCheck.property(foreign, foreign, (before, after) => {
        const once = HostsFile.insert(before, block)
        assert.isTrue(once.startsWith(before))
        const replaced = HostsFile.insert(once + after, other)
        assert.isTrue(replaced.startsWith(before))
        assert.isTrue(replaced.endsWith(after))
        const [first, last] = [replaced.indexOf(begin), replaced.indexOf(end)]
        const around = replaced.slice(0, first) + replaced.slice(last + end.length).replace(/^\r?\n/, "")
        assert.strictEqual(around.replace(/\r?\n/g, ""), (before + after).replace(/\r?\n/g, ""))
      }),
      { numRuns: 500 }
    )
  })
})

describe("the file", () => {
  const write = (path: string, lines: ReadonlyArray<string>) =>
    Effect.provide(HostsFile.write(path, lines), NodeFileSystem.layer)

  it.scoped("is replaced as a whole, byte by byte the same elsewhere, with its rights, behind its link", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const path = join(directory, "hosts")
      // A comment in GBK, as on a Chinese Windows: no UTF-8.
      const before = Buffer.concat([Buffer.from("# "), Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), Buffer.from("\n")])
      writeFileSync(path, before)
      chmodSync(path, 0o664)
      symlinkSync(path, join(directory, "link"))
      assert.isTrue(yield* write(join(directory, "link"), block))
      assert.isFalse(yield* write(path, block))
      const after = readFileSync(path)
      assert.deepStrictEqual(after.subarray(0, before.length), before)
      assert.strictEqual(after.subarray(before.length).toString(), HostsFile.insert("", block))
      assert.strictEqual(statSync(path).mode & 0o777, 0o664)
      assert.sameMembers(readdirSync(directory), ["hosts", "link"])
    })
  )

  /** The platform's files, but that some of their calls are refused by the system. */
  const refusing = (code: string, ...calls: ReadonlyArray<"rename" | "writeFile" | "open">) =>
    Layer.map(NodeFileSystem.layer, (context) => {
      const files = Context.get(context, FileSystem.FileSystem)
      const refuse = (path: string) =>
        Effect.fail(
          new PlatformError.SystemError({
            module: "FileSystem",
            method: "",
            reason: code === "EBUSY" ? "Busy" : "Unknown",
            pathOrDescriptor: path,
            cause: Object.assign(new Error(code), { code })
          })
        )
      const refused = Object.fromEntries(calls.map((call) => [call, refuse]))
      return Context.add(context, FileSystem.FileSystem, { ...files, ...refused })
    })
  const former = Buffer.from("127.0.0.1 localhost\n# 中文, and enough to be longer than the block\n".repeat(200))

  it.scoped.each([
    ["is mounted", "EBUSY", ["rename"]],
    ["stands in a directory that cannot be written", "EROFS", ["writeFile"]],
    ["belongs to somebody else, in a directory where nobody may remove it", "EPERM", ["rename"]]
  ] as const)("is written in place where it %s", ([, code, calls]) =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const path = join(directory, "hosts")
      writeFileSync(path, former)
      const { ino } = statSync(path)
      const put = (lines: ReadonlyArray<string>) =>
        Effect.provide(HostsFile.write(path, lines), refusing(code, ...calls))
      assert.isTrue(yield* put(block))
      assert.strictEqual(readFileSync(path, "latin1"), HostsFile.insert(former.toString("latin1"), block))
      // A shorter block leaves nothing of the longer one.
      assert.isTrue(yield* put(["127.0.0.1 a"]))
      assert.strictEqual(readFileSync(path, "latin1"), HostsFile.insert(former.toString("latin1"), ["127.0.0.1 a"]))
      assert.strictEqual(statSync(path).ino, ino)
      assert.deepStrictEqual(readdirSync(directory), ["hosts"])
    })
  )

  it.scoped("stays as it was where it can be neither replaced nor written, or there is no room", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const path = join(directory, "hosts")
      writeFileSync(path, former)
      for (const [layer, why] of [
        [refusing("EROFS", "rename", "writeFile", "open"), /cannot be written: its file system can only be read\./],
        [refusing("ENOSPC", "writeFile"), /cannot be written: the disk is full\./]
      ] as const) {
        const { message } = yield* Effect.flip(Effect.provide(HostsFile.write(path, block), layer))
        assert.match(message, why)
        assert.deepStrictEqual(readFileSync(path), former)
        assert.deepStrictEqual(readdirSync(directory), ["hosts"])
      }
    })
  )

  it.scoped("is made if it is not there; a place where it cannot be is told in a sentence", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const path = join(directory, "hosts")
      assert.isTrue(yield* write(path, block))
      assert.strictEqual(readFileSync(path, "utf8"), HostsFile.insert("", block))
      assert.strictEqual(statSync(path).mode & 0o777, 0o644)
      const { message } = yield* Effect.flip(write(join(directory, "none", "hosts"), block))
      assert.match(message, /^the hosts file .*hosts cannot be written: its directory is not there\. Run as a user who/)
      assert.match((yield* Effect.flip(write(directory, block))).message, /^the hosts file .* cannot be written: /)
    })
  )
})
