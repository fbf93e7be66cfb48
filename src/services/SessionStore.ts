/**
 * Where a session is kept between two runs of a program. What is kept lets its holder act for the account: keep it as
 * you would keep the password.
 */

import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as KeyValueStore from "@effect/platform/KeyValueStore"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Encoding from "effect/Encoding"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as CookieJar from "../protocol/CookieJar.ts"
import * as Ids from "../schema/Ids.ts"
import * as Printable from "../schema/Printable.ts"
import * as Session from "./Session.ts"

/** `null` stands for "until the session ends", which JSON cannot say as a number. */
const Expiry = Schema.transform(Schema.NullOr(Schema.Number), Schema.Number, {
  strict: true,
  decode: (at) => at ?? Number.POSITIVE_INFINITY,
  encode: (at) => (Number.isFinite(at) ? at : null)
})

const Cookie = Schema.Struct({
  name: Schema.String,
  value: Schema.Redacted(Schema.String),
  domain: Schema.String,
  hostOnly: Schema.Boolean,
  path: Schema.String,
  secure: Schema.Boolean,
  httpOnly: Schema.Boolean,
  createdAt: Schema.Number,
  expiresAt: Expiry
}).pipe(Schema.filter(CookieJar.isEntry))

/**
 * A kept session: tokens, cookies, the number of the last message, and when it was kept (ms since 1970). `clean`: it was
 * kept at the end of a program that had confirmed all that it had received; false where a program was killed, and in files
 * of 0.1.0, which do not say.
 */
export const Saved = Schema.Struct({
  version: Schema.Literal(1),
  dialect: Schema.String,
  credentials: Session.Credentials,
  cookies: Schema.Array(Cookie).pipe(Schema.maxItems(CookieJar.bounds.total)),
  lastMsgId: Ids.MsgId,
  savedAt: Schema.Number,
  clean: Schema.optional(Schema.Boolean)
})
export type Saved = typeof Saved.Type

/**
 * - `load`: the kept session, if there is one that can be read. One that cannot is reported and set aside under another
 *   name.
 * - `save`: keeps a session in place of the former one. A failure is reported and changes nothing else.
 * - `setAside(why)`: reports the kept session and puts it under another name.
 */
export class SessionStore extends Context.Tag("effect-webqq/SessionStore")<
  SessionStore,
  {
    readonly load: Effect.Effect<Option.Option<Saved>>
    readonly save: (saved: Saved) => Effect.Effect<void>
    readonly setAside: (why: string) => Effect.Effect<void>
  }
>() {}

const Text = Schema.parseJson(Saved)
const decode = Schema.decodeOption(Text)
const encode = Schema.encode(Text)

const warn = (what: string) => (error: PlatformError.PlatformError) =>
  Effect.logWarning(Printable.text`${what}: ${error.message}`)

/** What a store holds, in the form in which putting it back changes nothing: bytes where it is no text. */
const contentOf = (store: KeyValueStore.KeyValueStore, key: string) =>
  Effect.gen(function* () {
    const text = yield* store.get(key)
    const bytes = yield* store.getUint8Array(key)
    return Option.zipWith(text, bytes, (asText, asBytes) =>
      Encoding.encodeHex(asText) === Encoding.encodeHex(asBytes) ? asText : asBytes
    )
  })

/** The first of `name`, `name-2`, `name-3` and so on that is not taken. */
const freeName = (
  store: KeyValueStore.KeyValueStore,
  name: string,
  n = 1
): Effect.Effect<string, PlatformError.PlatformError> => {
  const candidate = n === 1 ? name : `${name}-${n}`
  return Effect.flatMap(store.has(candidate), (taken) =>
    taken ? freeName(store, name, n + 1) : Effect.succeed(candidate)
  )
}

/** Keeps the session under `key` of a key-value store. */
export const make = (key: string): Effect.Effect<SessionStore["Type"], never, KeyValueStore.KeyValueStore> =>
  Effect.map(KeyValueStore.KeyValueStore, (store) => {
    const setAside = (why: string) =>
      Effect.gen(function* () {
        const content = yield* contentOf(store, key)
        if (Option.isNone(content)) return
        const name = yield* freeName(store, `${key}.aside-${yield* Clock.currentTimeMillis}`)
        yield* store.set(name, content.value)
        yield* store.remove(key)
        yield* Effect.logWarning(Printable.text`the kept session ${why}; it was put aside as ${name}`)
      }).pipe(Effect.catchAll(warn(`the kept session ${why}, and could not be put aside`)))
    return SessionStore.of({
      load: Effect.gen(function* () {
        const text = yield* store.get(key)
        if (Option.isNone(text)) return Option.none()
        const saved = decode(text.value)
        if (Option.isNone(saved)) yield* setAside("is damaged or none of ours")
        return saved
      }).pipe(
        Effect.catchAll((error) => Effect.as(warn("the kept session could not be read")(error), Option.none<Saved>()))
      ),
      save: (saved) =>
        Effect.flatMap(Effect.orDie(encode(saved)), (text) =>
          Effect.catchAll(store.set(key, text), warn("the session could not be kept"))
        ),
      setAside
    })
  })

/** {@link make} as a layer over any key-value store. */
export const layer = (key: string): Layer.Layer<SessionStore, never, KeyValueStore.KeyValueStore> =>
  Layer.effect(SessionStore, make(key))

/** A key-value store of one file each, readable by their owner alone (0600), written whole or not at all. */
const privateFiles = (directory: string) =>
  Layer.effect(
    KeyValueStore.KeyValueStore,
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const fileOf = (key: string) => path.join(directory, key)
      const ifThere = <A>(key: string, read: (file: string) => Effect.Effect<A, PlatformError.PlatformError>) =>
        Effect.if(files.exists(fileOf(key)), {
          onTrue: () => Effect.asSome(read(fileOf(key))),
          onFalse: () => Effect.succeed(Option.none<A>())
        })
      const write = (key: string, content: string | Uint8Array) =>
        Effect.gen(function* () {
          // Under a name of its own, because another program may be writing the same.
          const unfinished = fileOf(`${key}.${yield* Random.nextIntBetween(0, 0x7fffffff)}.new`)
          const remove = Effect.ignore(files.remove(unfinished))
          const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
          yield* files.makeDirectory(directory, { recursive: true, mode: 0o700 })
          // A file that is already there keeps its mode, so it must not be there.
          yield* remove
          yield* files.writeFile(unfinished, bytes, { flag: "wx", mode: 0o600 }).pipe(
            Effect.zipRight(files.rename(unfinished, fileOf(key))),
            Effect.onError(() => remove)
          )
        })
      return KeyValueStore.make({
        get: (key) => ifThere(key, files.readFileString),
        getUint8Array: (key) => ifThere(key, files.readFile),
        set: write,
        remove: (key) => files.remove(fileOf(key)),
        has: (key) => files.exists(fileOf(key)),
        clear: files.remove(directory, { recursive: true }),
        size: Effect.map(files.readDirectory(directory), (names) => names.length)
      })
    })
  )

/** Keeps the session in a file of its own, with mode 0600. */
export const layerFile = (file: string): Layer.Layer<SessionStore, never, FileSystem.FileSystem | Path.Path> =>
  Layer.unwrapEffect(
    Effect.map(Path.Path, (path) => Layer.provide(layer(path.basename(file)), privateFiles(path.dirname(file))))
  )
