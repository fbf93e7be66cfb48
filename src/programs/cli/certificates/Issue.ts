/**
 * The making of certificates: X.509 by @peculiar/x509, on Node's WebCrypto. Loaded only where one is made.
 */
// Its container wants this before it is loaded itself.
import "reflect-metadata"
import { createPublicKey, type KeyObject, randomBytes, webcrypto } from "node:crypto"
import * as x509 from "@peculiar/x509"
import * as NameConstraints from "./NameConstraints.ts"

const hour = 3_600_000
const day = 24 * hour

/** How long the CA holds. */
const authorityLifetime = 3652 * day

/** The most that clients accept is 825 days (Apple's rule since 2019); one less, for clocks and borders. */
const serverLifetime = 824 * day

/** Clocks differ: a client's may be behind ours. */
const clockSkew = hour

/** Old clients know no other than RSA with SHA-256. */
const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }

/** The host that stands in the subject, for clients that are too old to look at the alternative names. */
const commonName = "ssl.ptlogin2.qq.com"

/** A positive number of 127 bits. */
const serialNumber = (): string => {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0)
  return bytes.toString("hex")
}

const toCryptoKey = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey("pkcs8", key.export({ type: "pkcs8", format: "der" }), algorithm, true, ["sign"])

const publicOf = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey("spki", createPublicKey(key).export({ type: "spki", format: "der" }), algorithm, true, [
    "verify"
  ])

/** What a CA is made of: its name as `CN=…, O=…`, and the domains it may issue for. */
export interface AuthorityInput {
  readonly name: string
  readonly key: KeyObject
  readonly domains: ReadonlyArray<string>
  readonly now: number
}

/**
 * A certificate of a CA that signs itself, as PEM; good from an hour before `now` for ten years. It may issue for
 * servers below `domains` and on the loopback addresses, and for nothing else: who trusts it risks no other site.
 */
export const authority = async ({ domains, key, name, now }: AuthorityInput): Promise<string> => {
  const publicKey = await publicOf(key)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name,
    notBefore: new Date(now - clockSkew),
    notAfter: new Date(now + authorityLifetime),
    signingAlgorithm: algorithm,
    keys: { publicKey, privateKey: await toCryptoKey(key) },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.Extension(NameConstraints.oid, true, NameConstraints.permitting(domains)),
      await x509.SubjectKeyIdentifierExtension.create(publicKey)
    ]
  })
  return `${certificate.toString("pem")}\n`
}

/** What a server's certificate is made of. `authority` is PEM; times are milliseconds since 1970. */
export interface ServerInput {
  readonly authority: string
  readonly authorityKey: KeyObject
  readonly key: KeyObject
  readonly hosts: ReadonlyArray<string>
  readonly addresses: ReadonlyArray<string>
  readonly now: number
}

/** A certificate for a server, as PEM; good from an hour before `now`, for 824 days or as long as its CA. */
export const server = async (input: ServerInput): Promise<string> => {
  const issuer = new x509.X509Certificate(input.authority)
  const publicKey = await publicOf(input.key)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${commonName}`,
    issuer: issuer.subject,
    notBefore: new Date(Math.max(input.now - clockSkew, issuer.notBefore.getTime())),
    notAfter: new Date(Math.min(input.now + serverLifetime, issuer.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: await toCryptoKey(input.authorityKey),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...input.hosts.map((value) => ({ type: "dns" as const, value })),
        ...input.addresses.map((value) => ({ type: "ip" as const, value }))
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey)
    ]
  })
  return `${certificate.toString("pem")}\n`
}
