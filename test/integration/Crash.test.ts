/**
 * `webqq serve --db` is killed in the middle of the traffic, again and again, and goes on with the same file: what was
 * acknowledged arrives.
 */
import { join } from "node:path"
import { Effect, Layer, Redacted, type Scope } from "effect"
import { assert, describe, it } from "vitest"
import { Login } from "../../src/programs/index.ts"
import { Contacts as Calls, Channel, Messages } from "../../src/protocol/index.ts"
import { Contacts, Content, Groups, Ids } from "../../src/schema/index.ts"
import { client } from "../rigs/Client.ts"
import { file, folder, start } from "../rigs/Command.ts"

const senders = [20001, 20002, 20003]
/** They poll all the time. */
const busy = [20011, 20012, 20013]
/** They are online and do not poll, so that much waits for them in the server's memory. */
const lazy = [20021]
/** They are not logged in until the end. */
const offline = [20031, 20032]
const everybody = [...senders, ...busy, ...lazy, ...offline]
const nick = (number: number) => `nick ${number}`

const world = file(
  "crash-world.json",
  JSON.stringify({
    accounts: everybody.map((number) => ({
      number,
      password: `webqq-${number}`,
      nick: nick(number),
      friends: senders.includes(number) ? everybody.filter((n) => n !== number).map((n) => ({ number: n })) : []
    })),
    groups: [{ number: 777, name: "all", owner: 20001, members: everybody.map((number) => ({ number })) }]
  })
)
const db = join(folder, "crash.db")

/** What happened, over all rounds. */
const log = {
  /** Who may get a text, by text. */
  tried: new Map<string, ReadonlyArray<number>>(),
  acknowledged: new Set<string>(),
  received: new Map(everybody.map((number) => [number, new Map<string, number>()])),
  /** The texts whose arrival a later, answered poll has shown. */
  shown: new Map(everybody.map((number) => [number, new Set<string>()])),
  cameAgain: [] as Array<string>,
  repeats: 0
}

const session = (url: URL, number: number) =>
  Login.layer(
    Login.withPassword({ account: Ids.QQ.make(number), password: Redacted.make(`webqq-${number}`) }),
    // The server may be gone at the end.
    { sendSpacing: 0, logout: false }
  ).pipe(Layer.provideMerge(client(url)))

type Services = Layer.Layer.Success<ReturnType<typeof session>>

/** Somebody who is logged in. */
interface Person {
  readonly number: number
  readonly does: <A, E>(call: Effect.Effect<A, E, Services>) => Effect.Effect<A, E>
}

const logIn = (url: URL, number: number) =>
  Effect.map(
    Layer.build(session(url, number)),
    (services): Person => ({ number, does: (call) => Effect.provide(call, services) })
  )

/** One poll; gives its texts. That it is answered shows that the poll before has arrived. */
const poll = ({ does, number }: Person, last: ReadonlyArray<string>) =>
  Effect.map(does(Channel.poll2), (events) => {
    const received = log.received.get(number) ?? new Map<string, number>()
    const shown = log.shown.get(number) ?? new Set<string>()
    for (const text of last) shown.add(text)
    const texts = events.flatMap((event) =>
      event._tag === "BuddyMessage" || event._tag === "GroupMessage" ? [Content.toText(event.content)] : []
    )
    for (const text of texts) {
      if (shown.has(text)) log.cameAgain.push(`${text} to ${number}`)
      if (received.has(text)) log.repeats++
      received.set(text, (received.get(text) ?? 0) + 1)
    }
    return texts
  })

const pollUntil = (person: Person, isLast: (text: string) => boolean) =>
  Effect.gen(function* () {
    let texts: ReadonlyArray<string> = []
    do texts = yield* poll(person, texts)
    while (!texts.some(isLast))
  })

/** Everybody that a sender can write to: each friend, and the group. */
const targetsOf = (sender: Person) =>
  sender.does(
    Effect.gen(function* () {
      const friends = Contacts.friends(yield* Calls.getUserFriends2)
      const [group] = Groups.groups(yield* Calls.getGroupNameListMask2)
      assert.isDefined(group)
      const others = everybody.filter((number) => number !== sender.number)
      return [
        ...others.map((number) => {
          const uin = friends.find((friend) => friend.nick === nick(number))?.uin ?? Ids.Uin.make(0)
          return {
            to: [number],
            send: (content: Content.Content) => sender.does(Messages.sendBuddyMsg2({ to: uin, content }))
          }
        }),
        {
          to: others,
          send: (content: Content.Content) =>
            sender.does(Messages.sendQunMsg2({ gid: group?.gid ?? Ids.GroupId.make(0), content }))
        }
      ]
    })
  )

