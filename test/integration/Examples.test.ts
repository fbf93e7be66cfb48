/** The examples, each in a process of its own, on the built package. */
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import * as Process from "../rigs/Process.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** What each says, among other things, and in this order. */
const examples: Readonly<Record<string, ReadonlyArray<string>>> = {
  contacts: [
    "I am 小黄鸡, QQ number 10001.",
    "Friend 小明 in 同学, QQ number 10002",
    "Group 三年二班:",
    "  鸡同学 (member), online"
  ],
  "friend-message": ['The bot hears: 说 "你好" 😀[微笑]', "The friend hears: 你好[呲牙]"],
  "group-message": ["The bot hears 班长: 大家好[微笑]", "The member hears 鸡同学: 欢迎 [微笑]"],
  "discussion-group": ["周末去哪儿:", "  小黄鸡, online", "明明 says: 周六去爬山吧[太阳]"],
  "temporary-session": ["路人 hears, through a group: 我们同班[握手]", "The bot hears: 幸会"],
  profile: ["明明: 在爬山", "10004 asks: 我是路人，加个好友吧", "Friends now: 小黄鸡, 红姐, 路人甲"]
}

/** Needs a server of its own, and `webqq demo` runs the same conversation; is a test itself. */
const elsewhere = ["echo-bot", "testing-a-bot"]

describe("the examples", () => {
  it("are all here", () => {
    const files = readdirSync(`${root}/examples`).map((file) => file.replace(/\.ts$/, ""))
    assert.sameMembers(files, [...Object.keys(examples), ...elsewhere])
  })

  for (const [name, lines] of Object.entries(examples)) {
    it(`${name} runs, says what it should, and ends`, async () => {
      const args = ["--import", "tsx", `examples/${name}.ts`]
      const { code, stderr, stdout } = await Process.run(process.execPath, args, { cwd: root })
      assert.deepStrictEqual([code, stderr], [0, ""])
      const said = stdout.split("\n")
      assert.deepStrictEqual(
        said.filter((line) => lines.includes(line)),
        lines
      )
    })
  }
})
