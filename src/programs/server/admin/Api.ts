/**
 * What an administrator can ask of a running server, as a description that server and client share.
 */
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as Schema from "effect/Schema"
import * as Ids from "../../../schema/Ids.ts"
import * as Faults from "../Faults.ts"
import * as Authorization from "./Authorization.ts"
import * as Problems from "./Problems.ts"

const Name = Schema.NonEmptyString.pipe(Schema.maxLength(100))
const GroupNumber = Schema.Int.pipe(Schema.between(1, 9_999_999_999))

/** A QQ number that may be given to somebody new: 5 to 10 digits. */
export const NewNumber = Ids.WrittenQQ.pipe(Schema.between(10_000, 9_999_999_999))

/**
 * The MD5 of a password (`Seed.digest`), as 32 hex digits: the password itself never travels.
 */
export const Digest = Schema.Redacted(
  Schema.compose(Schema.String.pipe(Schema.pattern(/^[0-9a-f]{32}$/)), Schema.Uint8ArrayFromHex)
)

/** An account as it is listed. `online`: it has a session whose client is there. */
export const AccountLine = Schema.Struct({
  number: Ids.QQ,
  nick: Schema.String,
  signature: Schema.String,
  frozen: Schema.Boolean,
  online: Schema.Boolean
})
export type AccountLine = typeof AccountLine.Type

/**
 * A session as it is listed; it has no token. `since` and `seen` are the times of the login and of the last request
 * (unix milliseconds, by the server's clock); `away`: silent for long; `waiting`: messages that have not arrived yet.
 */
export const SessionLine = Schema.Struct({
  account: Ids.QQ,
  nick: Schema.String,
  status: Schema.String,
  since: Schema.Int,
  seen: Schema.Int,
  away: Schema.Boolean,
  waiting: Schema.Int
})
export type SessionLine = typeof SessionLine.Type

/** To whom something is said. */
export const Target = Schema.Union(
  Schema.TaggedStruct("Friend", { number: Ids.QQ }),
  Schema.TaggedStruct("Group", { number: GroupNumber }),
  Schema.TaggedStruct("Discussion", { did: Ids.DiscussionId })
)
export type Target = typeof Target.Type

/** How many a message went to, and how many of them did not get it because too many wait for them. */
export const Said = Schema.Struct({ recipients: Schema.Int, missed: Schema.Int })
export type Said = typeof Said.Type

/** `add` takes the digest of the password; `freeze` keeps somebody from logging in, or no longer. */
const accounts = HttpApiGroup.make("accounts")
  .add(HttpApiEndpoint.get("list", "/accounts").addSuccess(Schema.Array(AccountLine)))
  .add(
    HttpApiEndpoint.post("add", "/accounts")
      .setPayload(
        Schema.Struct({
          number: NewNumber,
          nick: Name,
          signature: Schema.String.pipe(Schema.maxLength(1000)),
          digest: Digest
        })
      )
      .addError(Problems.AlreadyThere)
  )
  .add(
    HttpApiEndpoint.post("passwd", "/accounts/password")
      .setPayload(Schema.Struct({ number: Ids.QQ, digest: Digest }))
      .addError(Problems.NoSuch)
  )
  .add(
    HttpApiEndpoint.post("freeze", "/accounts/frozen")
      .setPayload(Schema.Struct({ number: Ids.QQ, frozen: Schema.Boolean }))
      .addError(Problems.NoSuch)
  )

/** Friendships go both ways; `category` and `remark` are how `account` keeps the friend. */
const friends = HttpApiGroup.make("friends")
  .add(
    HttpApiEndpoint.post("add", "/friends")
      .setPayload(
        Schema.Struct({
          account: Ids.QQ,
          friend: Ids.QQ,
          category: Schema.optional(Name),
          remark: Schema.optional(Name)
        })
      )
      .addError(Problems.NoSuch)
      .addError(Problems.AlreadyRelated)
      .addError(Problems.Impossible)
  )
  .add(
    HttpApiEndpoint.post("remove", "/friends/removal")
      .setPayload(Schema.Struct({ account: Ids.QQ, friend: Ids.QQ }))
      .addError(Problems.NotRelated)
  )

const groups = HttpApiGroup.make("groups")
  .add(
    HttpApiEndpoint.post("create", "/groups")
      .setPayload(Schema.Struct({ number: GroupNumber, name: Name, owner: Ids.QQ, members: Schema.Array(Ids.QQ) }))
      .addError(Problems.NoSuch)
      .addError(Problems.AlreadyThere)
  )
  .add(
    HttpApiEndpoint.post("join", "/groups/members")
      .setPayload(
        Schema.Struct({
          number: GroupNumber,
          account: Ids.QQ,
          card: Schema.optional(Name),
          admin: Schema.Boolean
        })
      )
      .addError(Problems.NoSuch)
      .addError(Problems.AlreadyRelated)
  )
  .add(
    HttpApiEndpoint.post("leave", "/groups/leaving")
      .setPayload(Schema.Struct({ number: GroupNumber, account: Ids.QQ }))
      .addError(Problems.NoSuch)
      .addError(Problems.NotRelated)
      .addError(Problems.Impossible)
  )

const messages = HttpApiGroup.make("messages").add(
  HttpApiEndpoint.post("say", "/messages")
    .setPayload(Schema.Struct({ from: Ids.QQ, to: Target, text: Schema.NonEmptyString.pipe(Schema.maxLength(10_000)) }))
    .addSuccess(Said)
    .addError(Problems.NoSuch)
    .addError(Problems.NotRelated)
    .addError(Problems.Impossible)
)

const sessions = HttpApiGroup.make("sessions")
  .add(HttpApiEndpoint.get("list", "/sessions").addSuccess(Schema.Array(SessionLine)))
  .add(
    HttpApiEndpoint.post("kick", "/sessions/kick")
      .setPayload(Schema.Struct({ account: Ids.QQ }))
      .addError(Problems.NoSuch)
      .addError(Problems.NoSession)
  )

/** `file` is a path on the server's machine, where nothing must be yet. */
const world = HttpApiGroup.make("world").add(
  HttpApiEndpoint.post("backup", "/world/backup")
    .setPayload(Schema.Struct({ file: Schema.NonEmptyString.pipe(Schema.maxLength(4096)) }))
    .addError(Problems.Impossible)
)

const faults = HttpApiGroup.make("faults")
  .add(HttpApiEndpoint.get("show", "/faults").addSuccess(Faults.Plan))
  .add(HttpApiEndpoint.put("set", "/faults").setPayload(Faults.UsablePlan))
  .add(HttpApiEndpoint.del("clear", "/faults"))

/** All of it; every request needs the token, unknown paths included. */
export const api = HttpApi.make("effect-webqq/admin")
  .add(accounts)
  .add(friends)
  .add(groups)
  .add(messages)
  .add(sessions)
  .add(world)
  .add(faults)
  .middleware(Authorization.Authorization)
