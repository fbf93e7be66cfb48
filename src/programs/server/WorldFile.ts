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

const FriendEntry = Schema.Struct({
  number: Ids.QQ,
  /** The name of the owner's category; the default one if not given. */
  category: Schema.optional(Schema.NonEmptyString),
  /** The remark name that the owner gave to the friend. */
  remark: Schema.optional(Schema.NonEmptyString)
})

const AccountEntry = Schema.Struct({
  number: Ids.QQ,
  password: Schema.Redacted(Schema.NonEmptyString),
  nick: Schema.NonEmptyString,
  /** The personal signature that friends see. */
  signature: Schema.optionalWith(Schema.String, { default: () => "" }),
  friends: Schema.optionalWith(Schema.Array(FriendEntry), { default: () => [] })
})

/** The shape of the file. A friendship that only one side lists holds for both. */
export const WorldFile = Schema.Struct({ accounts: Schema.Array(AccountEntry) })
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

const inconsistency = ({ accounts }: WorldFile): Option.Option<string> => {
  const numbers = accounts.map((account) => account.number)
  const known = new Set(numbers)
  const twice = numbers.find((number, i) => numbers.indexOf(number) !== i)
  if (twice !== undefined) return Option.some(`the account ${twice} stands there twice`)
  for (const { friends, number } of accounts) {
    for (const friend of friends) {
      if (!known.has(friend.number)) return Option.some(`${number} has the friend ${friend.number}, who is no account`)
      if (friend.number === number) return Option.some(`${number} is a friend of itself`)
    }
  }
  return Option.none()
}

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
  friends: Arr.map(friends, (friend) => ({ ...friend, number: Ids.QQ.make(friend.number) }))
})

/** The built-in world: a bot and two people. The password of each account is `webqq-` and its number. */
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
    person(10003, "阿红", "", [])
  ]
}
