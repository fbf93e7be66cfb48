/**
 * What a loop can end with, and what may bring a session back. The compiler is the test: a line below an expected error
 * that compiles is an error itself.
 */
import { Effect, Redacted, type Stream } from "effect"
import { Bot, CommandBot, Echo, Login } from "../../../src/programs/index.ts"
import { type Errors, Poll } from "../../../src/protocol/index.ts"
import { Ids } from "../../../src/schema/index.ts"

type Same<A, B> = [A, B] extends [B, A] ? true : false
const same = <A, B>(_: Same<A, B>): void => {}
type Failing<T> = T extends Effect.Effect<unknown, infer E, infer _R> ? E : never
type StreamFailing<T> = T extends Stream.Stream<unknown, infer E, infer _R> ? E : never

const login = Login.withPassword({ account: Ids.QQ.make(10001), password: Redacted.make("") })
const onFriendMessage = (_: unknown, reply: Bot.Reply) => reply("hi")

// A way back is any login, plain or patient.
const plain = Poll.events({ recover: login })
const patient = Bot.run({ onFriendMessage, poll: { recover: Login.recover(login) } })
export const ways = [plain, patient, Echo.run({ poll: { recover: login } }), Poll.make({ recover: Login.relogin })]

// What gives no credentials brings nothing back.
// @ts-expect-error the credentials were thrown away
Poll.events({ recover: Effect.asVoid(login) })
// @ts-expect-error the credentials were thrown away
Bot.run({ onFriendMessage, poll: { recover: Effect.asVoid(login) } })
// @ts-expect-error the credentials were thrown away
Echo.run({ poll: { recover: Effect.void } })
// @ts-expect-error a kept schedule is no login
Poll.make({ recover: Poll.backoff })

// Without a recovery none can fail; with one, both of its failures can happen.
type Failed = Errors.RecoveryFailed<Errors.LoginError | Errors.OtherAccount>
const alone = Poll.events()
const retrying = Poll.events({ retry: Poll.backoff })
const bot = Bot.run({ onFriendMessage })
const echo = Echo.run()
const obeying = CommandBot.run({ concurrency: 1 })
same<StreamFailing<typeof alone>, Poll.End>(true)
same<StreamFailing<typeof retrying>, Poll.End>(true)
same<Failing<typeof bot>, Poll.End>(true)
same<Failing<typeof echo>, Poll.End>(true)
same<Failing<typeof obeying>, Poll.End>(true)
same<StreamFailing<typeof plain>, Poll.End | Failed>(true)
same<Failing<typeof patient>, Poll.End | Failed>(true)
