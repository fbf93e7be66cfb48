/**
 * The way from `webqq admin` to a running server.
 */
import { randomBytes } from "node:crypto"
import * as CliOptions from "@effect/cli/Options"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Api from "../../server/admin/Api.ts"
import * as Authorization from "../../server/admin/Authorization.ts"
import * as Problems from "../../server/admin/Problems.ts"
import * as Proof from "../../server/admin/Proof.ts"
import * as Account from "../Account.ts"
import { BadInput, Refused } from "../Failure.ts"
import * as AdminFile from "./AdminFile.ts"

/** Which of the running servers, by its port. */
export const server = CliOptions.all({ server: Account.options.server }).pipe(CliOptions.map(({ server }) => server))

const portOf = ({ port, protocol }: URL): number => (port === "" ? (protocol === "https:" ? 443 : 80) : Number(port))

const make = ({ token, url }: AdminFile.AdminFile) =>
  HttpApiClient.make(Api.api, {
    baseUrl: url,
    transformClient: HttpClient.mapRequest(HttpClientRequest.bearerToken(token))
  })

/** The calls that a server takes. */
export type Client = Effect.Effect.Success<ReturnType<typeof make>>

const notRunning = (port: number) =>
  new Refused({
    message: `no server of yours runs on port ${port}. Start one with \`webqq serve\`, or name it with --server URL.`
  })

/** What went wrong, for a person. Which requests fit is checked here before, so others are between versions. */
const failure = (port: number, error: unknown): Refused => {
  if (Problems.isProblem(error)) return new Refused({ message: error.message })
  if (HttpClientError.isHttpClientError(error) && error._tag === "RequestError") return notRunning(port)
  return new Refused({
    message: `the server on port ${port} and this command do not understand each other. Check that they are of the same version.`
  })
}

const isNotIt = (port: number) =>
  new Refused({
    message: `what answers for the server on port ${port} is not the one that left its file there, or is of another version. Nothing was told to it; start the server again.`
  })

/** Who answers there must know the token before anything else is said. */
const prove = ({ token, url }: AdminFile.AdminFile, port: number) =>
  Effect.gen(function* () {
    const nonce = yield* Effect.sync(() => randomBytes(16).toString("hex"))
    const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
    const response = yield* client.get(`${url}${Proof.path}`, { urlParams: { nonce } })
    if ((yield* response.text) !== Proof.of(token, nonce)) yield* isNotIt(port)
  }).pipe(
    HttpIncomingMessage.withMaxBodySize(Option.some(1024)),
    Effect.timeoutFail({ duration: "5 seconds", onTimeout: () => isNotIt(port) }),
    Effect.mapError((error) =>
      error._tag === "RequestError" ? notRunning(port) : error._tag === "Refused" ? error : isNotIt(port)
    )
  )

/** The server that a URL means, as its file says; whether it answers is not known yet. */
export const find = (
  url: string
): Effect.Effect<
  { readonly port: number; readonly file: AdminFile.AdminFile },
  BadInput | Refused,
  FileSystem.FileSystem
> =>
  Effect.gen(function* () {
    const server = yield* Account.serverUrl(url)
    if (!Authorization.isLoopback(server.host)) {
      return yield* new BadInput({ message: `webqq admin works on this machine alone, and not on ${server.host}.` })
    }
    const port = portOf(server)
    const file = yield* Effect.mapError(yield* AdminFile.read(port), () => notRunning(port))
    return { port, file }
  })

/** Gives a command to the server that a URL means. */
export const tell = <A, E>(
  url: string,
  command: (client: Client) => Effect.Effect<A, E>
): Effect.Effect<A, BadInput | Refused, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const { file, port } = yield* find(url)
    return yield* prove(file, port).pipe(
      Effect.zipRight(Effect.mapError(Effect.flatMap(make(file), command), (error) => failure(port, error))),
      Effect.provide(NodeHttpClient.layer)
    )
  })
