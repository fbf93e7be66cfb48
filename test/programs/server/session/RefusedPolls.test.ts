import { assert, describe, it } from "@effect/vitest"
import { HashMap } from "effect"
import * as RefusedPolls from "../../../../src/programs/server/session/RefusedPolls.ts"

const { hold, memory } = RefusedPolls

describe("a refused poll", () => {
  it("is answered at once the first time, and waits when it is repeated", () => {
    const [once, first] = RefusedPolls.refuse(RefusedPolls.empty, "a", 0)
    const [twice, second] = RefusedPolls.refuse(once, "a", 1)
    const [, again] = RefusedPolls.refuse(RefusedPolls.answered(twice, "a", hold), "a", hold + 1)
    const [, other] = RefusedPolls.refuse(twice, "b", 1)
    assert.deepStrictEqual([first, second, again, other], [false, true, true, false])
  })

  it("is forgotten after a while", () => {
    const [once] = RefusedPolls.refuse(RefusedPolls.empty, "a", 0)
    assert.isFalse(RefusedPolls.refuse(once, "a", memory)[1])
  })

  it("waits only while few others of the same client do, and few of all", () => {
    const repeated = (who: string, times: number, from: RefusedPolls.RefusedPolls) =>
      Array.from({ length: times }).reduce<{ state: RefusedPolls.RefusedPolls; waiting: number }>(
        ({ state, waiting }) => {
          const [next, waits] = RefusedPolls.refuse(state, who, 0)
          return { state: next, waiting: waiting + (waits ? 1 : 0) }
        },
        { state: from, waiting: 0 }
      )
    assert.strictEqual(repeated("a", 200, RefusedPolls.empty).waiting, RefusedPolls.heldOfOneAtMost)
    let state = RefusedPolls.empty
    let waiting = 0
    for (let i = 0; i < 1000; i++) {
      const next = repeated(String(i), 3, state)
      state = next.state
      waiting += next.waiting
    }
    assert.strictEqual(waiting, RefusedPolls.heldAtMost)
    assert.strictEqual(RefusedPolls.answered(state, "1", 1).held, RefusedPolls.heldAtMost - 1)
  })

  it("of however many clients is remembered of a bounded number of them", () => {
    let state = RefusedPolls.empty
    for (let i = 0; i < 3 * RefusedPolls.offendersAtMost; i++) [state] = RefusedPolls.refuse(state, String(i), i)
    assert.isAtMost(HashMap.size(state.young) + HashMap.size(state.old), 2 * RefusedPolls.offendersAtMost + 1)
  })
})
