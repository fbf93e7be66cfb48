/** What a user gets: the packed files, the subpaths, and a core that loads nothing of the command. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { file, folder, start } from "../rigs/Command.ts"
import * as Process from "../rigs/Process.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const node = (args: ReadonlyArray<string>, options: Process.Options) =>
  Process.run(process.execPath, args, { cwd: root, ...options })
const manifest = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as {
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>
  readonly peerDependencies: Record<string, string>
}

/** Settings with which Node notes every module that it looks up, and what it noted since the last look. */
const watchLoading = (name: string) => {
  const log = file(name, "")
  const hook = `
    import { appendFileSync } from "node:fs"
    export const resolve = async (specifier, context, next) => {
      const found = await next(specifier, context)
      appendFileSync(${JSON.stringify(log)}, JSON.stringify([specifier, found.url]) + "\\n")
      return found
    }`
  const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
  const register = asUrl(`import { register } from "node:module"; register(${JSON.stringify(asUrl(hook))})`)
  return {
    options: { env: { NODE_OPTIONS: `--import ${register}` } },
    all: () => {
      const lines = readFileSync(log, "utf8").trim().split("\n")
      writeFileSync(log, "")
      assert.isAbove(lines.length, 100)
      return lines.map((line) => JSON.parse(line) as readonly [specifier: string, url: string])
    }
  }
}

describe("the package", () => {
  it("holds what a user needs and nothing else", async () => {
    const pack = ["pack", "--dry-run", "--json", "--ignore-scripts"]
    const [{ files }] = JSON.parse((await Process.run("npm", pack, { cwd: root })).stdout) as [
      { readonly files: ReadonlyArray<{ readonly path: string; readonly mode: number }> }
    ]
    const paths = files.map(({ path }) => path)
    const allowed = /^(dist\/.+\.(js|d\.ts)(\.map)?|src\/.+\.ts|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/
    assert.deepStrictEqual(
      paths.filter((path) => !allowed.test(path)),
      []
    )
    for (const needed of ["LICENSE", "README.md", "CHANGELOG.md", "dist/index.js", "dist/index.d.ts", "src/index.ts"]) {
      assert.include(paths, needed)
    }
  })

  it("has every subpath, with declarations and source maps, and the command", () => {
    for (const target of Object.values(manifest.exports)) {
      if (typeof target === "string") continue
      for (const file of [target.types, target.default, `${target.default}.map`, `${target.types}.map`]) {
        assert.isTrue(existsSync(`${root}/${file}`), file)
      }
    }
    assert.match(readFileSync(`${root}/dist/programs/cli/main.js`, "utf8"), /^#!\/usr\/bin\/env node\n/)
  })

  it("loads nothing of the command, of Node's platform or of Node itself into the core", async () => {
    const { all, options } = watchLoading("core")
    const script = `await import("effect-webqq"); await import("effect-webqq/server"); await import("effect-webqq/testing")`
    const { code, stderr } = await node(["--input-type=module", "--eval", script], options)
    assert.deepStrictEqual([code, stderr], [0, ""])
    const loaded = all()
    assert.deepStrictEqual(
      loaded.filter(([, url]) =>
        /\/(@effect\/(cli|platform-node|printer|sql|sql-libsql)|@libsql|libsql|programs\/cli|server\/sql)\//.test(url)
      ),
      []
    )
    assert.deepStrictEqual(
      loaded.filter(([specifier]) => /^node:/.test(specifier)),
      []
    )
  })

  it("loads a database only where one is asked for", async () => {
    const { all, options } = watchLoading("commands")
    const databases = () =>
      all().flatMap(([, url]) =>
        /node_modules\/(@effect\/sql|@libsql|libsql)|programs\/(server\/sql|cli\/WorldDb)/.test(url) ? [url] : []
      )
    assert.strictEqual((await start(["demo"], options.env).done).code, 0)
    assert.deepStrictEqual(databases(), [])
    const serving = async (...args: ReadonlyArray<string>) => {
      const server = start(["serve", "--port", "0", ...args], options.env)
      await server.until(/Ctrl-C stops it/)
      server.interrupt()
      assert.strictEqual((await server.done).code, 0)
      return databases()
    }
    assert.deepStrictEqual(await serving(), [])
    const asked = await serving("--db", join(folder, "asked.db"))
    for (const needed of ["/libsql/index.js", "/@effect/sql/", "/cli/WorldDb.js"]) {
      assert.isTrue(
        asked.some((url) => url.includes(needed)),
        needed
      )
    }
  })

  it("leaves effect and its platform to the user, on the Effect 3 line", () => {
    assert.deepStrictEqual(Object.keys(manifest.peerDependencies), ["@effect/platform", "effect"])
    assert.match(manifest.peerDependencies.effect ?? "", /^\^3\./)
  })

  it("records no download address", () => {
    assert.notMatch(readFileSync(`${root}/package-lock.json`, "utf8"), /"resolved": "http/)
  })
})
