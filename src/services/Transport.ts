/**
 * Where the documented hosts really live. Requests are made for `d.web2.qq.com` and the like; a transport sends them to
 * an embedded server, a gateway or a proxy instead, and keeps the documented name in `Host`.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** `locate`: the URL to which a request for the documented URL really goes. */
export class Transport extends Context.Tag("effect-webqq/Transport")<
  Transport,
  { readonly locate: (documented: URL) => URL }
>() {}

/** Sends everything to one server, keeping path and query. A path of the server's URL is put in front. */
export const make = (server: URL): Transport["Type"] => {
  const prefix = server.pathname.replace(/\/$/, "")
  return Transport.of({
    locate: (documented) => new URL(`${server.origin}${prefix}${documented.pathname}${documented.search}`)
  })
}

/** A transport to one server, for example `http://127.0.0.1:2013`. */
export const layer = (server: URL): Layer.Layer<Transport> => Layer.succeed(Transport, make(server))

/** A transport to the server of a Config. */
export const layerConfig = (server: Config.Config<URL>): Layer.Layer<Transport, ConfigError.ConfigError> =>
  Layer.effect(Transport, Effect.map(server, make))

/** No detour: requests go to the documented hosts themselves. */
export const layerDirect: Layer.Layer<Transport> = Layer.succeed(Transport, { locate: (documented) => documented })

const reroute =
  (transport: Transport["Type"]) =>
  (request: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest => {
    const documented = new URL(request.url)
    const real = transport.locate(documented)
    return real.href === documented.href
      ? request
      : request.pipe(HttpClientRequest.setHeader("host", documented.host), HttpClientRequest.setUrl(real.href))
  }

/**
 * An `HttpClient` whose requests go where the transport says, on top of the platform's client. The platform's client
 * must let `Host` be set (Node's does; `fetch` does not).
 */
export const layerHttpClient: Layer.Layer<HttpClient.HttpClient, never, HttpClient.HttpClient | Transport> =
  Layer.effect(
    HttpClient.HttpClient,
    Effect.zipWith(HttpClient.HttpClient, Transport, (client, transport) =>
      HttpClient.mapRequest(client, reroute(transport))
    )
  )
