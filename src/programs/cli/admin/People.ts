/**
 * `webqq admin account`, `friend` and `group`.
 */
import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as CliOptions from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Api from "../../server/admin/Api.ts"
import * as Seed from "../../server/Seed.ts"
import * as Account from "../Account.ts"
import * as Print from "../Print.ts"
import * as Client from "./Client.ts"
import * as Input from "./Input.ts"
import * as Table from "./Table.ts"

const { server } = Client
const number = Args.text({ name: "number" })
const account = Args.text({ name: "account" })

/** The server gets the digest alone. Nobody is asked for a password when there is no server. */
const digestFrom = ({ passwordFile, server }: Pick<Account.Flags, "passwordFile" | "server">) =>
  Effect.zipRight(Client.find(server), Effect.map(Account.password(passwordFile), Seed.digest))

const nameFlag = (name: string, about: string) => CliOptions.text(name).pipe(CliOptions.withDescription(about))

/** A name that need not be given. */
const perhaps = (flag: string, text: Option.Option<string>) =>
  Option.match(text, { onNone: () => Effect.succeed(undefined), onSome: (given) => Input.name(flag, given) })

const accountAdd = Command.make(
  "add",
  {
    server,
    nick: nameFlag("nick", "The name that others see"),
    signature: CliOptions.withDefault(nameFlag("signature", "The personal signature that friends see"), ""),
    passwordFile: Account.options.passwordFile,
    number
  },
  (given) =>
    Effect.gen(function* () {
      const number = yield* Input.qq("NUMBER", given.number)
      const nick = yield* Input.name("--nick", given.nick)
      const signature = given.signature === "" ? "" : yield* Input.name("--signature", given.signature, 1000)
      const digest = yield* digestFrom(given)
      yield* Client.tell(given.server, ({ accounts }) => accounts.add({ payload: { number, nick, signature, digest } }))
      yield* Print.line(`added ${number}, ${nick}`)
    })
).pipe(Command.withDescription("Add an account; its password comes from a file, WEBQQ_PASSWORD or a prompt"))

const stateOf = ({ frozen, online }: Api.AccountLine): string =>
  `${online ? "online" : "offline"}${frozen ? ", frozen" : ""}`

const accountList = Command.make("list", { server, json: Input.json }, ({ json, server }) =>
  Effect.gen(function* () {
    const accounts = yield* Client.tell(server, (client) => client.accounts.list())
    if (json) return yield* Print.drawn([Table.json(accounts)])
    const rows = accounts.map((line) => [line.number, line.nick, stateOf(line), line.signature])
    yield* Print.drawn(Table.lines(["NUMBER", "NICK", "STATE", "SIGNATURE"], rows))
  })
).pipe(Command.withDescription("List the accounts"))

const accountPasswd = Command.make("passwd", { server, passwordFile: Account.options.passwordFile, number }, (given) =>
  Effect.gen(function* () {
    const number = yield* Input.qq("NUMBER", given.number)
    const digest = yield* digestFrom(given)
    yield* Client.tell(given.server, ({ accounts }) => accounts.passwd({ payload: { number, digest } }))
    yield* Print.line(`${number} has a new password; whoever was logged in is signed out`)
  })
).pipe(Command.withDescription("Give an account another password"))

const freezing = (name: string, frozen: boolean, about: string, says: string) =>
  Command.make(name, { server, number }, (given) =>
    Effect.gen(function* () {
      const number = yield* Input.qq("NUMBER", given.number)
      yield* Client.tell(given.server, ({ accounts }) => accounts.freeze({ payload: { number, frozen } }))
      yield* Print.line(`${number} ${says}`)
    })
  ).pipe(Command.withDescription(about))

/** `webqq admin account` */
export const accountCommand = Command.make("account").pipe(
  Command.withDescription("Accounts: add, list, passwd, freeze, unfreeze"),
  Command.withSubcommands([
    accountAdd,
    accountList,
    accountPasswd,
    freezing(
      "freeze",
      true,
      "Let an account log in no more",
      "may not log in any more; whoever was logged in is signed out"
    ),
    freezing("unfreeze", false, "Let a frozen account log in again", "may log in")
  ])
)

