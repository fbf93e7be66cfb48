/**
 * The password field of 2014 straight from its description (protocol notes, section 3.2), as a page would write it: bytes
 * in plain arrays, one function for each step. Big integers are the engine's, which is kinder to it than its time was.
 */
import { createHash } from "node:crypto"

const md5 = (bytes: ReadonlyArray<number>): Array<number> => [...createHash("md5").update(Buffer.from(bytes)).digest()]

const modulus = BigInt(
  "0xF20CE00BAE5361F8FA3AE9CEFA495362FF7DA1BA628F64A347F0A8C012BF0B254A30CD92ABFFE7A6EE0DC424CB6166F8819EFA5BCCB20EDFB4AD02E412CCF579B1CA711D55B8B0B3AEB60153D5E0693A2A86F3167D7847A0CB8B00004716A9095D9BADC977CBB804DBDCBA6029A9710869A453F27DFDDF83C016D928B3CBF4C7"
)

const rsa = (message: ReadonlyArray<number>, random: () => number): Array<number> => {
  const block = [0, 2]
  while (block.length < 128 - message.length - 1) {
    const byte = random() & 255
    if (byte !== 0) block.push(byte)
  }
  block.push(0)
  for (const byte of message) block.push(byte)
  let text = ""
  for (const byte of block) text += byte.toString(16).padStart(2, "0")
  const m = BigInt(`0x${text}`)
  const encrypted = ((m * m) % modulus) * m
  text = (encrypted % modulus).toString(16)
  if (text.length % 2 === 1) text = `0${text}`
  const bytes: Array<number> = []
  for (let i = 0; i < text.length; i += 2) bytes.push(Number.parseInt(text.slice(i, i + 2), 16))
  return bytes
}

const word = (bytes: ReadonlyArray<number>, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0

const bytesOf = (n: number): Array<number> => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]

const encipher = (block: ReadonlyArray<number>, key: ReadonlyArray<number>): Array<number> => {
  let y = word(block, 0)
  let z = word(block, 4)
  const k = [word(key, 0), word(key, 4), word(key, 8), word(key, 12)] as const
  let sum = 0
  for (let round = 0; round < 16; round++) {
    sum = (sum + 0x9e3779b9) >>> 0
    y = (y + (((z << 4) + k[0]) ^ (z + sum) ^ ((z >>> 5) + k[1]))) >>> 0
    z = (z + (((y << 4) + k[2]) ^ (y + sum) ^ ((y >>> 5) + k[3]))) >>> 0
  }
  return bytesOf(y).concat(bytesOf(z))
}

const tea = (data: ReadonlyArray<number>, key: ReadonlyArray<number>, random: () => number): Array<number> => {
  const fill = (8 - ((data.length + 10) % 8)) % 8
  const plain = [(random() & 0xf8) | fill]
  for (let i = 0; i < fill + 2; i++) plain.push(random() & 255)
  for (const byte of data) plain.push(byte)
  for (let i = 0; i < 7; i++) plain.push(0)
  let cipher: Array<number> = []
  let previousPlain = [0, 0, 0, 0, 0, 0, 0, 0]
  let previousCipher = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let at = 0; at < plain.length; at += 8) {
    const input: Array<number> = []
    for (let i = 0; i < 8; i++) input.push((plain[at + i] ?? 0) ^ (previousCipher[i] ?? 0))
    const enciphered = encipher(input, key)
    const output: Array<number> = []
    for (let i = 0; i < 8; i++) output.push((enciphered[i] ?? 0) ^ (previousPlain[i] ?? 0))
    cipher = cipher.concat(output)
    previousPlain = input
    previousCipher = output
  }
  return cipher
}

export const proof = (
  passwordDigest: ReadonlyArray<number>,
  salt: ReadonlyArray<number>,
  verifyCode: string,
  random: () => number
): string => {
  const secret = rsa(passwordDigest, random)
  const code = [...verifyCode.toUpperCase()].map((character) => character.charCodeAt(0))
  const data = [
    secret.length >> 8,
    secret.length & 255,
    ...secret,
    ...salt,
    code.length >> 8,
    code.length & 255,
    ...code
  ]
  const encrypted = tea(data, md5([...passwordDigest, ...salt]), random)
  return Buffer.from(encrypted).toString("base64").replace(/\//g, "-").replace(/\+/g, "*").replace(/=/g, "_")
}
