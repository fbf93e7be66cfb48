/** `webqq serve --tls`, and people who reach it with nothing but curl and the CA. */
import { createHash } from "node:crypto"
import { existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { file, folder, main, run, start } from "../rigs/Command.ts"
import * as Process from "../rigs/Process.ts"

const state = join(folder, "tls-state")
const ca = join(state, "tls", "ca.pem")
const env = { WEBQQ_STATE: state }

interface Ports {
  readonly https: string
  readonly http: string
}

/** A server on ports that the system chose, as its output tells them. */
const serve = async (...flags: ReadonlyArray<string>) => {
  const server = start(["serve", "--tls", "--port", "0", "--http-port", "0", ...flags], env)
  const told = await server.until(/https:\/\/127\.0\.0\.1:(\d+) and http:\/\/127\.0\.0\.1:(\d+) /)
  return { ...server, ports: { https: told[1] ?? "", http: told[2] ?? "" } }
}

let server: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  assert.isTrue(existsSync(main), "run `npm run build` first")
  const { code } = await Process.run("curl", ["--version"])
  assert.strictEqual(code, 0, "this test needs curl: install it (apt-get install curl)")
  server = await serve()
  await server.until(/redirect .*\n/)
})

afterAll(async () => {
  server.interrupt()
  const { code, stderr } = await server.done
  assert.deepStrictEqual([code, stderr], [0, ""])
})

const curl = (args: ReadonlyArray<string>) => Process.run("curl", ["-sS", ...args])

/** As the hosts file would do it: all hosts are here. */
const towards = ({ http, https }: Ports) => [
  "--connect-to",
  `:443:127.0.0.1:${https}`,
  "--connect-to",
  `:80:127.0.0.1:${http}`
]

/** One person's curl, with a cookie jar. */
const browser = (name: string) => {
  const jar = join(folder, `${name}.jar`)
  return async (url: string, ...more: ReadonlyArray<string>) => {
    const { code, stderr, stdout } = await curl([
      ...towards(server.ports),
      ...["--cacert", ca, "-b", jar, "-c", jar],
      ...more,
      url
    ])
    assert.deepStrictEqual([code, stderr], [0, ""], url)
    return stdout
  }
}

const md5 = (data: Buffer | string) => createHash("md5").update(data).digest()
const upper = (bytes: Buffer) => bytes.toString("hex").toUpperCase()
const quoted = (text: string) => [...text.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, inner]) => inner ?? "")

const page = "https://ui.ptlogin2.qq.com/cgi-bin/login?daid=164&target=self&style=5&appid=1003903"
const sProxy = "http://s.web2.qq.com/proxy.html?v=20110412001&callback=1&id=3"
const dProxy = "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2"
const clientid = "34592847"

/** The hash of the contact lists (reference, section 3.3, variant P): account and ptwebqq, byte by byte. */
const listHash = (account: number, ptwebqq: string) => {
  const folded = [0, 0, 0, 0]
  for (const [i, byte] of Buffer.from(ptwebqq).entries()) folded[i % 4] = (folded[i % 4] ?? 0) ^ byte
  const number = Buffer.alloc(4)
  number.writeUInt32BE(account)
  const mixed = number.map((byte, i) => byte ^ "ECOK".charCodeAt(i))
  return upper(Buffer.from(folded.flatMap((byte, i) => [byte, mixed[i] ?? 0])))
}

interface Answer {
  readonly retcode: number
  readonly result: unknown
}
const parsed = (text: string) => JSON.parse(text) as Answer

