/**
 * Letters in SQL. Keeping is one statement, however many there are: so it is done at once or not at all.
 */
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Ids from "../../../schema/Ids.ts"
import * as Letter from "../Letter.ts"
import * as MessageSize from "../MessageSize.ts"
import * as World from "../World.ts"
import * as Query from "./Query.ts"
import * as Rows from "./Rows.ts"

const encodeLetter = Schema.encodeSync(Letter.Letter)

/** Letters as one JSON text, each with its bytes. */
const encodeLetters = (letters: ReadonlyArray<Letter.Letter>): string =>
  JSON.stringify(
    Arr.zipWith(letters, MessageSize.ofLetters(letters), (letter, bytes) => ({ letter: encodeLetter(letter), bytes }))
  )

const allKeys = Query.all(Rows.Key)
const allKept = Query.all(Rows.Kept)
const allCounts = Query.all(Schema.Struct({ count: Schema.Int }))

/**
 * The letters that got a key. Both are in the order of keeping; and of one recipient's letters the first ones are taken
 * in, so the next key is that of the next letter to the same recipient.
 */
const pair = (
  letters: ReadonlyArray<Letter.Letter>,
  keys: ReadonlyArray<typeof Rows.Key.Type>
): ReadonlyArray<World.Kept> => {
  const ordered = keys.toSorted((a, b) => a.key - b.key)
  let next = 0
  return letters.flatMap((letter) => {
    const row = ordered[next]
    if (row === undefined || row.recipient !== letter.to) return []
    next++
    return [{ key: row.key, letter }]
  })
}

/** The part of a world that is about letters. */
export const make = (sql: SqlClient.SqlClient) => ({
  keep: (letters: ReadonlyArray<Letter.Letter>) =>
    Effect.suspend(() =>
      Effect.map(
        allKeys(
          sql`INSERT INTO letters (recipient, letter, bytes)
            SELECT recipient, letter, bytes FROM (
              SELECT letter, recipient, bytes, place,
                row_number() OVER earlier AS nth, sum(bytes) OVER earlier AS with_earlier
              FROM (
                SELECT value -> '$.letter' AS letter, value ->> '$.letter.to' AS recipient,
                  value ->> '$.bytes' AS bytes, key AS place
                FROM json_each(${encodeLetters(letters)})
              )
              WINDOW earlier AS (PARTITION BY recipient ORDER BY place)
            ) AS coming
            WHERE nth + (SELECT count(*) FROM letters AS waiting WHERE waiting.recipient = coming.recipient)
                <= ${World.keptAtMost}
              AND with_earlier +
                (SELECT ifnull(sum(waiting.bytes), 0) FROM letters AS waiting WHERE waiting.recipient = coming.recipient)
                <= ${World.keptBytesAtMost}
            ORDER BY place
            RETURNING key, recipient`
        ),
        (keys) => pair(letters, keys)
      )
    ),
  kept: (recipient: Ids.QQ, { after, most }: World.Page = World.everything) =>
    allKept(
      sql`SELECT key, letter FROM letters WHERE recipient = ${recipient} AND key > ${after} ORDER BY key LIMIT ${most}`
    ),
  waiting: (recipient: Ids.QQ) =>
    Effect.map(
      allCounts(sql`SELECT count(*) AS count FROM letters WHERE recipient = ${recipient}`),
      ([row]) => row?.count ?? 0
    ),
  arrived: (keys: ReadonlyArray<number>) =>
    Effect.suspend(() =>
      Effect.orDie(sql`DELETE FROM letters WHERE key IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`)
    ).pipe(Effect.asVoid)
})