const pair = { account, friend: Args.text({ name: "friend" }) }

const friendAdd = Command.make(
  "add",
  {
    server,
    category: CliOptions.optional(nameFlag("category", "Where ACCOUNT keeps the friend")),
    remark: CliOptions.optional(nameFlag("remark", "What ACCOUNT calls the friend")),
    ...pair
  },
  (given) =>
    Effect.gen(function* () {
      const account = yield* Input.qq("ACCOUNT", given.account)
      const friend = yield* Input.qq("FRIEND", given.friend)
      const category = yield* perhaps("--category", given.category)
      const remark = yield* perhaps("--remark", given.remark)
      yield* Client.tell(given.server, ({ friends }) => friends.add({ payload: { account, friend, category, remark } }))
      yield* Print.line(`${account} and ${friend} are friends`)
    })
).pipe(Command.withDescription("Make two accounts friends"))

const friendRemove = Command.make("remove", { server, ...pair }, (given) =>
  Effect.gen(function* () {
    const account = yield* Input.qq("ACCOUNT", given.account)
    const friend = yield* Input.qq("FRIEND", given.friend)
    yield* Client.tell(given.server, ({ friends }) => friends.remove({ payload: { account, friend } }))
    yield* Print.line(`${account} and ${friend} are friends no more`)
  })
).pipe(Command.withDescription("End a friendship"))

/** `webqq admin friend` */
export const friendCommand = Command.make("friend").pipe(
  Command.withDescription("Friendships: add, remove"),
  Command.withSubcommands([friendAdd, friendRemove])
)

const groupCreate = Command.make(
  "create",
  {
    server,
    name: nameFlag("name", "What the group is called"),
    owner: nameFlag("owner", "The account that owns it"),
    member: CliOptions.repeated(nameFlag("member", "An account that is in it; may be given again")),
    number
  },
  (given) =>
    Effect.gen(function* () {
      const number = yield* Input.group("NUMBER", given.number)
      const name = yield* Input.name("--name", given.name)
      const owner = yield* Input.qq("--owner", given.owner)
      const members = yield* Effect.forEach(given.member, (member) => Input.qq("--member", member))
      yield* Client.tell(given.server, ({ groups }) => groups.create({ payload: { number, name, owner, members } }))
      yield* Print.line(`created the group ${number}, ${name}`)
    })
).pipe(Command.withDescription("Create a group"))

const groupJoin = Command.make(
  "join",
  {
    server,
    card: CliOptions.optional(nameFlag("card", "The name carried in the group")),
    admin: CliOptions.boolean("admin").pipe(CliOptions.withDescription("As an administrator of the group")),
    number,
    account
  },
  (given) =>
    Effect.gen(function* () {
      const number = yield* Input.group("NUMBER", given.number)
      const account = yield* Input.qq("ACCOUNT", given.account)
      const card = yield* perhaps("--card", given.card)
      yield* Client.tell(given.server, ({ groups }) =>
        groups.join({ payload: { number, account, card, admin: given.admin } })
      )
      yield* Print.line(`${account} is in the group ${number}`)
    })
).pipe(Command.withDescription("Put an account into a group"))

const groupLeave = Command.make("leave", { server, number, account }, (given) =>
  Effect.gen(function* () {
    const number = yield* Input.group("NUMBER", given.number)
    const account = yield* Input.qq("ACCOUNT", given.account)
    yield* Client.tell(given.server, ({ groups }) => groups.leave({ payload: { number, account } }))
    yield* Print.line(`${account} is in the group ${number} no more`)
  })
).pipe(Command.withDescription("Take an account out of a group"))

/** `webqq admin group` */
export const groupCommand = Command.make("group").pipe(
  Command.withDescription("Groups: create, join, leave"),
  Command.withSubcommands([groupCreate, groupJoin, groupLeave])
)
