/** `webqq login` and `webqq scan` as a person runs them: processes, real sockets, kept files, exit codes. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { Option } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as QrText from "../../src/programs/cli/QrText.ts"
import { file, folder, free, main, run, start } from "../rigs/Command.ts"

/** A strict server, which says what it refuses, and has nothing else to say when it stops. */
const serve = async (...args: ReadonlyArray<string>) => {
  const server = start(["serve", "--port", "0", "--strict", ...args])
  const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/)
  const stop = async () => {
    server.interrupt()
    const { code, stderr } = await server.done
    const others = stderr
      .split("\n")
      .filter((line) => !/ refused \w+: |^ {2}(module: server|package: effect-webqq)$|^$/.test(line))
    assert.deepStrictEqual([code, others], [0, []])
  }
  return { url, stop }
}

let server: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  assert.isTrue(existsSync(main), "run `npm run build` first")
  server = await serve()
})

afterAll(() => server.stop())

/** A state directory of its own, and who logs in where. */
const setting = (name: string, { url }: { readonly url: string } = server) => {
  const state = join(folder, name)
  const env = (account: number) => ({ WEBQQ_STATE: state, WEBQQ_SERVER: url, WEBQQ_UIN: String(account) })
  return {
    state,
    /** Without a password. */
    known: env,
    as: (account: number, password = `webqq-${account}`) => ({ ...env(account), WEBQQ_PASSWORD: password }),
    sessionOf: (account: number | "qr") => join(state, new URL(url).host.replace(":", "_"), `${account}.json`)
  }
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const noTrace = /\n\s+at |node_modules|Error:/

describe("webqq login", () => {
  it("logs in by password, and keeps the session for its owner's eyes alone", async () => {
    const { as, sessionOf, state } = setting("password")
    const { code, stderr, stdout } = await run(["login"], as(10001))
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.match(
      stdout,
      /^login +check +no captcha wanted.*\nlogin +login +登录成功！ 小黄鸡\nlogin +check_sig .*\nlogin +login2 +online as 10001\n/
    )
    assert.include(stdout, "you are 小黄鸡 (10001)")
    assert.include(stdout, `the session is kept in ${sessionOf(10001)}; go on with --resume`)
    assert.notInclude(stdout, "logged out")
    assert.strictEqual(modeOf(sessionOf(10001)), "600")
    assert.strictEqual(modeOf(dirname(sessionOf(10001))), "700")
    assert.strictEqual(modeOf(state), "700")
    const kept = readFileSync(sessionOf(10001), "utf8")
    assert.notInclude(kept + stdout, "webqq-10001")
    for (const name of ["ptwebqq", "vfwebqq", "psessionid"]) {
      assert.notInclude(stdout, JSON.parse(kept).credentials[name])
    }
  })

  it("--resume goes on without a password, as often as wanted", async () => {
    const { as, known, sessionOf } = setting("resume")
    await run(["login"], as(10001))
    chmodSync(sessionOf(10001), 0o644)
    for (const _ of [1, 2]) {
      const { code, stderr, stdout } = await run(["login", "--resume"], known(10001))
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.match(stdout, /^login +resume +the kept session of 10001 still holds\nlogin +you are 小黄鸡 \(10001\)\n/)
      assert.strictEqual(modeOf(sessionOf(10001)), "600")
    }
  })

  it("--resume without a kept session, or with a dead one, wants the password", async () => {
    const { as, known, sessionOf } = setting("nothing kept")
    const missing = await run(["login", "--resume"], known(10002))
    assert.strictEqual(missing.code, 2)
    assert.match(missing.stderr, /^webqq: no password: set WEBQQ_PASSWORD, or name a file with --password-file\.\n$/)
    const first = await run(["login", "--resume"], as(10002))
    assert.deepStrictEqual([first.code, first.stderr], [0, ""])
    // The same session, but on a server that does not know it.
    const second = await serve()
    const other = setting("nothing kept", second)
    mkdirSync(dirname(other.sessionOf(10002)), { recursive: true })
    writeFileSync(other.sessionOf(10002), readFileSync(sessionOf(10002)))
    const dead = await run(["login", "--resume"], other.known(10002))
    assert.strictEqual(dead.code, 2)
    assert.match(dead.stderr, /^webqq: no password/)
    assert.strictEqual(readFileSync(other.sessionOf(10002), "utf8"), readFileSync(sessionOf(10002), "utf8"))
    const anew = await run(["login", "--resume"], other.as(10002))
    assert.deepStrictEqual([anew.code, anew.stderr], [0, ""])
    assert.match(anew.stdout, /login2 +online as 10002/)
    assert.match((await run(["login", "--resume"], other.known(10002))).stdout, /still holds/)
    await second.stop()
  })

  it("--resume with a server that is gone exits 1 and leaves the kept session alone", async () => {
    const { as, sessionOf } = setting("gone")
    await run(["login"], as(10001))
    const gone = setting("gone", { url: `http://127.0.0.1:${await free()}` })
    mkdirSync(dirname(gone.sessionOf(10001)), { recursive: true })
    const kept = readFileSync(sessionOf(10001), "utf8")
    writeFileSync(gone.sessionOf(10001), kept)
    const { code, stderr } = await run(["login", "--resume"], gone.as(10001))
    assert.strictEqual(code, 1)
    assert.match(stderr, /^webqq: The server could not be reached for get_online_buddies2: .*ECONNREFUSED.*\n$/)
    assert.strictEqual(readFileSync(gone.sessionOf(10001), "utf8"), kept)
  })

  for (const flags of [["--resume"], []]) {
    it(`a damaged file is reported and put aside, and the login goes on (${flags[0] ?? "without --resume"})`, async () => {
      const { as, sessionOf } = setting(`damaged ${flags.length}`)
      mkdirSync(dirname(sessionOf(10001)), { recursive: true })
      writeFileSync(sessionOf(10001), '{"version":2}')
      const { code, stderr, stdout } = await run(["login", ...flags], as(10001))
      assert.strictEqual(code, 0)
      assert.include(stdout, "you are 小黄鸡 (10001)")
      assert.match(
        stderr,
        /WARN.*the kept session is damaged or none of ours; it was put aside as 10001\.json\.aside-\d+/
      )
      assert.strictEqual(stderr.match(/WARN/g)?.length, 1)
      const [aside = ""] = readdirSync(dirname(sessionOf(10001))).filter((name) => name.includes("aside"))
      assert.strictEqual(readFileSync(join(dirname(sessionOf(10001)), aside), "utf8"), '{"version":2}')
      assert.match((await run(["login", "--resume"], as(10001))).stdout, /still holds/)
    })
  }

  it("a state directory that cannot be written is a warning, and no reason to stop", async () => {
    const { as } = setting("file/below")
    file("file", "not a directory")
    const { code, stderr, stdout } = await run(["login"], as(10001))
    assert.strictEqual(code, 0)
    assert.include(stdout, "you are 小黄鸡 (10001)")
    assert.match(stderr, /WARN.*could not be/)
    assert.notMatch(stderr, noTrace)
    assert.notInclude(stdout, "the session is kept")
  })

  it("after three wrong passwords a captcha is wanted: shown and kept as a file, but nobody is there to read it", async () => {
    const { as, state } = setting("captcha")
    for (const _ of [1, 2, 3]) {
      const { code, stderr } = await run(["login"], as(10003, "wrong"))
      assert.strictEqual(code, 1)
      assert.match(
        stderr,
        /^webqq: The password of 10003 was not accepted: 您输入的帐号或密码不正确，请重新输入。 Check number and password\.\n$/
      )
    }
    const { code, stderr, stdout } = await run(["login"], as(10003))
    assert.strictEqual(code, 1)
    assert.match(stderr, /^webqq: The server wants a captcha for 10003\. .*\n$/)
    const picture = join(state, "captcha-10003.png")
    assert.include(stdout, `captcha for 10003, also in ${picture}`)
    assert.deepStrictEqual([...readFileSync(picture).subarray(1, 4)].map((c) => String.fromCharCode(c)).join(""), "PNG")
    assert.isFalse(existsSync(join(state, new URL(server.url).host.replace(":", "_"))))
  })

  it("a frozen account is told so", async () => {
    const world = file("frozen.json", '{"accounts":[{"number":10001,"password":"x","nick":"A","frozen":true}]}')
    const { as } = setting("frozen", await serve("--world", world))
    const { code, stderr } = await run(["login"], as(10001, "x"))
    assert.strictEqual(code, 1)
    assert.match(stderr, /^webqq: The account 10001 may not log in now \(Frozen, code 0\): 您的帐号暂时无法登录.*\n$/)
  })
})

describe("webqq login --qr and webqq scan", () => {
  const scan = (env: Record<string, string>, ...args: ReadonlyArray<string>) => run(["scan", ...args], env)
  const ticketOf = async (login: ReturnType<typeof start>) =>
    (await login.until(/webqq scan ([0-9a-f]{32}) --as NUMBER/))[1] ?? assert.fail("no ticket")

  it("whoever scans and confirms is logged in, and can resume", async () => {
    const { as, known, sessionOf, state } = setting("qr")
    const login = start(["login", "--qr"], known(1))
    const ticket = await ticketOf(login)
    await login.until(/qr +waiting for somebody to scan the code/)
    const picture = Option.getOrThrow(QrText.contentOf(readFileSync(join(state, "qr.png"))))
    assert.strictEqual(picture, `http://txz.qq.com/p?k=${ticket}&f=501004106`)
    const phone = await scan(as(10002), ticket, "--as", "10002")
    assert.deepStrictEqual([phone.code, phone.stderr], [0, ""])
    assert.match(phone.stdout, /^phone +scanned\nphone +confirmed as 10002\n$/)
    const { code, stderr, stdout } = await login.done
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.match(stdout, /[▀▄█]{20}/)
    assert.include(stdout, `scan this code with a phone; also in ${join(state, "qr.png")}`)
    assert.match(stdout, /qr +confirmed on the phone\nlogin +login +登录成功！ 明明\n/)
    assert.include(stdout, "you are 明明 (10002)")
    assert.strictEqual(modeOf(sessionOf("qr")), "600")
    const again = await run(["login", "--qr", "--resume"], known(1))
    assert.deepStrictEqual([again.code, again.stderr], [0, ""])
    assert.match(again.stdout, /^login +resume +the kept session of 10002 still holds\n/)
    assert.notInclude(again.stdout, "scan this code")
  })

  it("takes what the code says, or its ticket; another account later puts the former session aside", async () => {
    const { as, known, sessionOf } = setting("two people")
    for (const [account, content] of [
      [10001, (ticket: string) => `http://txz.qq.com/p?k=${ticket}&f=501004106`],
      [10002, (ticket: string) => ticket]
    ] as const) {
      const login = start(["login", "--qr"], known(1))
      const phone = await scan(as(account), "--as", String(account), content(await ticketOf(login)))
      assert.deepStrictEqual([phone.code, phone.stderr], [0, ""])
      const { code, stdout } = await login.done
      assert.strictEqual(code, 0)
      assert.include(stdout, `(${account})`)
    }
    assert.strictEqual(JSON.parse(readFileSync(sessionOf("qr"), "utf8")).credentials.account, 10002)
    assert.strictEqual(readdirSync(dirname(sessionOf("qr"))).length, 2)
  })

  it("--reject refuses the login, which then says so and exits 1", async () => {
    const { as, known, sessionOf } = setting("reject")
    const login = start(["login", "--qr"], known(1))
    const phone = await scan(as(10001), await ticketOf(login), "--as", "10001", "--reject")
    assert.deepStrictEqual([phone.code, phone.stderr], [0, ""])
    assert.match(phone.stdout, /^phone +scanned\nphone +refused\n$/)
    const { code, stderr } = await login.done
    assert.strictEqual(code, 1)
    assert.strictEqual(
      stderr,
      "webqq: The login was refused on the phone: 您已拒绝本次登录。 Start it again if that was a mistake.\n"
    )
    assert.isFalse(existsSync(sessionOf("qr")))
  })

  it("scan: a wrong password at a code that is shown: one sentence, exit code 2", async () => {
    const { as, known } = setting("guess")
    const login = start(["login", "--qr"], known(1))
    const env = { ...as(10001), WEBQQ_PASSWORD: "wrong" }
    const { code, stderr } = await scan(env, await ticketOf(login), "--as", "10001")
    assert.strictEqual(stderr, "webqq: the server does not accept number and password. Check them.\n")
    assert.strictEqual(code, 2)
    login.interrupt()
    await login.done
  })

  it("Ctrl-C while a code waits ends it cleanly", async () => {
    const login = start(["login", "--qr"], setting("interrupted").known(1))
    await ticketOf(login)
    login.interrupt()
    const { code, stderr } = await login.done
    assert.deepStrictEqual([code, stderr], [0, ""])
  })

  const noCode = "0123456789abcdef0123456789abcdef"
  const refusals: ReadonlyArray<
    readonly [name: string, code: number, sentence: RegExp, args: ReadonlyArray<string>, env?: Record<string, string>]
  > = [
    [
      "a code that nobody shows",
      2,
      /^webqq: no such code, or it expired\. Scan the one that is shown now\.\n$/,
      [noCode, "--as", "10001"]
    ],
    [
      "a number that is none",
      2,
      /^webqq: --as is no QQ number: ten\. Give 5 to 10 digits\.\n$/,
      [noCode, "--as", "ten"]
    ],
    ["no number", 2, /--as/, [noCode]],
    ["no code", 2, /code/, ["--as", "10001"]],
    [
      "a server that is not there",
      1,
      /^webqq: The server could not be reached for the QR code\. Check that it runs and that its address is right\.\n$/,
      [noCode, "--as", "10001"],
      { WEBQQ_SERVER: "http://127.0.0.1:9" }
    ]
  ]
  for (const [name, exitCode, sentence, args, env] of refusals) {
    it(`scan: ${name}: one sentence, exit code ${exitCode}`, async () => {
      const { code, stderr, stdout } = await scan({ ...setting("scan").as(10001), ...env }, ...args)
      assert.match(stderr === "" ? stdout : stderr, sentence)
      assert.strictEqual(code, exitCode)
      assert.notMatch(stdout + stderr, noTrace)
    })
  }
})