/** Logs in by the first document's steps (reference, sections 2.2, 2.4, 2.5, 2.8 and 3.1). */
const logIn = async (account: number) => {
  const ask = browser(String(account))
  const checked = await ask(
    `https://ssl.ptlogin2.qq.com/check?uin=${account}&appid=1003903&js_ver=10040&js_type=0&login_sig=&u1=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html&r=0.5`,
    ...["-e", page]
  )
  const [state = "", code = "", salt = ""] = quoted(checked)
  assert.strictEqual(state, "0", checked)
  const h2 = upper(md5(Buffer.concat([md5(`webqq-${account}`), Buffer.from(salt.replaceAll("\\x", ""), "hex")])))
  const entered = await ask(
    `https://ssl.ptlogin2.qq.com/login?u=${account}&p=${upper(md5(h2 + code))}&verifycode=${code}&webqq_type=10&remember_uin=1&login2qq=1&aid=1003903&u1=http%3A%2F%2Fweb2.qq.com%2Floginproxy.html%3Flogin2qq%3D1%26webqq_type%3D10&h=1&ptredirect=0&ptlang=2052&daid=164&from_ui=1&pttype=1&dumy=&fp=loginerroralert&action=2-11-7438&mibao_css=m_webqq&t=1&g=1&js_type=0&js_ver=10040&login_sig=`,
    ...["-e", page]
  )
  const [result, , checkSig = ""] = quoted(entered)
  assert.strictEqual(result, "0", entered)
  assert.match(checkSig, /^http:\/\/ptlogin4\.web2\.qq\.com\/check_sig\?/)
  assert.strictEqual(await ask(checkSig, ...["-e", page, "-o", "/dev/null", "-w", "%{http_code}"]), "302")
  // Lines of the jar: domain, whether below it too, path, secure, end, name, value.
  const cookies = readFileSync(join(folder, `${account}.jar`), "utf8").split("\n")
  const ptwebqq = cookies.map((line) => line.split("\t")).find(([, , , , , name]) => name === "ptwebqq")?.[6] ?? ""
  assert.match(ptwebqq, /^[0-9a-f]{64}$/)
  const r = { status: "online", ptwebqq, passwd_sig: "", clientid, psessionid: null }
  const online = parsed(
    await ask(
      "https://d.web2.qq.com/channel/login2",
      ...["-e", sProxy, "-H", "Origin: http://d.web2.qq.com"],
      ...["--data-urlencode", `r=${JSON.stringify(r)}`, "-d", `clientid=${clientid}&psessionid=null`]
    )
  )
  assert.strictEqual(online.retcode, 0, JSON.stringify(online))
  const { psessionid, uin, vfwebqq } = online.result as {
    readonly psessionid: string
    readonly uin: number
    readonly vfwebqq: string
  }
  assert.strictEqual(uin, account)
  const call = async (url: string, r: object, referer: string) =>
    parsed(await ask(url, ...["-e", referer, "--data-urlencode", `r=${JSON.stringify(r)}`]))
  return { ask, call, psessionid, ptwebqq, vfwebqq }
}

const onlineBuddies = (scheme: string, psessionid: string) =>
  `${scheme}://d.web2.qq.com/channel/get_online_buddies2?clientid=${clientid}&psessionid=${psessionid}&t=1`

