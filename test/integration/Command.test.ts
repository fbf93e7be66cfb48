/** The built `webqq` command as a person runs it: processes, real sockets, signals, exit codes. */
import { existsSync, readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { version } from "../../src/programs/cli/version.ts"
import { file, free, main, run, start } from "../rigs/Command.ts"

let server: ReturnType<typeof start>
let url = ""

beforeAll(async () => {
  assert.isTrue(existsSync(main), "run `npm run build` first")
  server = start(["serve", "--port", "0", "--strict"])
  url = (await server.until(/http:\/\/127\.0\.0\.1:\d+/))[0]
})

afterAll(async () => {
  server.interrupt()
  const { code, stderr } = await server.done
  assert.deepStrictEqual([code, stderr], [0, ""])
})

const as = (account: number) => ({
  WEBQQ_UIN: String(account),
  WEBQQ_PASSWORD: `webqq-${account}`,
  WEBQQ_SERVER: url
})

describe("webqq demo", () => {
  it("shows the conversation and exits 0", async () => {
    const { code, stderr, stdout } = await run(["demo"])
    assert.strictEqual(stderr, "")
    assert.strictEqual(code, 0)
    const answers = stdout.split("\n").filter((line) => /^friend ←/.test(line))
    assert.isAtLeast(answers.length, 5)
    for (const words of ["你好，小黄鸡！", "😀", "[微笑]", "登录成功", "小明 (10002, nick 明明) in 同学"]) {
      assert.include(stdout, words)
    }
    assert.strictEqual(stdout.match(/logout2/g)?.length, 2)
    assert.notInclude(stdout, "\u001b")
  })

  it("ends cleanly on Ctrl-C, wherever it is", async () => {
    for (const moment of [/^server/m, /^bot +check/m, /^bot +login2/m, /^friend →/m]) {
      const demo = start(["demo"])
      await demo.until(moment)
      demo.interrupt()
      const { code, stderr, stdout } = await demo.done
      assert.deepStrictEqual([code, stderr], [0, ""], String(moment))
      const logins = stdout.match(/^\w+ +login2/gm)?.length ?? 0
      assert.strictEqual(stdout.match(/^\w+ +logout2/gm)?.length ?? 0, logins, stdout)
    }
  })
})

describe("webqq serve, echo and send", () => {
  it("work together in processes of their own; Ctrl-C logs the bot out", async () => {
    const bot = start(["echo"], as(10001))
    await bot.until(/waiting for messages/)
    const sent = await run(["send", "小黄鸡", "你好 😀[微笑]"], as(10002))
    assert.deepStrictEqual([sent.code, sent.stderr], [0, ""])
    assert.match(sent.stdout, /→ 小黄鸡: 你好 😀\[微笑\] \(message \d+\)/)
    assert.match(sent.stdout, /logged out/)
    await bot.until(/← 小明: 你好 😀\[微笑\][\s\S]*→ 你好 😀\[微笑\]/)
    bot.interrupt()
    const { code, stderr, stdout } = await bot.done
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.match(stdout, /logout2 +logged out/)
  })

  it("a bot that is kicked says so and exits 1", async () => {
    const bot = start(["echo"], as(10003))
    await bot.until(/waiting for messages/)
    const other = start(["echo"], as(10003))
    const { code, stderr } = await bot.done
    assert.strictEqual(code, 1)
    assert.strictEqual(
      stderr,
      "webqq: The server ended this session: 您的帐号在另一地点登录，您已被迫下线。 Log in again if this is the place to stay.\n"
    )
    other.interrupt()
    assert.strictEqual((await other.done).code, 0)
  })

  it("takes the password from a file, and friends by remark, nick or number", async () => {
    const path = file("password", "webqq-10001\n")
    const { WEBQQ_PASSWORD: _, ...env } = as(10001)
    for (const to of ["小明", "明明", "10002"]) {
      const { code, stderr, stdout } = await run(["send", "--password-file", path, to, "hi"], env)
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.include(stdout, "→ 小明: hi")
    }
  })
})

describe("webqq send, where names are no help", () => {
  const person = (number: number, nick: string) => ({ number, password: `webqq-${number}`, nick })
  const names = ["小明", "小明", "\u001b[2J\u202eevil\nname"]
  const people = {
    accounts: [
      { ...person(10001, "我"), friends: names.map((_, i) => ({ number: 20001 + i, category: "同学" })) },
      ...names.map((nick, i) => person(20001 + i, nick))
    ]
  }
  let busy: ReturnType<typeof start>
  let env: Record<string, string>

  beforeAll(async () => {
    busy = start(["serve", "--port", "0", "--no-admin", "--world", file("names.json", JSON.stringify(people))])
    env = { ...as(10001), WEBQQ_SERVER: (await busy.until(/http:\/\/127\.0\.0\.1:\d+/))[0] }
  })
  afterAll(async () => {
    busy.interrupt()
    await busy.done
  })

  it("lists everybody of a name with the number", async () => {
    const { code, stderr } = await run(["send", "小明", "hi"], env)
    assert.strictEqual(
      stderr,
      "webqq: 2 friends are called 小明: 小明 (20001) in 同学; 小明 (20002) in 同学. Give the QQ number of the one you mean.\n"
    )
    assert.strictEqual(code, 2)
    assert.strictEqual((await run(["send", "20002", "hi"], env)).code, 0)
  })

  it("prints no name as it came", async () => {
    const { code, stderr } = await run(["send", "nobody", "hi"], env)
    assert.strictEqual(stderr, "webqq: no friend is called nobody. The friends are: 小明, 小明, �[2J�evil⏎name.\n")
    assert.strictEqual(code, 2)
    const sent = await run(["send", "20003", "a\nb\u202ec"], env)
    assert.match(sent.stdout, /→ �\[2J�evil⏎name: a⏎b�c \(message \d+\)\n/)
  })
})

describe("bad input", () => {
  const world = (text: string) => ["serve", "--port", "0", "--world", file("world.json", text)]
  const cases: ReadonlyArray<
    readonly [name: string, code: number, sentence: RegExp, args: () => ReadonlyArray<string>, env?: () => object]
  > = [
    [
      "a wrong password",
      1,
      /The password of 10001 was not accepted: 您输入的帐号或密码不正确，请重新输入。 Check number and password\./,
      () => ["echo"],
      () => ({ WEBQQ_PASSWORD: "wrong" })
    ],
    [
      "an unknown number",
      1,
      /The server does not know the account 99999\. Check the number\./,
      () => ["echo", "--uin", "99999"]
    ],
    [
      "a server that is not reachable",
      1,
      /The server could not be reached for check: .*ECONNREFUSED.*\. Check that it runs and that its address is right\./,
      () => ["send", "小明", "x"],
      () => ({ WEBQQ_SERVER: "http://127.0.0.1:9" })
    ],
    ["a number that is none", 2, /--uin \(or WEBQQ_UIN\) is no QQ number: ten\./, () => ["echo", "--uin", "ten"]],
    [
      "no number",
      2,
      /no account: set WEBQQ_UIN or give --uin NUMBER\./,
      () => ["echo"],
      () => ({ WEBQQ_UIN: undefined })
    ],
    [
      "no password",
      2,
      /no password: set WEBQQ_PASSWORD, or name a file/,
      () => ["echo"],
      () => ({ WEBQQ_PASSWORD: undefined })
    ],
    ["an empty password", 2, /no password: set/, () => ["echo"], () => ({ WEBQQ_PASSWORD: "" })],
    [
      "a password file that is missing",
      2,
      /the password file nowhere cannot be read/,
      () => ["echo", "--password-file", "nowhere"]
    ],
    [
      "an address that is none",
      2,
      /--server \(or WEBQQ_SERVER\) is no URL: localhost:1\./,
      () => ["echo", "--server", "localhost:1"]
    ],
    [
      "a friend who is none",
      2,
      /no friend is called 无名\. The friends are: 小明, 阿红\./,
      () => ["send", "无名", "x"]
    ],
    ["nothing to send", 2, /there is nothing to send/, () => ["send", "小明", ""]],
    ["a world file that is missing", 2, /the world file nowhere cannot be read/, () => ["serve", "--world", "nowhere"]],
    ["a world file that is no JSON", 2, /world\.json cannot be used: it is not a JSON object/, () => world("{")],
    [
      "a world file with a mistake",
      2,
      /world\.json cannot be used: accounts\[0\]\.password is missing\. Correct it/,
      () => world('{"accounts":[{"number":10001,"nick":"A"}]}')
    ],
    ["a port that is none", 2, /--port 70000 is no port/, () => ["serve", "--port", "70000"]],
    [
      "a port in use",
      2,
      /port \d+ is in use\. Choose another one with --port\./,
      () => ["serve", "--port", new URL(url).port]
    ],
    ["an unknown flag", 2, /--nonsense/, () => ["echo", "--nonsense"]],
    ["a missing argument", 2, /text/, () => ["send", "小明"]]
  ]
  for (const [name, code, sentence, args, env] of cases) {
    it(`${name}: one sentence, exit code ${code}`, async () => {
      const given = Object.entries({ ...as(10001), ...env?.() }).filter(([, value]) => value !== undefined)
      const result = await run(args(), Object.fromEntries(given) as Record<string, string>)
      const shown = `${result.stdout}${result.stderr}`
      assert.match(shown, sentence)
      assert.strictEqual(result.code, code, shown)
      assert.notMatch(shown, /\n\s+at |node_modules|webqq-10001|Error:/)
    })
  }

  it("a server that is no WebQQ server", async () => {
    const page = createServer((_, response) => response.end("<html>hello</html>"))
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve))
    const { port } = page.address() as AddressInfo
    const { code, stderr } = await run(["echo", "--no-wait"], {
      ...as(10001),
      WEBQQ_SERVER: `http://127.0.0.1:${port}`
    })
    page.close()
    assert.strictEqual(code, 1)
    assert.match(
      stderr,
      /^webqq: The server's answer to check is not what the protocol promises \(.*\); it began: <html>hello<\/html>\. .*\n$/
    )
  })

  it("an address at which nobody listens any more", async () => {
    const { code } = await run(["echo", "--no-wait"], {
      ...as(10001),
      WEBQQ_SERVER: `http://127.0.0.1:${await free()}`
    })
    assert.strictEqual(code, 1)
  })
})

it("the command's version is the package's", async () => {
  const { version: packaged } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly version: string
  }
  assert.strictEqual(version, packaged)
  assert.include((await run(["--version"])).stdout, packaged)
})
