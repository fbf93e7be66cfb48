/**
 * Groups in SQL.
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
const encodeSeat = Schema.encodeSync(Schema.Struct({ card: Rows.OptionalText, admin: Rows.Flag }))

const allSeated = Query.all(Rows.Seated)

/** Groups from rows that stand together by group. */
const collect = (rows: ReadonlyArray<typeof Rows.Seated.Type>): ReadonlyArray<World.Group> =>
  Arr.isNonEmptyReadonlyArray(rows)
    ? Arr.map(
        Arr.groupWith(rows, (a, b) => a.groupNumber === b.groupNumber),
        (seated): World.Group => ({
          number: seated[0].groupNumber,
          name: seated[0].groupName,
          owner: seated[0].groupOwner,
          members: Arr.map(seated, (row) => ({ account: Rows.accountOf(row), card: row.card, admin: row.admin }))
        })
      )
    : []

/** The part of a world that is about groups. A group is founded with its owner in it, by a trigger. */
export const make = (sql: SqlClient.SqlClient) => {
  const seated = sql.literal(
    `SELECT ${Rows.accountColumns}, s.card, s.admin, g.number AS groupNumber, g.name AS groupName, g.owner AS groupOwner
      FROM groups g JOIN seats s ON s.group_number = g.number JOIN accounts a ON a.number = s.member`
  )
  return {
    groups: (member: Ids.QQ) =>
      Effect.map(
        allSeated(
          sql`${seated} WHERE g.number IN (SELECT group_number FROM seats WHERE member = ${member})
            ORDER BY g.place, s.place`
        ),
        collect
      ),
    group: (number: number) =>
      Effect.map(allSeated(sql`${seated} WHERE g.number = ${number} ORDER BY s.place`), (rows) =>
        Arr.head(collect(rows))
      ),
    found: ({ name, number, owner }: Omit<World.Group, "members">) =>
      Query.any(
        sql`INSERT INTO groups (number, name, owner)
          SELECT ${number}, ${encodeText(name)}, a.number FROM accounts a WHERE a.number = ${owner}
          ON CONFLICT (number) DO NOTHING RETURNING place`
      ),
    seat: (number: number, member: Ids.QQ, seat: World.Seat) =>
      Effect.suspend(() => {
        const { admin, card } = encodeSeat(seat)
        return Query.any(
          sql`INSERT INTO seats (group_number, member, card, admin)
            SELECT g.number, a.number, ${card}, ${admin} FROM groups g, accounts a
            WHERE g.number = ${number} AND a.number = ${member}
            ON CONFLICT (group_number, member) DO UPDATE SET card = excluded.card, admin = excluded.admin
            RETURNING place`
        )
      }),
    unseat: (number: number, member: Ids.QQ) =>
      Query.any(
        sql`DELETE FROM seats WHERE group_number = ${number} AND member = ${member}
          AND member <> (SELECT owner FROM groups WHERE number = ${number}) RETURNING place`
      )
  }
}
