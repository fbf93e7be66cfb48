/**
 * The world file: who lives in the embedded server's world, as JSON.
 */
import * as Arr from "effect/Array"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Ids from "../../schema/Ids.ts"
import * as Profile from "./Profile.ts"

const FriendEntry = Schema.Struct({
  number: Ids.WrittenQQ,
  /** The name of the owner's category; the default one if not given. */
  category: Schema.optional(Schema.NonEmptyString),
  /** The remark name that the owner gave to the friend. */
  remark: Schema.optional(Schema.NonEmptyString)
})

const AccountEntry = Schema.Struct({
  number: Ids.WrittenQQ,
  password: Schema.Redacted(Schema.NonEmptyString),
  nick: Schema.NonEmptyString,
  /** The personal signature that friends see. */
  signature: Schema.optionalWith(Schema.String, { default: () => "" }),
  profile: Schema.optionalWith(Profile.Profile, { default: () => Profile.blank }),
  /** May not log in, whatever the password. */
  frozen: Schema.optionalWith(Schema.Boolean, { default: () => false }),
  friends: Schema.optionalWith(Schema.Array(FriendEntry), { default: () => [] })
})

const MemberEntry = Schema.Struct({
  number: Ids.WrittenQQ,
  /** The name that the member carries in the group. */
  card: Schema.optional(Schema.NonEmptyString),
  admin: Schema.optionalWith(Schema.Boolean, { default: () => false })
})

const GroupEntry = Schema.Struct({
  /** The group number that people type. */
  number: Schema.Int.pipe(Schema.positive()),
  name: Schema.NonEmptyString,
  owner: Ids.WrittenQQ,
  /** The members, the owner included or not. */
  members: Schema.optionalWith(Schema.Array(MemberEntry), { default: () => [] })
})

const DiscussionEntry = Schema.Struct({
  did: Ids.DiscussionId,
  name: Schema.NonEmptyString,
  owner: Ids.WrittenQQ,
  members: Schema.optionalWith(Schema.Array(Ids.WrittenQQ), { default: () => [] })
})

const RequestEntry = Schema.Struct({
  from: Ids.WrittenQQ,
  to: Ids.WrittenQQ,
  message: Schema.optionalWith(Schema.String, { default: () => "" })
})

/** The shape of the file. A friendship that only one side lists holds for both. */
export const WorldFile = Schema.Struct({
  accounts: Schema.Array(AccountEntry),
  groups: Schema.optionalWith(Schema.Array(GroupEntry), { default: () => [] }),
  discussions: Schema.optionalWith(Schema.Array(DiscussionEntry), { default: () => [] }),
  /** Friend requests that wait for an answer. */
  requests: Schema.optionalWith(Schema.Array(RequestEntry), { default: () => [] })
})
export type WorldFile = typeof WorldFile.Type

/** The world file cannot be used; `problem` says where and why, `source` which file. */
export class WorldFileError extends Schema.TaggedError<WorldFileError>("effect-webqq/WorldFileError")(
  "WorldFileError",
  { source: Schema.String, problem: Schema.String }
) {
  override get message(): string {
    return `The world file ${this.source} cannot be used: ${this.problem}. Correct it and start again.`
  }
}

const place = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    ""
  )

/** Names the place and what is wrong there; never the value, which may be a password. */
const describe = (issue: ParseResult.ParseIssue): string => {
  const first = ParseResult.ArrayFormatter.formatIssueSync(issue)[0]
  if (first === undefined || first.path.length === 0) return "it is not a JSON object with a list of accounts"
  const where = place(first.path)
  switch (first._tag) {
    case "Missing":
      return `${where} is missing`
    case "Unexpected":
      return `${where} is no known field`
    default:
      return `${where} has the wrong type or value`
  }
}

const twice = <A>(items: ReadonlyArray<A>): A | undefined => items.find((item, i) => items.indexOf(item) !== i)

