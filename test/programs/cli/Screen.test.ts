/** How far a QR login is, on a terminal and in a pipe; and what a code may say. */
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FastCheck as fc, Option } from "effect"
import * as Print from "../../../src/programs/cli/Print.ts"
import type * as Screen from "../../../src/programs/cli/Screen.ts"
import * as Shell from "../../../src/programs/cli/Shell.ts"
import * as Terminal from "../../../src/programs/cli/Terminal.ts"
import * as QrImage from "../../../src/programs/server/pictures/QrImage.ts"
import { QrLogin } from "../../../src/protocol/index.ts"
import { captured } from "../../rigs/Captured.ts"
import { temporaryDirectory } from "../../rigs/Files.ts"

const { State } = QrLogin
const code = (content: string, number = 1) => State.Code({ png: QrImage.png(content), number })

/** What a person sees of these states. */
const shown = (size: Option.Option<Screen.Size>, ...states: ReadonlyArray<QrLogin.State>) =>
  Effect.gen(function* () {
    const directory = yield* temporaryDirectory
    const { out } = yield* captured(
      Effect.gen(function* () {
        const show = yield* Terminal.qrLogin(Print.voice("login", "green"), Effect.succeed(size))
        for (const state of states) yield* show(state)
      })
    ).pipe(
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["WEBQQ_STATE", directory]]))),
      Effect.provide(NodeContext.layer)
    )
    return out.join("\n").split("\n")
  })

const pipe = Option.none<Screen.Size>()
const terminal = Option.some({ columns: 200, rows: 60 })

/** What stands on a terminal of that size in the end: only what this program uses is understood. */
const onScreen = (lines: ReadonlyArray<string>, { columns }: Screen.Size): ReadonlyArray<string> => {
  const rows: Array<string> = []
  for (const line of lines) {
    const [, up, rest = line] = /^\u001b\[(\d+)F\u001b\[J(.*)$/.exec(line) ?? []
    if (up !== undefined) rows.splice(rows.length - Number(up))
    const cells = Array.from(rest)
    do rows.push(cells.splice(0, columns).join(""))
    while (cells.length > 0)
  }
  return rows
}

describe("a QR code in the terminal", () => {
  const states = [
    code("http://txz.qq.com/p?k=0123&f=501004106"),
    State.Waiting(),
    State.Scanned(),
    State.Expired(),
    code("http://txz.qq.com/p?k=4567&f=501004106", 2),
    State.Waiting()
  ]

  it.scoped("that expired gives its place to the next one", () =>
    Effect.gen(function* () {
      for (const columns of [200, 45, 40]) {
        const size = { columns, rows: 60 }
        const screen = onScreen(yield* shown(Option.some(size), ...states), size)
        assert.match(screen[0] ?? "", /^login +qr +the code expired$/)
        assert.notInclude(screen.join(""), "k=0123")
        assert.notInclude(screen.join(""), "webqq scan 0123")
        assert.include(screen.join(""), "webqq scan 4567 --as NUMBER")
        assert.include(screen.join(""), "scan this code, number 2, with a phone")
        assert.match(screen.join(""), /waiting for somebody to scan the code$/)
      }
    })
  )

  it.scoped("that has partly left the screen, or is in a pipe, is called useless", () =>
    Effect.gen(function* () {
      for (const size of [pipe, Option.some({ columns: 80, rows: 10 })]) {
        const lines = yield* shown(size, ...states)
        assert.notInclude(lines.join(""), "\u001b[")
        assert.lengthOf(
          lines.filter((line) => /qr +the code expired: the one above is of no use any more$/.test(line)),
          1
        )
      }
    })
  )

  it.scoped("offers what it says for copying if that is harmless", () =>
    Effect.gen(function* () {
      const offer = (content: string) =>
        Effect.map(shown(terminal, code(content)), (lines) => lines.filter((line) => line.includes("webqq scan")))
      assert.deepStrictEqual(yield* offer("http://txz.qq.com/p?k=aB3-_.&f=5"), [
        "on this project's own server: webqq scan aB3-_. --as NUMBER"
      ])
      for (const content of [
        "$(reboot)",
        "a;reboot",
        "a`reboot`",
        "--reject",
        "http://txz.qq.com/p?k=%24%28reboot%29",
        "http://txz.qq.com/p?k=%1b%5b2J",
        "a\nreboot",
        "\u202eabc",
        "a b",
        "a".repeat(300)
      ]) {
        assert.deepStrictEqual(yield* offer(content), [], content)
      }
    })
  )
})

describe("words for a shell", () => {
  it.prop("that are harmless stand as they are", [fc.string({ unit: "binary" })], ([word]) => {
    if (Shell.isHarmless(word)) assert.strictEqual(Shell.quoted(word), word)
  })

  it("that are not are quoted", () => {
    assert.strictEqual(Shell.quoted("/home/a b/$HOME"), "'/home/a b/$HOME'")
    assert.strictEqual(Shell.quoted("it's"), "'it'\\''s'")
    assert.strictEqual(Shell.quoted(""), "''")
  })
})
