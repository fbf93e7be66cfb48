/**
 * Discussion groups in SQL.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Ids from "../../../schema/Ids.ts"
import type * as World from "../World.ts"
import * as Query from "./Query.ts"
import * as Rows from "./Rows.ts"

const encodeText = Schema.encodeSync(Rows.Text)
const allAttending = Query.all(Rows.Attending)

type Attending = typeof Rows.Attending.Type

const isSomebody = (row: Attending): row is Extract<Attending, World.Account> => row.number !== null

/** Discussion groups from rows that stand together by group. */
const collect = (rows: ReadonlyArray<Attending>): ReadonlyArray<World.Discussion> =>
  Arr.isNonEmptyReadonlyArray(rows)
    ? Arr.map(
        Arr.groupWith(rows, (a, b) => a.did === b.did),
        (attending): World.Discussion => ({
          did: attending[0].did,
          name: attending[0].name,
          owner: attending[0].owner,
          members: Arr.map(Arr.filter(attending, isSomebody), Rows.accountOf)
        })
      )
    : []

/** The part of a world that is about discussion groups. One is convened with its owner in it, by a trigger. */
export const make = (sql: SqlClient.SqlClient) => {
  // The last member may leave, and the discussion group stays.
  const attending = sql.literal(
    `SELECT ${Rows.accountColumns}, d.did, d.name, d.owner
      FROM discussions d LEFT JOIN attendees t ON t.did = d.did LEFT JOIN accounts a ON a.number = t.member`
  )
  const canInvite = (did: Ids.DiscussionId, members: string) =>
    Query.any(
      sql`SELECT 1 FROM discussions d WHERE d.did = ${did} AND NOT EXISTS (
        SELECT 1 FROM json_each(${members}) m WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.number = m.value))`
    )
  return {
    discussions: (member: Ids.QQ) =>
      Effect.map(
        allAttending(
          sql`${attending} WHERE d.did IN (SELECT did FROM attendees WHERE member = ${member})
            ORDER BY d.place, t.place`
        ),
        collect
      ),
    discussion: (did: Ids.DiscussionId) =>
      Effect.map(allAttending(sql`${attending} WHERE d.did = ${did} ORDER BY t.place`), (rows) =>
        Arr.head(collect(rows))
      ),
    convene: ({ did, name, owner }: Omit<World.Discussion, "members">) =>
      Query.any(
        sql`INSERT INTO discussions (did, name, owner)
          SELECT ${did}, ${encodeText(name)}, a.number FROM accounts a WHERE a.number = ${owner}
          ON CONFLICT (did) DO NOTHING RETURNING place`
      ),
    rename: (did: Ids.DiscussionId, name: string) =>
      Query.any(sql`UPDATE discussions SET name = ${encodeText(name)} WHERE did = ${did} RETURNING place`),
    invite: (did: Ids.DiscussionId, members: ReadonlyArray<Ids.QQ>) =>
      Effect.suspend(() => {
        const numbers = JSON.stringify(members)
        const add = sql`INSERT INTO attendees (did, member)
          SELECT ${did}, m.value FROM json_each(${numbers}) m WHERE true ORDER BY m.key
          ON CONFLICT (did, member) DO NOTHING`
        // Two statements are as good as one here: accounts and discussion groups never go away.
        return Effect.tap(canInvite(did, numbers), (can) => (can ? Effect.orDie(add) : Effect.void))
      }),
    leave: (did: Ids.DiscussionId, member: Ids.QQ) =>
      Query.any(sql`DELETE FROM attendees WHERE did = ${did} AND member = ${member} RETURNING place`)
  }
}
