/**
 * What the commands of `webqq admin` are given, checked before a server is asked.
 */
import * as CliOptions from "@effect/cli/Options"
import * as Either from "effect/Either"
import * as Ids from "../../../schema/Ids.ts"
import type * as Api from "../../server/admin/Api.ts"
import { BadInput } from "../Failure.ts"

/** The flag of commands that list something. */
export const json = CliOptions.boolean("json").pipe(CliOptions.withDescription("Print JSON for other programs"))

const bad = (message: string) => Either.left(new BadInput({ message }))

/** A QQ number as people type it; `what` is the name of the argument or flag. */
export const qq = (what: string, text: string): Either.Either<Ids.QQ, BadInput> =>
  /^[1-9]\d{4,9}$/.test(text)
    ? Either.right(Ids.QQ.make(Number(text)))
    : bad(`${what} is no QQ number: ${text}. Give 5 to 10 digits.`)

/** The number of a group as people type it. */
export const group = (what: string, text: string): Either.Either<number, BadInput> =>
  /^[1-9]\d{0,9}$/.test(text)
    ? Either.right(Number(text))
    : bad(`${what} is no group number: ${text}. Give 1 to 10 digits.`)

/** A name: up to 100 characters. */
export const name = (what: string, text: string, most = 100): Either.Either<string, BadInput> =>
  text.length >= 1 && text.length <= most ? Either.right(text) : bad(`${what} must have 1 to ${most} characters.`)

/** Somebody, a group, or a discussion group. */
export const target = (text: string): Either.Either<Api.Target, BadInput> => {
  const [, kind, number = ""] = /^(group|discussion):(\d{1,10})$/.exec(text) ?? []
  if (kind === "group") return Either.map(group("--to", number), (number) => ({ _tag: "Group", number }))
  if (kind === "discussion") return Either.right({ _tag: "Discussion", did: Ids.DiscussionId.make(Number(number)) })
  return Either.match(qq("--to", text), {
    onLeft: () => bad(`--to is nobody: ${text}. Give a QQ number, group:NUMBER or discussion:DID.`),
    onRight: (number) => Either.right<Api.Target>({ _tag: "Friend", number })
  })
}
