/**
 * effect-webqq: the core under one import. The codecs of single replies are at `effect-webqq/schema`, the server at
 * `effect-webqq/server`, the test kit at `effect-webqq/testing`.
 */
export * from "./programs/index.ts"
export * from "./protocol/index.ts"
export { Content, Face, Ids, PollEvent, Printable } from "./schema/index.ts"
export * from "./services/index.ts"