type Target = Effect.Effect.Success<ReturnType<typeof targetsOf>>[number]

const say = (target: Target, text: string) => {
  log.tried.set(text, target.to)
  return Effect.tap(target.send(Content.make([text])), () => Effect.sync(() => log.acknowledged.add(text)))
}

/** Sends as fast as it is answered, until the server is gone. */
const chatter = (sender: Person, round: number, onAnswer: () => void) =>
  Effect.gen(function* () {
    const targets = yield* targetsOf(sender)
    for (let i = 0; ; i++) {
      yield* say(targets[i % targets.length] as Target, `${round}/${sender.number}/${i}`)
      onAnswer()
    }
  })

/** A server on the file; killed at the latest when the scope ends, so that the next one may have the file. */
const serve = Effect.gen(function* () {
  const server = yield* Effect.acquireRelease(
    Effect.sync(() => start(["serve", "--port", "0", "--strict", "--db", db, "--world", world])),
    (server) =>
      Effect.zipRight(
        Effect.sync(server.kill),
        Effect.promise(() => server.done)
      )
  )
  const [url] = yield* Effect.promise(() => server.until(/http:\/\/127\.0\.0\.1:\d+/))
  return { server, url: new URL(url) }
})

const meet = (url: URL, numbers: ReadonlyArray<number>): Effect.Effect<ReadonlyArray<Person>, unknown, Scope.Scope> =>
  Effect.forEach(numbers, (number) => logIn(url, number), { concurrency: 4 })

/** Traffic until `enough` messages are acknowledged; then the server is killed at once. */
const round = (nth: number, enough: number) =>
  Effect.gen(function* () {
    const { server, url } = yield* serve
    let left = enough
    const early: Array<unknown> = []
    const ended = (reason: unknown) => Effect.sync(() => (left > 0 ? early.push(reason) : 0))
    const onAnswer = () => {
      if (--left === 0) server.kill()
    }
    const [talkers, listeners] = yield* Effect.all([meet(url, senders), meet(url, busy), meet(url, lazy)])
    yield* Effect.all(
      [
        ...talkers.map((person) => chatter(person, nth, onAnswer)),
        ...listeners.map((person) => pollUntil(person, () => false))
      ].map((doing) => Effect.flatMap(Effect.flip(doing), ended)),
      { concurrency: "unbounded" }
    )
    assert.deepStrictEqual(early, [], "refused before the kill")
  }).pipe(Effect.scoped)

/** Everybody polls up to a mark, which comes after everything else. */
const gather = Effect.gen(function* () {
  const { url } = yield* serve
  const people = yield* meet(url, everybody)
  const [one, two] = people as [Person, Person]
  const [fromOne, fromTwo] = yield* Effect.all([targetsOf(one), targetsOf(two)])
  yield* Effect.forEach(people, ({ number }) => {
    const target = (number === one.number ? fromTwo : fromOne).find(({ to }) => to.length === 1 && to[0] === number)
    return say(target as Target, `mark/${number}`)
  })
  yield* Effect.forEach(people, (person) => pollUntil(person, (text) => text === `mark/${person.number}`), {
    concurrency: "unbounded"
  })
}).pipe(Effect.scoped)

/** After how many answers the server is killed, round by round: always the same ones, so that a failure can be repeated. */
const moments = [62, 137, 91, 7, 33, 48, 19, 71, 26, 55]

describe("a server that is killed", () => {
  it("has lost no acknowledged message when it comes back", async () => {
    for (const [nth, enough] of moments.entries()) await Effect.runPromise(round(nth, enough))
    await Effect.runPromise(gather)

    const missing = Array.from(log.acknowledged).flatMap((text) =>
      (log.tried.get(text) ?? []).filter((to) => !log.received.get(to)?.has(text)).map((to) => `${text} to ${to}`)
    )
    const invented = Array.from(log.received).flatMap(([to, texts]) =>
      Array.from(texts.keys()).filter((text) => !log.tried.get(text)?.includes(to))
    )
    const letters = Array.from(log.received.values()).reduce((sum, texts) => sum + texts.size, 0)
    console.log(
      `killed after ${moments.join(", ")} answers: ${log.acknowledged.size} messages acknowledged, ` +
        `${letters} letters arrived, ${log.repeats} of them again`
    )
    assert.deepStrictEqual(missing, [])
    assert.deepStrictEqual(invented, [])
    assert.deepStrictEqual(log.cameAgain, [])
    assert.isAtLeast(
      log.acknowledged.size,
      moments.reduce((sum, n) => sum + n, 0)
    )
  })
})
