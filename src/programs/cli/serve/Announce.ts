/**
 * What `webqq serve` tells the person when it is ready.
 */
import type * as HttpServer from "@effect/platform/HttpServer"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Listener from "../Listener.ts"
import * as Print from "../Print.ts"
import * as Shell from "../Shell.ts"
import * as HostsFile from "./HostsFile.ts"
import type * as Listening from "./Listening.ts"
import * as Ports from "./Ports.ts"

const voice = Print.voice("server", "cyan")
const sayAll = (lines: ReadonlyArray<string>) => Effect.forEach(lines, voice.say, { discard: true })

/** Lines to be copied stand alone, without a name before them. */
const toCopy = Print.lines

const tcp = ({ address }: HttpServer.HttpServer) =>
  address._tag === "TcpAddress" ? address : { hostname: "127.0.0.1", port: 0 }

/** The platform calls `::` so, too. */
const listensOnAll = (server: HttpServer.HttpServer): boolean => tcp(server).hostname === "0.0.0.0"

/** The address at which this machine reaches a listener: one that listens on all is reached at the loopback. */
const reachedAt = (server: HttpServer.HttpServer): string => (listensOnAll(server) ? "127.0.0.1" : tcp(server).hostname)

const urls = ({ http, https }: Listening.Listening): ReadonlyArray<string> => [
  ...Option.toArray(Option.map(https, ({ server }) => Listener.urlOf(server, "https"))),
  Listener.urlOf(http)
]

const trust = ({ kept, server }: Listening.Secure) =>
  Effect.gen(function* () {
    const host = reachedAt(server)
    const to = `::${host.includes(":") ? `[${host}]` : host}:${tcp(server).port}`
    const until = kept.authorityUntil.toISOString().slice(0, 10)
    yield* voice.say(`the CA to trust, until ${until}, for qq.com, qlogo.cn and this machine only:`)
    yield* toCopy([kept.authorityFile])
    yield* voice.say("to try it:")
    yield* toCopy([
      `curl --cacert ${Shell.quoted(kept.authorityFile)} --connect-to ${to} 'https://ssl.ptlogin2.qq.com/check?uin=10001'`
    ])
  })

const redirect = ({ http, https }: Listening.Listening): ReadonlyArray<string> => {
  const ports = [
    ...Option.toArray(Option.map(https, ({ server }) => [Ports.usual.https, tcp(server).port] as const)),
    [Ports.usual.http, tcp(http).port] as const
  ].filter(([usual, real]) => usual !== real)
  if (ports.length === 0) return []
  return [`old clients use the usual ports: redirect ${ports.map(([from, to]) => `${from} to ${to}`).join(" and ")}`]
}

/** Writes the hosts file if one is named; otherwise tells what belongs into it. */
const hosts = (listening: Listening.Listening, path: Option.Option<string>) => {
  const lines = HostsFile.lines(reachedAt(listening.http))
  if (Option.isNone(path)) {
    const elsewhere = listensOnAll(listening.http) ? "; on other machines with this one's address" : ""
    return Effect.zipRight(
      voice.say(`for the hosts file of the client's machine (--hosts-file PATH writes it${elsewhere}):`),
      toCopy(lines)
    )
  }
  return Effect.flatMap(HostsFile.write(path.value, lines), (changed) =>
    voice.say(`the documented hosts ${changed ? "now lead" : "lead"} here by ${path.value}`)
  )
}

/** What a client has to be told, and where the hosts file stands. */
export const reaching = (listening: Listening.Listening, hostsFile: Option.Option<string>) =>
  Effect.gen(function* () {
    if (Option.isNone(listening.https) && Option.isNone(hostsFile)) return
    if (Option.isSome(listening.https)) yield* trust(listening.https.value)
    yield* hosts(listening, hostsFile)
    yield* sayAll(redirect(listening))
  })

/** Where the server is, and what is to be said about its world. */
export const world = (listening: Listening.Listening, notes: ReadonlyArray<string>, strict: boolean) =>
  sayAll([`WebQQ on ${urls(listening).join(" and ")} (${strict ? "strict" : "tolerant"}); Ctrl-C stops it`, ...notes])
