import { join } from "node:path"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { Effect, Layer } from "effect"
import { World, WorldMemory } from "../../../src/programs/server/index.ts"
import { WorldSql } from "../../../src/programs/server/sql/index.ts"
import { temporaryDirectory } from "../../rigs/Files.ts"
import { suite } from "./WorldContract.ts"

const empty = { accounts: [], groups: [], discussions: [], requests: [] }
const sqlIn = (url: string) => Layer.provide(WorldSql.layer(empty), LibsqlClient.layer({ url }))

suite("WorldMemory", Layer.effect(World.World, WorldMemory.make))
suite("WorldSql in memory", sqlIn(":memory:"))
suite(
  "WorldSql in a file",
  Layer.unwrapScoped(Effect.map(temporaryDirectory, (directory) => sqlIn(`file:${join(directory, "world.db")}`)))
)
