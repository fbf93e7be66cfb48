/** What `npm run bench` is told. */

/**
 * - `effort`: `quick` has fewer and shorter turns, for a look; `smoke` next to nothing, to see that all of it runs.
 * - `only`: the groups to measure; all if empty.
 * - `json`: where the figures go.
 */
export interface Arguments {
  readonly effort: "full" | "quick" | "smoke"
  readonly only: ReadonlyArray<string>
  readonly json: string
}

/** A sentence instead, when there is something that is not understood. */
export const parse = (
  args: ReadonlyArray<string>,
  groups: ReadonlyArray<string>
): Arguments | { readonly problem: string } => {
  let result: Arguments = { effort: "full", only: [], json: "bench/results/latest.json" }
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--quick" || arg === "--smoke") result = { ...result, effort: arg === "--quick" ? "quick" : "smoke" }
    else if (arg === "--json" || arg === "--only") {
      const value = rest.shift()
      if (value === undefined) return { problem: `${arg} wants a value.` }
      if (arg === "--json") result = { ...result, json: value }
      else if (groups.includes(value)) result = { ...result, only: [...result.only, value] }
      else return { problem: `--only takes ${groups.join(", ")}, and not ${value}.` }
    } else
      return { problem: `${arg} is not understood: npm run bench -- [--quick | --smoke] [--only GROUP]… [--json FILE]` }
  }
  return result
}
