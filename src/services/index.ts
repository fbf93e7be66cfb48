/** What the endpoints need: tags, makers and layers. */
export * as CookieStore from "./CookieStore.ts"
export * as Dialect from "./Dialect.ts"
export * as MessageIds from "./MessageIds.ts"
export * as Session from "./Session.ts"
export * as Signatures from "./Signatures.ts"
export * as Transport from "./Transport.ts"
