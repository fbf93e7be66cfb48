import { readdirSync, readFileSync } from "node:fs"
import { defineConfig } from "vitest/config"

const all = ["test/**/*.test.ts", "examples/**/*.test.ts"]

/** The tests that start processes, known by their rig. */
const processes = readdirSync("test", { recursive: true, encoding: "utf8" })
  .map((name) => `test/${name.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".test.ts") && /\/rigs\/(Command|Process)\.ts"/.test(readFileSync(path, "utf8")))

/** Limits only guard against what hangs: no test measures time, and a slow machine needs minutes where a fast one needs none. */
const minutes = (n: number) => n * 60_000

export default defineConfig({
  test: {
    testTimeout: minutes(5),
    hookTimeout: minutes(5),
    teardownTimeout: minutes(1),
    globalSetup: "test/rigs/globalSetup.ts",
    // Loading the library anew for every file takes longer than most files' tests.
    poolOptions: {
      threads: { maxThreads: 2, isolate: false },
      // One file after the other, beside the threads: at most three processes run at once (test/rigs/Process.ts).
      forks: { singleFork: true, isolate: true }
    },
    projects: [
      { extends: true, test: { name: "tests", include: all, exclude: processes, pool: "threads" } },
      { extends: true, test: { name: "processes", include: processes, pool: "forks" } }
    ]
  }
})
