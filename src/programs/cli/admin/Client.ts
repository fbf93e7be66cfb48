/**
 * The way from `webqq admin` to a running server.
 */
import * as CliOptions from "@effect/cli/Options"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Api from "../../server/admin/Api.ts"
import * as Authorization from "../../server/admin/Authorization.ts"
import * as Problems from "../../server/admin/Problems.ts"
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
    return yield* make(file).pipe(
      Effect.flatMap(command),
      Effect.provide(NodeHttpClient.layer),
      Effect.mapError((error) => failure(port, error))
    )
  })
