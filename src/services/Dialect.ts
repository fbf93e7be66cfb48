/**
 * Which dialect a program speaks. A program picks one by providing a layer; nothing else in it changes.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Dialects from "../protocol/dialect/Dialects.ts"

/** The dialect: hosts, headers and constants of a time. */
export class Dialect extends Context.Tag("effect-webqq/Dialect")<Dialect, Dialects.Dialect>() {}

export const layer = (dialect: Dialects.Dialect): Layer.Layer<Dialect> => Layer.succeed(Dialect, dialect)

/** The 2013 WebQQ of the first document. */
export const webqq2013: Layer.Layer<Dialect> = layer(Dialects.webqq2013)

/** The WebQQ of 2014, with the RSA and TEA password. */
export const webqq2014: Layer.Layer<Dialect> = layer(Dialects.webqq2014)

/** SmartQQ, of the second document. */
export const smartqq2015: Layer.Layer<Dialect> = layer(Dialects.smartqq2015)
