/** The CA and the certificate that `webqq serve --tls` keeps, read by Node's own parser. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto"
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import * as Certificates from "../../../src/programs/cli/Certificates.ts"
import * as Hosts from "../../../src/programs/server/Hosts.ts"
import { temporaryDirectory } from "../../rigs/Files.ts"

const day = 24 * 3_600_000
const now = Date.UTC(2026, 0, 2, 3, 4, 5)

const keep = (directory: string, at = now, hosts?: ReadonlyArray<string>) =>
  Effect.provide(Certificates.keep(directory, at, hosts), NodeFileSystem.layer)

/** A directory with everything in it, by a first run. */
const fresh = Effect.gen(function* () {
  const directory = join(yield* temporaryDirectory, "state", "tls")
  const kept = yield* keep(directory)
  return { directory, kept }
})

/** A first run's files, made once: keys take their time. */
const sample = mkdtempSync(join(tmpdir(), "webqq-"))
beforeAll(() => Effect.runPromise(keep(sample)))
afterAll(() => rmSync(sample, { recursive: true }))

/** A directory with everything in it, found by a second run. */
const made = Effect.gen(function* () {
  const directory = join(yield* temporaryDirectory, "tls")
  cpSync(sample, directory, { recursive: true })
  return { directory, kept: yield* keep(directory) }
})

const at = (directory: string) => {
  const text = (name: string) => readFileSync(join(directory, name), "utf8")
  return {
    text,
    ca: new X509Certificate(text("ca.pem")),
    server: new X509Certificate(text("server.pem"))
  }
}

const refusal = (directory: string, time?: number) => Effect.map(Effect.flip(keep(directory, time)), (e) => e.message)

/** An extension's value as hexadecimal, found by its OID and its being critical; Node shows only some of them. */
const criticalExtension = (certificate: X509Certificate, oid: string): string | undefined =>
  // OID, BOOLEAN TRUE, OCTET STRING with a length of one byte.
  new RegExp(`${oid}0101ff04(..)(.*)`)
    .exec(certificate.raw.toString("hex"))
    ?.slice(1)
    .reduce((length, rest) => rest.slice(0, 2 * Number.parseInt(length, 16)))

