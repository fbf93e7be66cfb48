import { FastCheck as fc } from "effect"
import { assert, describe, it } from "vitest"
import { type Arguments, parse } from "../../bench/Arguments.ts"
import { figure, type Row, ratio, render, summary, toJson } from "../../bench/Table.ts"

const row: Row = {
  name: "a poll",
  unit: "µs",
  ours: [300, 100, 200],
  baseline: { name: "bare", samples: [100, 100, 50] },
  compare: "cost",
  target: { ratio: 1.5 }
}

describe("a summary", () => {
  it("is the median and the ends, in whatever order the samples came", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (samples) => {
        const { least, median, most } = summary(samples)
        assert.strictEqual(least, Math.min(...samples))
        assert.strictEqual(most, Math.max(...samples))
        assert.isAtMost(samples.filter((sample) => sample < median).length, samples.length / 2)
        assert.isAtMost(samples.filter((sample) => sample > median).length, samples.length / 2)
        assert.deepStrictEqual(summary(samples.toReversed()), { least, median, most })
      })
    )
  })

  it("of an even number of samples has the middle of the two in the middle", () => {
    assert.strictEqual(summary([4, 1, 2, 3]).median, 2.5)
  })
})

describe("a ratio", () => {
  it("compares turn by turn, not median with median", () => {
    assert.deepStrictEqual(ratio(row), { median: 3, least: 1, most: 4 })
  })

  it("of speeds is the other way round", () => {
    assert.deepStrictEqual(ratio({ ...row, compare: "speed" }), { median: 1 / 3, least: 1 / 4, most: 1 })
  })

  it("needs something to compare with", () => {
    const { baseline: _, ...alone } = row
    assert.isUndefined(ratio(alone))
  })
})

describe("the table", () => {
  const day: Row = { name: "a day", unit: "s", ours: [4.321], compare: "cost", target: { ours: 0.5 } }
  const hash: Row = { ...row, name: "a hash", compare: "speed", target: { ratio: 2 } }

  it("has a line for each row, with its target", () => {
    const { target: _, ...untargeted } = row
    assert.deepStrictEqual(
      render([row, hash, day, untargeted])
        .split("\n")
        .slice(2)
        .map((line) =>
          line
            .slice(1, -1)
            .split("|")
            .map((cell) => cell.trim())
        ),
      [
        ["a poll", "200 µs (100–300)", "100 µs, bare", "3.00 × (1.00–4.00)", "≤ 1.5 ×"],
        ["a hash", "200 µs (100–300)", "100 µs, bare", "0.333 × (0.250–1.00)", "≥ 2 ×"],
        ["a day", "4.32 s (4.32–4.32)", "–", "–", "≤ 0.5 s"],
        ["a poll", "200 µs (100–300)", "100 µs, bare", "3.00 × (1.00–4.00)", "–"]
      ]
    )
  })

  it("is a Markdown table whose columns stand below each other", () => {
    const lengths = new Set(
      render([row, day])
        .split("\n")
        .map((line) => line.length)
    )
    assert.strictEqual(lengths.size, 1)
  })

  it("is JSON too, with every sample", () => {
    const json = JSON.parse(toJson([row, day], { processors: 2 }))
    assert.deepStrictEqual(json.machine, { processors: 2 })
    assert.deepInclude(json.rows[0], { ...row, median: 200, ratio: { median: 3, least: 1, most: 4 } })
    assert.deepInclude(json.rows[1], { median: 4.321, ratio: null })
  })

  it("shows three digits of whatever size", () => {
    assert.deepStrictEqual([0, 0.000_4, 0.012_34, 1.234, 12.34, 123.4, 1234.5, Number.NaN].map(figure), [
      "0.00",
      "0.000",
      "0.012",
      "1.23",
      "12.3",
      "123",
      "1235",
      "?"
    ])
  })
})

describe("the arguments", () => {
  const groups = ["polling", "server"]

  it("are none, or ask for less", () => {
    const usual: Arguments = { effort: "full", only: [], json: "bench/results/latest.json" }
    assert.deepStrictEqual(parse([], groups), usual)
    assert.deepStrictEqual(parse(["--quick"], groups), { ...usual, effort: "quick" })
    const some = ["--smoke", "--only", "server", "--only", "polling", "--json", "x.json"]
    assert.deepStrictEqual(parse(some, groups), { effort: "smoke", only: groups.toReversed(), json: "x.json" })
  })

  it("that are not understood are said", () => {
    for (const args of [["--fast"], ["--only"], ["--json"], ["--only", "everything"], ["server"]]) {
      assert.hasAllKeys(parse(args, groups), ["problem"], args.join(" "))
    }
  })
})
