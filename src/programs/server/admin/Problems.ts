/**
 * Why an administrator's command is not carried out. Each `message` is a sentence for a person.
 */
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Schema from "effect/Schema"

/** The token is missing or wrong; which of them, and how wrong, is nobody's business. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>("effect-webqq/admin/Unauthorized")(
  "Unauthorized",
  {},
  HttpApiSchema.annotations({ status: 401 })
) {
  override get message(): string {
    return "The server does not take commands from here."
  }
}

/** There is nothing of that kind and number. */
export class NoSuch extends Schema.TaggedError<NoSuch>("effect-webqq/admin/NoSuch")(
  "NoSuch",
  { what: Schema.Literal("account", "discussion group", "group"), number: Schema.Int },
  HttpApiSchema.annotations({ status: 404 })
) {
  override get message(): string {
    return `There is no ${this.what} ${this.number}.`
  }
}

/** The account has no session that could be ended. */
export class NoSession extends Schema.TaggedError<NoSession>("effect-webqq/admin/NoSession")(
  "NoSession",
  { account: Schema.Int },
  HttpApiSchema.annotations({ status: 404 })
) {
  override get message(): string {
    return `${this.account} has no session: it is not logged in.`
  }
}

/** The number is taken; of accounts and of groups. */
export class AlreadyThere extends Schema.TaggedError<AlreadyThere>("effect-webqq/admin/AlreadyThere")(
  "AlreadyThere",
  { what: Schema.Literal("account", "group"), number: Schema.Int },
  HttpApiSchema.annotations({ status: 409 })
) {
  override get message(): string {
    return `There is already ${this.what === "account" ? "an" : "a"} ${this.what} ${this.number}.`
  }
}

/** Two who are friends shall become friends, or somebody shall join a group again. */
export class AlreadyRelated extends Schema.TaggedError<AlreadyRelated>("effect-webqq/admin/AlreadyRelated")(
  "AlreadyRelated",
  { account: Schema.Int, to: Schema.Int, as: Schema.Literal("friend", "member") },
  HttpApiSchema.annotations({ status: 409 })
) {
  override get message(): string {
    return this.as === "friend"
      ? `${this.account} and ${this.to} are friends already.`
      : `${this.account} is a member of ${this.to} already.`
  }
}

/** Who is no friend or no member cannot do that. */
export class NotRelated extends Schema.TaggedError<NotRelated>("effect-webqq/admin/NotRelated")(
  "NotRelated",
  { account: Schema.Int, to: Schema.Int, as: Schema.Literal("friend", "member") },
  HttpApiSchema.annotations({ status: 422 })
) {
  override get message(): string {
    return this.as === "friend"
      ? `${this.account} does not have ${this.to} as a friend.`
      : `${this.account} is no member of ${this.to}.`
  }
}

/** It can be understood and cannot be done; `why` is a whole sentence. */
export class Impossible extends Schema.TaggedError<Impossible>("effect-webqq/admin/Impossible")(
  "Impossible",
  { why: Schema.String },
  HttpApiSchema.annotations({ status: 422 })
) {
  override get message(): string {
    return this.why
  }
}

/** Everything that a command can be refused with. */
export const Problem = Schema.Union(
  Unauthorized,
  NoSuch,
  NoSession,
  AlreadyThere,
  AlreadyRelated,
  NotRelated,
  Impossible
)
export type Problem = typeof Problem.Type

/** Whether something is one of these. */
export const isProblem: (u: unknown) => u is Problem = Schema.is(Problem)