describe("the first run", () => {
  it.scoped("makes a CA for ten years and a certificate of it for at most 825 days", () =>
    Effect.gen(function* () {
      const { directory, kept } = yield* fresh
      const { ca, server } = at(directory)
      assert.isTrue(ca.ca)
      assert.isFalse(server.ca)
      assert.isTrue(ca.checkIssued(ca) && ca.verify(ca.publicKey))
      assert.isTrue(server.checkIssued(ca) && server.verify(ca.publicKey))
      assert.isTrue(server.checkPrivateKey(createPrivateKey(Redacted.value(kept.key))))
      assert.strictEqual(new X509Certificate(kept.certificate).fingerprint256, server.fingerprint256)
      assert.strictEqual(kept.authorityFile, join(directory, "ca.pem"))
      const years = (Date.parse(ca.validTo) - now) / day / 365.25
      assert.isTrue(years > 9.9 && years < 10.1, String(years))
      assert.strictEqual(kept.authorityUntil.getTime(), Date.parse(ca.validTo))
      assert.isAtMost(Date.parse(server.validTo) - Date.parse(server.validFrom), 825 * day)
      assert.isAbove(Date.parse(server.validTo) - now, 800 * day)
      assert.isAtMost(Date.parse(server.validFrom), now)
      for (const { publicKey } of [ca, server]) {
        assert.strictEqual(publicKey.asymmetricKeyType, "rsa")
        assert.strictEqual(publicKey.asymmetricKeyDetails?.modulusLength, 2048)
      }
      // sha256WithRSAEncryption, 1.2.840.113549.1.1.11
      assert.include(server.raw.toString("hex"), "2a864886f70d01010b")
      assert.notStrictEqual(ca.serialNumber, server.serialNumber)
      assert.lengthOf(ca.serialNumber, 32)
    })
  )

  it.scoped("names every host of the documents, and no other", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      const { server } = at(directory)
      // Reference, section 8, 1; avatars from section 1.2.
      const named = [
        "ui.ptlogin2.qq.com xui.ptlogin2.qq.com ssl.ptlogin2.qq.com check.ptlogin2.qq.com ptlogin2.qq.com",
        "ptlogin4.web2.qq.com ssl.captcha.qq.com captcha.qq.com s.web2.qq.com d.web2.qq.com d1.web2.qq.com",
        "web.qq.com web2.qq.com w.qq.com qun.qq.com qinfo.clt.qq.com pinghot.qq.com cgi.web2.qq.com",
        "face0.web.qq.com face10.web.qq.com face1.qun.qq.com face10.qun.qq.com q.qlogo.cn localhost"
      ].flatMap((line) => line.split(" "))
      for (const host of named) assert.strictEqual(server.checkHost(host), host)
      for (const host of Hosts.all) assert.strictEqual(server.checkHost(host), host)
      for (const address of ["127.0.0.1", "::1"]) assert.isDefined(server.checkIP(address), address)
      for (const host of ["qq.com", "x.qq.com", "mail.qq.com", "example.com"])
        assert.isUndefined(server.checkHost(host))
      assert.strictEqual(new Set(Hosts.all).size, Hosts.all.length)
      for (const host of Hosts.all)
        assert.isTrue(
          Hosts.domains.some((domain) => host.endsWith(`.${domain}`)),
          host
        )
    })
  )

  it.scoped("makes a CA that can vouch for nobody else", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      const { ca } = at(directory)
      // CA, and no CA below it: SEQUENCE { TRUE, 0 }.
      assert.strictEqual(criticalExtension(ca, "0603551d13"), "30060101ff020100")
      // keyCertSign and cRLSign: BIT STRING 0000011.
      assert.strictEqual(criticalExtension(ca, "0603551d0f"), "03020106")
      const hex = (text: string) => Buffer.from(text).toString("hex")
      const dns = (name: string) => {
        const length = name.length.toString(16).padStart(2, "0")
        return `30${(name.length + 2).toString(16).padStart(2, "0")}82${length}${hex(name)}`
      }
      const addresses = `300a87087f000000ff00000030228720${"00".repeat(15)}01${"ff".repeat(16)}`
      const subtrees = `${dns("qq.com")}${dns("qlogo.cn")}${dns("localhost")}${addresses}`
      const size = subtrees.length / 2
      assert.strictEqual(
        criticalExtension(ca, "0603551d1e"),
        `30${(size + 2).toString(16)}a0${size.toString(16)}${subtrees}`
      )
    })
  )

  it.scoped("keeps all of it to its owner, and shows no key", () =>
    Effect.gen(function* () {
      const { directory, kept } = yield* made
      assert.sameMembers(readdirSync(directory), ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem"])
      assert.strictEqual(statSync(directory).mode & 0o777, 0o700)
      const modes = () => readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777)
      assert.deepStrictEqual(modes(), [0o600, 0o600, 0o600, 0o600])
      assert.notMatch(inspect(kept, { depth: 9 }), /PRIVATE/)
      // What was opened to others meanwhile is closed again.
      chmodSync(directory, 0o755)
      for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o644)
      yield* keep(directory)
      assert.strictEqual(statSync(directory).mode & 0o777, 0o700)
      assert.deepStrictEqual(modes(), [0o600, 0o600, 0o600, 0o600])
    })
  )
})

