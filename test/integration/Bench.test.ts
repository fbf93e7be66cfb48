/** `npm run bench` measures all that it should. What it measures is not looked at: a test machine has other things to do. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"
import * as Process from "../rigs/Process.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

it("every row has figures of ours and of its baseline", async () => {
  const json = join(Process.folder, "bench.json")
  const args = ["--expose-gc", "--import", "tsx", "bench/main.ts", "--smoke", "--json", json]
  const { code, stderr, stdout } = await Process.run(process.execPath, args, { cwd: root })
  assert.strictEqual(code, 0, stderr)
  const { rows } = JSON.parse(readFileSync(json, "utf8")) as {
    readonly rows: ReadonlyArray<{
      readonly name: string
      readonly ours: ReadonlyArray<number>
      readonly baseline?: { readonly samples: ReadonlyArray<number> }
    }>
  }
  for (const { baseline, name, ours } of rows) {
    assert.include(stdout, name)
    for (const samples of [ours, ...(baseline === undefined ? [] : [baseline.samples])]) {
      assert.isNotEmpty(samples, name)
      assert.isTrue(samples.every(Number.isFinite), name)
    }
  }
  const measured = rows.map(({ name }) => name.replaceAll(/ \(.*\)|\d+ held/g, ""))
  assert.deepStrictEqual(measured, [
    ...["Poll.events, 1 event a reply, undici layer", "Poll.events, 1 event a reply, undici layer"],
    ...["Poll.events, 1 event a reply, node:http layer", "Poll.events, 50 events a reply, undici layer"],
    ...["Poll.events, 50 events a reply, undici layer", "Poll.events, 50 events a reply, node:http layer"],
    ...["a held, logged-in session, resident", "the same, heap", "waking  polls, for each event"],
    ...["embedded server, a message sent and delivered", "embedded server, a held session, resident"],
    ...["webqq --version, wall", "webqq send --help, wall", "webqq send to a closed port, wall"],
    ...["hash EC/OK", "hash 'password error'", "hash quicksort", "hash33", "password TEA + RSA"],
    ...["a silent session's virtual day, own clock", "the same, TestClock"],
    "what comes due on the clock, for each poll"
  ])
})
