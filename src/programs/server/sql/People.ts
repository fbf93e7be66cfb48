/**
 * Accounts, friends and friend requests in SQL.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Ids from "../../../schema/Ids.ts"
import * as World from "../World.ts"
import * as Query from "./Query.ts"
import * as Rows from "./Rows.ts"

const encodeAccount = Schema.encodeSync(Rows.Account)
const encodeChanges = Schema.encodeSync(Schema.partial(Rows.Account))
const encodeEntry = Schema.encodeSync(Schema.Struct({ category: Rows.OptionalText, remark: Rows.OptionalText }))
const encodeText = Schema.encodeSync(Rows.Text)

const oneAccount = Query.first(Rows.Account)
const allAccounts = Query.all(Rows.Account)
const allFriends = Query.all(Rows.Friend)
const allRequests = Query.all(Rows.Request)

const accounts = (sql: SqlClient.SqlClient) => {
  const columns = sql.literal(Rows.accountColumns)
  return {
    account: (number: Ids.QQ) => oneAccount(sql`SELECT ${columns} FROM accounts a WHERE a.number = ${number}`),
    accounts: Effect.suspend(() => allAccounts(sql`SELECT ${columns} FROM accounts a ORDER BY a.number`)),
    register: (account: World.Account) =>
      Effect.suspend(() => {
        const { frozen, nick, number, passwordDigest, profile, signature } = encodeAccount(account)
        return Query.any(
          sql`INSERT INTO accounts (number, nick, signature, profile, frozen, password_md5)
            VALUES (${number}, ${nick}, ${signature}, ${profile}, ${frozen}, ${passwordDigest})
            ON CONFLICT (number) DO NOTHING RETURNING number`
        )
      }),
    setPassword: (number: Ids.QQ, passwordDigest: World.Account["passwordDigest"]) =>
      Effect.suspend(() => {
        const encoded = encodeChanges({ passwordDigest }).passwordDigest ?? null
        return Query.any(sql`UPDATE accounts SET password_md5 = ${encoded} WHERE number = ${number} RETURNING number`)
      }),
    change: (number: Ids.QQ, changes: World.Changes) =>
      Effect.suspend(() => {
        const { frozen = null, nick = null, profile = null, signature = null } = encodeChanges(changes)
        return Query.any(
          sql`UPDATE accounts SET
            nick = ifnull(${nick}, nick), signature = ifnull(${signature}, signature),
            profile = ifnull(${profile}, profile), frozen = ifnull(${frozen}, frozen)
            WHERE number = ${number} RETURNING number`
        )
      })
  }
}

const friends = (sql: SqlClient.SqlClient) => {
  const columns = sql.literal(Rows.accountColumns)
  return {
    friends: (owner: Ids.QQ) =>
      Effect.map(
        allFriends(
          sql`SELECT ${columns}, f.category, f.remark FROM friends f JOIN accounts a ON a.number = f.friend
            WHERE f.owner = ${owner} ORDER BY f.place`
        ),
        Arr.map((row): World.Friend => ({ account: Rows.accountOf(row), category: row.category, remark: row.remark }))
      ),
    isFriend: (owner: Ids.QQ, other: Ids.QQ) =>
      Query.any(sql`SELECT 1 FROM friends WHERE owner = ${owner} AND friend = ${other}`),
    befriend: (owner: Ids.QQ, friend: Ids.QQ, entry: World.Entry) =>
      Effect.suspend(() => {
        const { category, remark } = encodeEntry(entry)
        return Query.any(
          sql`INSERT INTO friends (owner, friend, category, remark)
            SELECT a.number, b.number, ${category}, ${remark} FROM accounts a, accounts b
            WHERE a.number = ${owner} AND b.number = ${friend} AND a.number <> b.number
            ON CONFLICT (owner, friend) DO NOTHING RETURNING place`
        )
      }),
    reenter: (owner: Ids.QQ, friend: Ids.QQ, changes: Partial<World.Entry>) =>
      Effect.suspend(() => {
        const { category, remark } = encodeEntry({ ...World.plainEntry, ...changes })
        return Query.any(
          sql`UPDATE friends SET
            category = iif(${Number("category" in changes)}, ${category}, category),
            remark = iif(${Number("remark" in changes)}, ${remark}, remark)
            WHERE owner = ${owner} AND friend = ${friend} RETURNING place`
        )
      }),
    unfriend: (owner: Ids.QQ, friend: Ids.QQ) =>
      Query.any(sql`DELETE FROM friends WHERE owner = ${owner} AND friend = ${friend} RETURNING place`)
  }
}

const requests = (sql: SqlClient.SqlClient) => ({
  requests: (to: Ids.QQ) =>
    allRequests(
      sql`SELECT sender AS "from", recipient AS "to", message FROM requests WHERE recipient = ${to} ORDER BY place`
    ),
  ask: ({ from, message, to }: World.FriendRequest) =>
    Query.any(
      sql`INSERT INTO requests (sender, recipient, message)
        SELECT a.number, b.number, ${encodeText(message)} FROM accounts a, accounts b
        WHERE a.number = ${from} AND b.number = ${to}
        ON CONFLICT (recipient, sender) DO UPDATE SET message = excluded.message
        RETURNING place`
    ),
  settle: ({ from, to }: Pick<World.FriendRequest, "from" | "to">) =>
    Query.any(sql`DELETE FROM requests WHERE recipient = ${to} AND sender = ${from} RETURNING place`)
})

/** The part of a world that is about people. */
export const make = (sql: SqlClient.SqlClient) => ({ ...accounts(sql), ...friends(sql), ...requests(sql) })
