/** The rooms of the house (docs/decisions.md): imports point one way, and cycles do not exist. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to })

module.exports = {
  forbidden: [
    forbid("no-circular", "a cycle hides which part depends on which", {}, { circular: true }),
    forbid(
      "schema-is-a-leaf",
      "schema imports only effect",
      { path: "^src/schema/" },
      {
        path: "^(src/(protocol|services|programs)/|node_modules/(?!effect/))"
      }
    ),
    forbid(
      "protocol-below-programs",
      "protocol sees schema and service tags",
      { path: "^src/(protocol|services)/" },
      { path: "^src/programs/" }
    ),
    forbid(
      "crypto-and-endpoints-are-pure",
      "algorithms and endpoint descriptions need no service",
      { path: "^src/protocol/(crypto|endpoint|dialect)/" },
      { path: "^src/services/" }
    ),
    forbid(
      "services-use-pure-protocol",
      "services may use pure protocol modules, never the client's Effects",
      { path: "^src/services/" },
      {
        path: "^src/protocol/",
        pathNot: "^src/protocol/(crypto|endpoint|dialect)/|^src/protocol/(CookieJar|Errors|Secrets)\\.ts$"
      }
    ),
    forbid(
      "server-is-independent",
      "the server shares descriptions and algorithms with the client, never its Effects or services",
      { path: "^src/programs/server/" },
      {
        path: "^src/(services|protocol|programs)/",
        pathNot: "^src/programs/server/|^src/protocol/(crypto|endpoint|dialect)/|^src/protocol/(Secrets)\\.ts$"
      }
    ),
    forbid(
      "core-needs-no-node",
      "the core runs on Node, Bun, Deno and in bundlers; Node lives in the command line",
      { path: "^src/", pathNot: "^src/programs/cli/" },
      { path: "^(node:|node_modules/@effect/(platform-node|cli|printer))", dependencyTypesNot: ["type-only"] }
    ),
    forbid(
      "core-needs-no-node-builtins",
      "see core-needs-no-node",
      { path: "^src/", pathNot: "^src/programs/cli/" },
      {
        dependencyTypes: ["core"]
      }
    ),
    forbid(
      "sql-only-on-request",
      "who keeps no world in a database loads no database",
      { path: "^src/", pathNot: "^src/programs/(server/sql/|cli/WorldDb\\.ts$)" },
      { path: "^node_modules/(@effect/sql|@libsql|libsql)|^src/programs/server/sql/" }
    ),
    forbid(
      "sql-command-loaded-late",
      "the command loads its database by a dynamic import",
      { path: "^src/" },
      { path: "^src/programs/cli/WorldDb\\.ts$", dependencyTypesNot: ["dynamic-import"] }
    ),
    forbid(
      "src-is-self-contained",
      "src imports nothing of the tests",
      { path: "^src/" },
      { path: "^(test|bench|examples)/" }
    ),
    forbid(
      "kit-needs-no-vitest",
      "the test kit works with any runner",
      { path: "^src/" },
      { path: "node_modules/(vitest|@effect/vitest)/" }
    ),
    forbid("no-orphans-unresolved", "an import that does not resolve", {}, { couldNotResolve: true })
  ],
  options: {
    doNotFollow: { path: "(node_modules|^dist)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] }
  }
}
