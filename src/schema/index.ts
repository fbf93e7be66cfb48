/**
 * What travels: ids, tokens, message content, poll events, replies. Pure data and codecs.
 */
export * as Channel from "./Channel.ts"
export * as Contacts from "./Contacts.ts"
export * as Content from "./Content.ts"
export * as Entities from "./Entities.ts"
export * as Envelope from "./Envelope.ts"
export * as Face from "./Face.ts"
export * as Groups from "./Groups.ts"
export * as Ids from "./Ids.ts"
export * as PollEvent from "./PollEvent.ts"
export * as Printable from "./Printable.ts"
export * as Ptui from "./Ptui.ts"
export * as Reader from "./Reader.ts"
export * as Signature from "./Signature.ts"
export * as Split from "./Split.ts"
