/**
 * A local CA and a certificate for every documented host, kept in a directory from one run to the next.
 *
 * Keys are written before the certificates that belong to them, so that a run that breaks off leaves nothing that the
 * next one cannot complete. What is there and not ours is never written over.
 */
import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from "node:crypto"
import { join } from "node:path"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Hosts from "../server/Hosts.ts"
import * as AtomicFile from "./AtomicFile.ts"
import { BadInput } from "./Failure.ts"

/** A certificate that has less than this left is renewed, in milliseconds. */
const renewBefore = 30 * 24 * 3_600_000

/** Who issues, as clients show it. */
const authorityName = "CN=webqq local CA, O=effect-webqq"

/** The server as it is reached on its own machine. */
const addresses: ReadonlyArray<string> = ["127.0.0.1", "::1"]

/** What a listener needs, and what to tell the person. `certificate` and `key` are PEM. */
export interface Kept {
  /** The file that clients shall trust. */
  readonly authorityFile: string
  /** When the CA ends. */
  readonly authorityUntil: Date
  readonly certificate: string
  readonly key: Redacted.Redacted
}

type Need<A> = Effect.Effect<A, BadInput, FileSystem.FileSystem>

const bad = (message: string) => Effect.fail(new BadInput({ message }))

/** Loaded here and not above, because only `--tls` needs it. */
const issue = Effect.promise(() => import("./certificates/Issue.ts"))

const read = (path: string): Need<Option.Option<string>> =>
  Effect.flatMap(FileSystem.FileSystem, (files) =>
    // A file that was copied here may be readable by others. Where that cannot be changed, it is somebody's own choice.
    Effect.zipRight(Effect.ignore(files.chmod(path, AtomicFile.ownerOnly)), files.readFileString(path))
  ).pipe(
    Effect.asSome,
    Effect.catchIf(
      (error) => error._tag === "SystemError" && error.reason === "NotFound",
      () => Effect.succeed(Option.none())
    ),
    Effect.mapError(
      (error) => new BadInput({ message: `${path} cannot be read: ${AtomicFile.why(error)}. Check its rights.` })
    )
  )

const write = (path: string, text: string): Need<void> =>
  Effect.mapError(
    AtomicFile.replace(path, new TextEncoder().encode(text), AtomicFile.ownerOnly),
    (error) => new BadInput({ message: `${path} cannot be written: ${AtomicFile.why(error)}. Check its rights.` })
  )

const parseCertificate = (path: string, text: string) =>
  Effect.try({
    try: () => new X509Certificate(text),
    catch: () =>
      new BadInput({ message: `${path} is no certificate, or damaged. Put the right one back or move it away.` })
  })

const parseKey = (path: string, text: string) =>
  Effect.try({
    try: () => createPrivateKey(text),
    catch: () =>
      new BadInput({ message: `${path} is no private key, or damaged. Put the right one back or move it away.` })
  }).pipe(
    Effect.filterOrFail(
      (key) => key.asymmetricKeyType === "rsa",
      () => new BadInput({ message: `${path} is no RSA key, so it is none of ours. Move it away.` })
    )
  )

const newKey = Effect.async<KeyObject>((resume) =>
  generateKeyPair("rsa", { modulusLength: 2048 }, (error, _, key) =>
    resume(error === null ? Effect.succeed(key) : Effect.die(error))
  )
)

/** The key of a file; a new one if there is no file. */
const keyAt = (path: string): Need<KeyObject> =>
  Effect.flatMap(
    read(path),
    Option.match({
      onSome: (text) => parseKey(path, text),
      onNone: () => Effect.tap(newKey, (key) => write(path, key.export({ type: "pkcs8", format: "pem" }).toString()))
    })
  )

interface Authority {
  readonly pem: string
  readonly certificate: X509Certificate
  readonly key: KeyObject
}

/** Why a CA cannot be used, if it cannot. Node prints each part of a name on a line of its own. */
const fault = ({ certificate, key }: Omit<Authority, "pem">, now: number): string | undefined => {
  if (certificate.subject !== authorityName.replace(", ", "\n") || !certificate.ca) return "is not a CA of this program"
  if (!certificate.checkPrivateKey(key)) return "does not belong to the key beside it"
  if (Date.parse(certificate.validTo) <= now) return `ended on ${certificate.validTo}`
  return undefined
}

