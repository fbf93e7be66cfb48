/**
 * What is said: one Effect per endpoint, the poll Stream, the pure algorithms, the dialects, the errors.
 */
export * as Channel from "./Channel.ts"
export * as Contacts from "./Contacts.ts"
export * as CookieJar from "./CookieJar.ts"
export * as FriendHash from "./crypto/FriendHash.ts"
export * as PasswordMd5 from "./crypto/PasswordMd5.ts"
export * as StringHash from "./crypto/StringHash.ts"
export * as Dialects from "./dialect/Dialects.ts"
export * as Errors from "./Errors.ts"
export * as Endpoint from "./endpoint/Endpoint.ts"
export * as Endpoints from "./endpoint/Endpoints.ts"
export * as Messages from "./Messages.ts"
export * as Poll from "./Poll.ts"
export * as Ptlogin from "./Ptlogin.ts"
