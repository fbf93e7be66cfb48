/**
 * Where the command keeps things between runs: a directory of the user's, with kept sessions in it.
 */
import { homedir } from "node:os"
import { join } from "node:path"
import * as Options from "@effect/cli/Options"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Ids from "../../schema/Ids.ts"

/** By the XDG convention, unless `WEBQQ_STATE` names another directory. An empty variable is none. */
export const directory: Effect.Effect<string> = Effect.gen(function* () {
  const own = yield* Config.option(Config.nonEmptyString("WEBQQ_STATE"))
  const state = yield* Config.option(Config.nonEmptyString("XDG_STATE_HOME"))
  return Option.getOrElse(own, () =>
    join(
      Option.getOrElse(state, () => join(homedir(), ".local", "state")),
      "webqq"
    )
  )
}).pipe(Effect.orElseSucceed(() => join(homedir(), ".local", "state", "webqq")))

/** The file of a session: by server (behind a gateway, by its path too), and by account where one is named. */
export const sessionFile = (server: URL, account: Option.Option<Ids.QQ>): Effect.Effect<string> =>
  Effect.map(directory, (folder) => {
    const place = `${server.host}${server.pathname.replace(/\/+$/, "")}`.replace(/[^0-9A-Za-z.-]/g, "_")
    return join(folder, place, `${Option.getOrElse(account, () => "qr")}.json`)
  })

/** The flag of every command that can go on with a kept session. */
export const resume = Options.boolean("resume").pipe(
  Options.withDescription("Go on with the kept session if the server still accepts it, and keep it again")
)
