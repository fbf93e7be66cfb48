/**
 * How people want to hear of groups and discussion groups.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Ids from "../../../schema/Ids.ts"
import type * as World from "../World.ts"
import * as Query from "./Query.ts"
import * as Rows from "./Rows.ts"

const allMasks = Query.all(Rows.Mask)
const encode = Schema.encodeSync(Rows.Masks)

/** The part of a world that is about masks. */
export const make = (sql: SqlClient.SqlClient) => ({
  masks: (owner: Ids.QQ) =>
    allMasks(sql`SELECT kind AS "of", number, mask FROM masks WHERE owner = ${owner} ORDER BY place`),
  mask: (owner: Ids.QQ, masks: ReadonlyArray<World.Mask>) =>
    Effect.suspend(() => {
      const set = sql`INSERT INTO masks (owner, kind, number, mask)
        SELECT ${owner}, m.value ->> 'of', m.value ->> 'number', m.value ->> 'mask'
        FROM json_each(${encode(masks)}) m WHERE true ORDER BY m.key
        ON CONFLICT (owner, kind, number) DO UPDATE SET mask = excluded.mask`
      // Two statements are as good as one here: accounts never go away.
      const isThere = Query.any(sql`SELECT 1 FROM accounts WHERE number = ${owner}`)
      return Effect.tap(isThere, (there) => (there ? Effect.orDie(set) : Effect.void))
    })
})