describe("webqq serve --tls", () => {
  it("lets curl in by the documents' steps, and the session holds over http too", async () => {
    // Who comes later is no news to poll for.
    const ming = await logIn(10002)
    const chick = await logIn(10001)
    for (const scheme of ["https", "http"]) {
      const buddies = parsed(await chick.ask(onlineBuddies(scheme, chick.psessionid), "-e", dProxy))
      assert.strictEqual(buddies.retcode, 0)
      assert.lengthOf(buddies.result as ReadonlyArray<unknown>, 1)
    }
    const poll = chick.call(
      "https://d.web2.qq.com/channel/poll2",
      { clientid, psessionid: chick.psessionid, key: 0, ids: [] },
      dProxy
    )
    const { result: lists } = await ming.call(
      "http://s.web2.qq.com/api/get_user_friends2",
      { h: "hello", hash: listHash(10002, ming.ptwebqq), vfwebqq: ming.vfwebqq },
      sProxy
    )
    const { info } = lists as { readonly info: ReadonlyArray<{ readonly uin: number; readonly nick: string }> }
    const words = "你好，来自 curl"
    const message = {
      to: info.find(({ nick }) => nick === "小黄鸡")?.uin,
      face: 564,
      content: JSON.stringify([words, ["font", { name: "Arial", size: "10", style: [0, 0, 0], color: "000000" }]]),
      msg_id: 12345678,
      clientid,
      psessionid: ming.psessionid
    }
    const sent = await ming.call("https://d.web2.qq.com/channel/send_buddy_msg2", message, dProxy)
    assert.strictEqual(sent.retcode, 0)
    const { result } = await poll
    const [event] = result as ReadonlyArray<{
      readonly poll_type: string
      readonly value: { readonly content: ReadonlyArray<unknown> }
    }>
    assert.strictEqual(event?.poll_type, "message")
    assert.include(event?.value.content ?? [], words)
  })

  it("is not trusted without its CA, and not for other sites", async () => {
    const check = "https://ssl.ptlogin2.qq.com/check?uin=10001"
    // 60: the certificate could not be verified.
    assert.strictEqual((await curl([...towards(server.ports), check])).code, 60)
    const other = ["--cacert", ca, ...towards(server.ports), "https://www.example.com/"]
    assert.strictEqual((await curl(other)).code, 60)
    const old = ["--tlsv1.0", "--tls-max", "1.0", "--ciphers", "DEFAULT:@SECLEVEL=0"]
    const { stdout } = await curl([...old, "--cacert", ca, ...towards(server.ports), check])
    assert.match(stdout, /^ptui_checkVC\('0'/)
  })

  it("prints commands and lines that work as they are", async () => {
    const { 0: command = "" } = await server.until(/^curl --cacert .*$/m)
    const shell = await Process.run("sh", ["-c", command])
    assert.match(shell.stdout, /^ptui_checkVC\('0'/)
    const { 0: stdout } = await server.until(/^[\s\S]*$/)
    assert.include(stdout, `\n${ca}\n`)
    assert.match(stdout, /^127\.0\.0\.1 (\S+ )*d1\.web2\.qq\.com( |$)/m)
    assert.include(stdout, `redirect 443 to ${server.ports.https} and 80 to ${server.ports.http}`)
    assert.notMatch(stdout, /PRIVATE|\bkey\b/)
  })

  it("serves our own client over https", async () => {
    const { code, stderr, stdout } = await run(["send", "小黄鸡", "你好"], {
      WEBQQ_SERVER: `https://localhost:${server.ports.https}`,
      WEBQQ_UIN: "10002",
      WEBQQ_PASSWORD: "webqq-10002",
      NODE_EXTRA_CA_CERTS: ca
    })
    assert.deepStrictEqual([code, stderr], [0, ""])
    assert.match(stdout, /→ 小黄鸡: 你好 \(message \d+\)/)
  })

  it("writes the hosts file, and keeps its CA", async () => {
    const before = readFileSync(ca, "utf8")
    const path = file("hosts", "127.0.0.1 localhost\n")
    const again = await serve("--hosts-file", path)
    await again.until(/now lead here by .*hosts/)
    again.interrupt()
    assert.strictEqual((await again.done).code, 0)
    const lines = readFileSync(path, "utf8").split("\n")
    assert.strictEqual(lines[0], "127.0.0.1 localhost")
    assert.isTrue(lines.some((line) => line.startsWith("127.0.0.1 ") && line.split(" ").includes("d.web2.qq.com")))
    assert.strictEqual(readFileSync(ca, "utf8"), before)
    assert.strictEqual(statSync(join(state, "tls")).mode & 0o777, 0o700)
  })

  it("says in a sentence what it cannot do", async () => {
    const failing = async (...args: ReadonlyArray<string>) => {
      const { code, stderr, stdout } = await run(["serve", ...args], env)
      assert.strictEqual(code, 2, `${stdout}${stderr}`)
      return stderr
    }
    const { http } = server.ports
    assert.match(await failing("--tls", "--port", "0", "--http-port", http), /port \d+ is in use\. .* --http-port\.\n$/)
    assert.match(await failing("--port", "1", "--http-port", "2"), /--port and --http-port are the same without --tls/)
    const nowhere = ["--port", "0", "--hosts-file", join(folder, "none", "hosts")]
    assert.match(await failing(...nowhere), /the hosts file .* cannot be written: its directory is not there\./)
    assert.match(await failing("--host", "192.0.2.1", "--port", "0"), /192\.0\.2\.1 is no address of this machine/)
  })
})
