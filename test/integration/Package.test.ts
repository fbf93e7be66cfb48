/** What a user gets: the packed files, the subpaths, and a core that loads nothing of the command. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { file, folder, start } from "../rigs/Command.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const run = (command: string, ...args: ReadonlyArray<string>) =>
  execFileSync(command, [...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
const manifest = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as {
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>
  readonly peerDependencies: Record<string, string>
}

describe("the package", () => {
  it("holds what a user needs and nothing else", () => {
    const [{ files }] = JSON.parse(run("npm", "pack", "--dry-run", "--json", "--ignore-scripts")) as [
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

  it("loads nothing of the command, of Node's platform or of Node itself into the core", () => {
    const script = `
      import { registerHooks, register } from "node:module"
      const loaded = []
      const { port1, port2 } = new MessageChannel()
      port1.on("message", (url) => loaded.push(url)); port1.unref()
      register("data:text/javascript," + encodeURIComponent(
        "let port; export const initialize = (p) => { port = p }; export const resolve = async (s, c, n) => { const r = await n(s, c); port.postMessage([s, r.url]); return r }"
      ), { data: port2, transferList: [port2] })
      await import("effect-webqq"); await import("effect-webqq/server"); await import("effect-webqq/testing")
      await new Promise((resolve) => setTimeout(resolve, 50))
      console.log(JSON.stringify(loaded))
    `.replace("import { registerHooks, register }", "import { register }")
    const loaded = JSON.parse(run(process.execPath, "--input-type=module", "--eval", script)) as ReadonlyArray<
      readonly [specifier: string, url: string]
    >
    assert.isAbove(loaded.length, 100)
    assert.deepStrictEqual(
      loaded.filter(([, url]) =>
        /\/(@effect\/(cli|platform-node|printer|sql|sql-libsql)|@libsql|libsql|programs\/cli|server\/sql)\//.test(url)
      ),
      []
    )
    const ours = loaded.filter(([specifier]) => /^node:/.test(specifier))
    assert.deepStrictEqual(ours, [])
  })

  it("loads a database only where one is asked for", async () => {
    const log = file("loaded", "")
    const hook = `
      import { appendFileSync } from "node:fs"
      export const resolve = async (specifier, context, next) => {
        const found = await next(specifier, context)
        appendFileSync(${JSON.stringify(log)}, found.url + "\\n")
        return found
      }`
    const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
    const watch = {
      NODE_OPTIONS: `--import ${asUrl(`import { register } from "node:module"; register(${JSON.stringify(asUrl(hook))})`)}`
    }
    const databases = () => {
      const urls = readFileSync(log, "utf8").split("\n")
      writeFileSync(log, "")
      assert.isAbove(urls.length, 100)
      return urls.filter((url) =>
        /node_modules\/(@effect\/sql|@libsql|libsql)|programs\/(server\/sql|cli\/WorldDb)/.test(url)
      )
    }
    assert.strictEqual((await start(["demo"], watch).done).code, 0)
    assert.deepStrictEqual(databases(), [])
    const serving = async (...args: ReadonlyArray<string>) => {
      const server = start(["serve", "--port", "0", ...args], watch)
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