const keptAuthority = (directory: string, now: number): Need<Authority> =>
  Effect.gen(function* () {
    const path = join(directory, "ca.pem")
    const keyPath = join(directory, "ca-key.pem")
    const text = yield* read(path)
    if (Option.isSome(text) && Option.isNone(yield* read(keyPath))) {
      return yield* bad(`${path} is there, but its key ${keyPath} is not. Put it back, or move ${directory} away.`)
    }
    const certificateOf = (pem: string) =>
      Effect.map(parseCertificate(path, pem), (certificate) => ({ pem, certificate }))
    if (Option.isSome(text)) {
      const found = yield* certificateOf(text.value)
      const key = yield* keyAt(keyPath)
      const why = fault({ certificate: found.certificate, key }, now)
      if (why === undefined) return { ...found, key }
      return yield* bad(
        `${path} ${why}. Put the right files back, or move ${directory} away: a new CA is made, which clients have to trust anew.`
      )
    }
    const key = yield* keyAt(keyPath)
    const { authority } = yield* issue
    const pem = yield* Effect.promise(() => authority({ name: authorityName, key, domains: Hosts.domains, now }))
    yield* write(path, pem)
    return { ...(yield* certificateOf(pem)), key }
  })

/** The names in a certificate, sorted. */
const namesOf = (certificate: X509Certificate): string =>
  (certificate.subjectAltName ?? "").split(", ").sort().join(", ")

const wantedNames = (hosts: ReadonlyArray<string>): string =>
  [
    ...hosts.map((host) => `DNS:${host}`),
    "IP Address:127.0.0.1",
    // As OpenSSL prints ::1.
    "IP Address:0:0:0:0:0:0:0:1"
  ]
    .sort()
    .join(", ")

const stillGood = (certificate: X509Certificate, key: KeyObject, hosts: ReadonlyArray<string>, now: number): boolean =>
  certificate.checkPrivateKey(key) &&
  Date.parse(certificate.validFrom) <= now &&
  Date.parse(certificate.validTo) - now >= renewBefore &&
  namesOf(certificate) === wantedNames(hosts)

const keptServer = (directory: string, authority: Authority, hosts: ReadonlyArray<string>, now: number) =>
  Effect.gen(function* () {
    const path = join(directory, "server.pem")
    const text = yield* read(path)
    const found = yield* Effect.transposeMapOption(text, (pem) => parseCertificate(path, pem))
    if (Option.isSome(found) && !found.value.verify(authority.certificate.publicKey)) {
      return yield* bad(`${path} was not issued by the CA beside it. Move it away, and a new one is made.`)
    }
    const key = yield* keyAt(join(directory, "server-key.pem"))
    if (Option.isSome(text) && Option.exists(found, (one) => stillGood(one, key, hosts, now))) {
      return { certificate: text.value, key }
    }
    const { server } = yield* issue
    const certificate = yield* Effect.promise(() =>
      server({ authority: authority.pem, authorityKey: authority.key, key, hosts, addresses, now })
    )
    yield* write(path, certificate)
    return { certificate, key }
  })

const privateDirectory = (directory: string): Need<void> =>
  Effect.flatMap(FileSystem.FileSystem, (files) =>
    Effect.zipRight(files.makeDirectory(directory, { recursive: true, mode: 0o700 }), files.chmod(directory, 0o700))
  ).pipe(
    Effect.mapError(
      (error) =>
        new BadInput({
          message: `the directory ${directory} cannot be made: ${AtomicFile.why(error)}. Check its rights.`
        })
    )
  )

/**
 * The CA and the certificate of a directory, made where they are missing; the certificate also where it ends within 30
 * days or knows other hosts than `hosts`. `now` is in milliseconds since 1970. Fails where a file is damaged, foreign
 * or out of reach.
 */
export const keep = (directory: string, now: number, hosts: ReadonlyArray<string> = Hosts.all): Need<Kept> =>
  Effect.gen(function* () {
    yield* privateDirectory(directory)
    const authority = yield* keptAuthority(directory, now)
    const server = yield* keptServer(directory, authority, [...hosts, "localhost"], now)
    return {
      authorityFile: join(directory, "ca.pem"),
      authorityUntil: new Date(authority.certificate.validTo),
      certificate: server.certificate,
      key: Redacted.make(server.key.export({ type: "pkcs8", format: "pem" }).toString())
    }
  })
