/** The programs in the README are files of this repository, which the type checker reads and the tests run. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const readme = readFileSync(`${root}/README.md`, "utf8")
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code)

/** A file without its header comment. */
const program = (path: string): string => readFileSync(`${root}/${path}`, "utf8").replace(/^\/\*\*[\s\S]*?\*\/\n/, "")

describe("the README", () => {
  it.each(["examples/echo-bot.ts", "examples/testing-a-bot/echo.test.ts"])("has %s as it is", (path) => {
    assert.include(blocks, program(path))
    assert.include(readme, `\`${path}\``)
  })

  it("names only files that exist", () => {
    for (const [, path = ""] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g))
      assert.doesNotThrow(() => program(path), path)
  })
})