function* inconsistencies({ accounts, discussions, groups, requests }: WorldFile): Generator<string> {
  const known = new Set(accounts.map(({ number }) => number))
  const account = twice(accounts.map(({ number }) => number))
  if (account !== undefined) yield `the account ${account} stands there twice`
  const group = twice(groups.map(({ number }) => number))
  if (group !== undefined) yield `the group ${group} stands there twice`
  const discussion = twice(discussions.map(({ did }) => did))
  if (discussion !== undefined) yield `the discussion ${discussion} stands there twice`
  for (const { friends, number } of accounts) {
    for (const friend of friends) {
      if (!known.has(friend.number)) yield `${number} has the friend ${friend.number}, who is no account`
      if (friend.number === number) yield `${number} is a friend of itself`
    }
  }
  for (const { members, number, owner } of groups) {
    for (const member of [owner, ...members.map((entry) => entry.number)]) {
      if (!known.has(member)) yield `the group ${number} has the member ${member}, who is no account`
    }
  }
  for (const { did, members, owner } of discussions) {
    for (const member of [owner, ...members]) {
      if (!known.has(member)) yield `the discussion ${did} has the member ${member}, who is no account`
    }
  }
  for (const { from, to } of requests) {
    if (!known.has(from) || !known.has(to)) yield `the request from ${from} to ${to} names somebody who is no account`
  }
}

const inconsistency = (file: WorldFile): Option.Option<string> =>
  Option.fromNullable(inconsistencies(file).next().value ?? undefined)

const parse = ParseResult.decodeUnknownEither(Schema.parseJson(WorldFile))

/** Reads the text of a world file; `source` is its name, for the message. */
export const fromJson = (text: string, source: string): Either.Either<WorldFile, WorldFileError> =>
  parse(text, { onExcessProperty: "error" }).pipe(
    Either.mapLeft(describe),
    Either.filterOrLeft(
      (file) => Option.isNone(inconsistency(file)),
      (file) => Option.getOrElse(inconsistency(file), () => "")
    ),
    Either.mapLeft((problem) => new WorldFileError({ source, problem }))
  )

const person = (
  number: number,
  nick: string,
  signature: string,
  friends: ReadonlyArray<{ readonly number: number; readonly category?: string; readonly remark?: string }>
): WorldFile["accounts"][number] => ({
  number: Ids.QQ.make(number),
  password: Redacted.make(`webqq-${number}`),
  nick,
  signature,
  profile: Profile.blank,
  frozen: false,
  friends: Arr.map(friends, (friend) => ({ ...friend, number: Ids.QQ.make(friend.number) }))
})

const qq = (number: number): Ids.QQ => Ids.QQ.make(number)
const member = (number: number, options?: { readonly card?: string; readonly admin?: boolean }) => ({
  number: qq(number),
  admin: options?.admin ?? false,
  ...(options?.card === undefined ? {} : { card: options.card })
})

/**
 * The built-in world: a bot and three people, a group, a discussion group, a friend request. The password of each
 * account is `webqq-` and its number.
 */
export const sample: WorldFile = {
  accounts: [
    person(10001, "小黄鸡", "你说什么，我就说什么", [
      { number: 10002, category: "同学", remark: "小明" },
      { number: 10003 }
    ]),
    person(10002, "明明", "今天也要加油", [
      { number: 10001, category: "机器人" },
      { number: 10003, remark: "红姐" }
    ]),
    person(10003, "阿红", "", []),
    person(10004, "路人", "", [])
  ],
  groups: [
    {
      number: 123456,
      name: "三年二班",
      owner: qq(10003),
      members: [member(10001, { card: "鸡同学" }), member(10002, { card: "班长", admin: true }), member(10004)]
    }
  ],
  discussions: [
    {
      did: Ids.DiscussionId.make(1664044173),
      name: "周末去哪儿",
      owner: qq(10002),
      members: [qq(10001), qq(10003), qq(10004)]
    }
  ],
  requests: [{ from: qq(10004), to: qq(10002), message: "我是路人，加个好友吧" }]
}
