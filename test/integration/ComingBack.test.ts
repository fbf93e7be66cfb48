/** `webqq echo` and `bot` in processes of their own, whose server starts later, is killed, and forgets everything. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { file, free, run, start } from "../rigs/Command.ts"

const world = (password: string) =>
  file(
    `coming-back-${password}.json`,
    JSON.stringify({
      accounts: [
        { number: 10001, password, nick: "小黄鸡", friends: [{ number: 10002 }] },
        { number: 10002, password: "webqq-10002", nick: "明明" }
      ]
    })
  )

let port = 0
const running = new Set<ReturnType<typeof start>>()

/** The server at the port of this test; nothing is kept when it is killed. */
const serve = async (password = "webqq-10001") => {
  const server = start(["serve", "--port", String(port), "--no-admin", "--world", world(password)])
  running.add(server)
  await server.until(/http:\/\/127\.0\.0\.1:\d+/)
  return server
}

const as = (account: number) => ({
  WEBQQ_UIN: String(account),
  WEBQQ_PASSWORD: `webqq-${account}`,
  WEBQQ_SERVER: `http://127.0.0.1:${port}`
})

const command = (name: string, ...flags: ReadonlyArray<string>) => {
  const bot = start([name, ...flags], as(10001))
  running.add(bot)
  return bot
}

const says = async (text: string) => assert.strictEqual((await run(["send", "小黄鸡", text], as(10002))).code, 0)

const isOnline = (times: number) => new RegExp(`(login2 +online[\\s\\S]*){${times}}`)

beforeAll(async () => {
  port = await free()
})

afterAll(async () => {
  for (const one of running) one.kill()
  await Promise.all([...running].map(({ done }) => done))
})

describe("a bot of the command line", () => {
  it("waits for its server, comes back after it, and ends when its password is refused, at the first try", async () => {
    const echo = command("echo")
    await echo.until(/webqq: The server could not be reached.*Trying again/, "stderr")

    const first = await serve()
    await echo.until(/waiting for messages/)
    await says("one")
    await echo.until(/→ one/)

    first.kill()
    await first.done
    const second = await serve()
    await echo.until(isOnline(2))
    await says("two")
    await echo.until(/→ two/)

    second.kill()
    await second.done
    await serve("another")
    const { code, stderr, stdout } = await echo.done
    assert.strictEqual(code, 1)
    assert.include(stderr.trim().split("\n").at(-1), "The password of 10001 was not accepted")
    // Each of the three logins asked once.
    assert.strictEqual(stdout.match(/^echo +check /gm)?.length, 3)
    assert.notMatch(stderr, /^ +at /m, "no stack trace")
  })

  it("obeys after a restart, too", async () => {
    for (const one of running) one.kill()
    await Promise.all([...running].map(({ done }) => done))
    const first = await serve()
    const bot = command("bot")
    await bot.until(/waiting for messages/)
    first.kill()
    await first.done
    await serve()
    await bot.until(isOnline(2))
    await says("exit")
    assert.strictEqual((await bot.done).code, 0)
  })
})

describe("a command that does not wait", () => {
  it("ends at once with one sentence where no server is", async () => {
    const nowhere = { ...as(10001), WEBQQ_SERVER: `http://127.0.0.1:${await free()}` }
    for (const args of [["send", "小黄鸡", "hi"], ["echo", "--no-wait"], ["bot", "--no-wait"], ["login"]]) {
      const { code, stderr, stdout } = await run(args, nowhere)
      assert.deepStrictEqual([code, stdout], [1, ""], args[0])
      assert.match(stderr, /^webqq: The server could not be reached for check[^\n]*\n$/, args[0])
    }
  })
})