describe("a later run", () => {
  it.scoped("changes nothing while the certificate has 30 days left, then renews it and keeps the CA", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      const before = at(directory)
      const end = Date.parse(before.server.validTo)
      yield* keep(directory, end - 30 * day)
      assert.strictEqual(at(directory).text("server.pem"), before.text("server.pem"))
      const later = end - 30 * day + 1000
      const files = ["ca.pem", "ca-key.pem", "server-key.pem"].map(before.text)
      const kept = yield* keep(directory, later)
      const after = at(directory)
      assert.notStrictEqual(after.server.serialNumber, before.server.serialNumber)
      assert.isAbove(Date.parse(after.server.validTo), later + 800 * day)
      assert.strictEqual(kept.certificate, after.text("server.pem"))
      assert.deepStrictEqual(["ca.pem", "ca-key.pem", "server-key.pem"].map(after.text), files)
      assert.isTrue(after.server.verify(before.ca.publicKey))
    })
  )

  it.scoped("issues anew when the hosts are others", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      const before = at(directory)
      yield* keep(directory, now, [...Hosts.all, "new.web2.qq.com"])
      const more = at(directory)
      assert.isDefined(more.server.checkHost("new.web2.qq.com"))
      assert.strictEqual(more.text("ca.pem"), before.text("ca.pem"))
      yield* keep(directory, now)
      assert.isUndefined(at(directory).server.checkHost("new.web2.qq.com"))
    })
  )

  it.scoped("never issues beyond the end of the CA, and says when that has come", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      const { ca } = at(directory)
      const end = Date.parse(ca.validTo)
      yield* keep(directory, end - 100 * day)
      assert.strictEqual(at(directory).server.validTo, ca.validTo)
      assert.match(yield* refusal(directory, end), /ca\.pem ended on .*: a new CA is made, which clients have to trust/)
    })
  )

  it.scoped("completes what an interrupted one left", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      const first = at(directory)
      rmSync(join(directory, "server.pem"))
      yield* keep(directory)
      assert.strictEqual(at(directory).text("server-key.pem"), first.text("server-key.pem"))
      rmSync(join(directory, "server-key.pem"))
      const kept = yield* keep(directory)
      assert.isTrue(at(directory).server.checkPrivateKey(createPrivateKey(Redacted.value(kept.key))))
      for (const name of ["server.pem", "server-key.pem", "ca.pem"]) rmSync(join(directory, name))
      yield* keep(directory)
      assert.strictEqual(at(directory).text("ca-key.pem"), first.text("ca-key.pem"))
      assert.isTrue(at(directory).ca.verify(first.ca.publicKey))
    })
  )
})

describe("files that are damaged or not ours", () => {
  const other = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" })
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" })
  const cases: ReadonlyArray<readonly [what: string, name: string, content: string | undefined, says: RegExp]> = [
    ["a CA that is no certificate", "ca.pem", "hello", /ca\.pem is no certificate, or damaged\. Put the right one/],
    ["an empty CA", "ca.pem", "", /ca\.pem is no certificate, or damaged/],
    [
      "a CA without its key",
      "ca-key.pem",
      undefined,
      /ca\.pem is there, but its key .*ca-key\.pem is not\. Put it back/
    ],
    ["a key that is none", "ca-key.pem", "hello", /ca-key\.pem is no private key, or damaged/],
    ["the key of another CA", "ca-key.pem", String(other), /ca\.pem does not belong to the key beside it/],
    ["a key of another kind", "ca-key.pem", String(curve), /ca-key\.pem is no RSA key/],
    ["a certificate that is none", "server.pem", "hello", /server\.pem is no certificate, or damaged/],
    ["a server's key that is none", "server-key.pem", "hello", /server-key\.pem is no private key, or damaged/]
  ]
  for (const [what, name, content, says] of cases) {
    it.scoped(`${what}: one sentence, and nothing is written over`, () =>
      Effect.gen(function* () {
        const { directory } = yield* made
        const path = join(directory, name)
        if (content === undefined) rmSync(path)
        else writeFileSync(path, content)
        const all = () => readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), "utf8")])
        const before = all()
        const message = yield* refusal(directory)
        assert.match(message, says)
        assert.notMatch(message, /\n|Error|PRIVATE/)
        assert.deepStrictEqual(all(), before)
      })
    )
  }

  it.scoped("a certificate in the place of the CA, and one of another CA", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      const { directory: elsewhere } = yield* fresh
      const ca = at(directory).text("ca.pem")
      writeFileSync(join(directory, "ca.pem"), at(directory).text("server.pem"))
      assert.match(yield* refusal(directory), /ca\.pem is not a CA of this program/)
      writeFileSync(join(directory, "ca.pem"), ca)
      renameSync(join(elsewhere, "server.pem"), join(directory, "server.pem"))
      assert.match(yield* refusal(directory), /server\.pem was not issued by the CA beside it\. Move it away/)
    })
  )

  it.scoped("directories where files should be", () =>
    Effect.gen(function* () {
      const { directory } = yield* made
      rmSync(join(directory, "ca.pem"))
      mkdirSync(join(directory, "ca.pem"))
      assert.match(yield* refusal(directory), /ca\.pem cannot be read: /)
      const file = join(directory, "server.pem")
      assert.match(yield* refusal(file), /the directory .*server\.pem cannot be made: /)
      assert.match(yield* refusal(join(file, "below")), /the directory .* cannot be made: /)
    })
  )
})
