/**
 * Kept logins in SQL. Of an account there is one.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Ids from "../../../schema/Ids.ts"
import type * as World from "../World.ts"
import * as Query from "./Query.ts"

const Row = Schema.Struct({
  account: Ids.QQ,
  ptwebqq: Schema.String,
  skey: Schema.String,
  seed: Schema.Int,
  usedAt: Schema.Int
})

const oneLogin = Query.first(Row)

/** The part of a world that is about logins. */
export const make = (sql: SqlClient.SqlClient) => ({
  keepLogin: ({ account, ptwebqq, seed, skey, usedAt }: World.KeptLogin) =>
    Effect.asVoid(
      Effect.orDie(
        sql`INSERT INTO logins (account, ptwebqq, skey, seed, used_at)
          VALUES (${account}, unhex(${ptwebqq}), unhex(${skey}), ${seed}, ${usedAt})
          ON CONFLICT (account) DO UPDATE SET ptwebqq = excluded.ptwebqq, skey = excluded.skey,
            seed = excluded.seed, used_at = excluded.used_at`
      )
    ),
  login: (by: "ptwebqq" | "skey", hash: string) =>
    oneLogin(
      sql`SELECT account, lower(hex(ptwebqq)) AS ptwebqq, lower(hex(skey)) AS skey, seed, used_at AS "usedAt"
        FROM logins WHERE ${sql(by)} = unhex(${hash})`
    ),
  forgetLogin: (account: Ids.QQ) => Effect.asVoid(Effect.orDie(sql`DELETE FROM logins WHERE account = ${account}`))
})
