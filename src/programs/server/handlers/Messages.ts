/**
 * The sends: to friends, groups, discussion groups, and strangers with whom a group is shared.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Descriptions from "../../../protocol/endpoint/Messages.ts"
import * as Content from "../../../schema/Content.ts"
import * as Envelope from "../../../schema/Envelope.ts"
import * as Ids from "../../../schema/Ids.ts"
import * as Signature from "../../../schema/Signature.ts"
import type * as Aliases from "../Aliases.ts"
import * as Delivery from "../Delivery.ts"
import type * as Letter from "../Letter.ts"
import * as MessageSize from "../MessageSize.ts"
import * as Options from "../Options.ts"
import * as Route from "../Route.ts"
import * as Sessions from "../Sessions.ts"
import type * as Wire from "../Wire.ts"
import * as World from "../World.ts"
import * as Access from "./Access.ts"

/** A target that the sender may not write to. No source tells the real number. */
const refused = (errmsg: string) => Envelope.refused(1, { errmsg })
const sent = Envelope.ok("ok")

/** As SmartQQ did: before the recent list was asked for, a send is answered with 1202, and goes out all the same. */
const answerOf = (session: Sessions.ChannelSession) =>
  Effect.map(Options.Options, ({ dialect, strict }) =>
    strict && dialect.name === "smartqq-2015" && !session.get().warm.recent ? Envelope.refused(1202) : sent
  )

/** A send of a session that has not ended; what is too long is refused. */
const sending = (
  r: Parameters<typeof Access.liveChannelSession>[0] & { readonly content: Content.Content },
  wire: Wire.Request,
  use: (session: Sessions.ChannelSession) => Effect.Effect<Envelope.Envelope<unknown>, never, Access.Needs>
) =>
  Access.liveChannelSession(r, wire, (session) =>
    MessageSize.isTooLarge(r.content) ? Effect.succeed(refused("the message is too long")) : use(session)
  )

const asText = (part: Content.Part): Content.Part =>
  part._tag === "Text" || part._tag === "Face" ? part : Content.text(Content.toText(Content.make([part])))

/**
 * Nobody can upload pictures here, and some old clients do not survive an element that they do not know (protocol notes,
 * section 8, 11): a tolerant server passes on text and faces, and says of the rest what it was.
 */
const passedOn = (content: Content.Content) =>
  Effect.map(Options.Options, ({ strict }) => (strict ? content : { ...content, parts: content.parts.map(asText) }))

/** What a client sent, on its way to each of `to`. */
const letters = (
  from: Ids.QQ,
  to: ReadonlyArray<Ids.QQ>,
  place: Letter.Place,
  sent: { readonly msg_id: Ids.MsgId; readonly content: Content.Content }
) =>
  Effect.gen(function* () {
    const time = yield* Delivery.seconds
    const content = yield* passedOn(sent.content)
    return to.map((to): Letter.Letter => ({ from, to, place, msgId: sent.msg_id, time, content }))
  })

/** To one person: where the letter cannot be kept, its sender is told. */
const toOne = (
  session: Sessions.ChannelSession,
  letter: Effect.Effect<ReadonlyArray<Letter.Letter>, never, Options.Options>
) =>
  Effect.gen(function* () {
    const taken = yield* Delivery.deliver(yield* letter)
    return taken === 0 ? refused("too many messages wait for the recipient") : yield* answerOf(session)
  })

const sendBuddyMsg2 = Route.make(
  Descriptions.sendBuddyMsg2,
  ({ r }, wire) =>
    sending(r, wire, (session) =>
      Effect.gen(function* () {
        const { account, aliases } = session.login
        const to = aliases.accountOf(r.to)
        if (Option.isNone(to) || !(yield* (yield* World.World).isFriend(account, to.value))) {
          return refused("not a friend")
        }
        return yield* toOne(session, letters(account, [to.value], { _tag: "Friend" }, r))
      })
    ),
  Access.refusedByChannel
)

/** To everybody else in a group: who has too many letters waiting misses it, and the others do not. */
const toOthers = (session: Sessions.ChannelSession, members: ReadonlyArray<World.Account>) => {
  const { account } = session.login
  const others = members.map(({ number }) => number).filter((number) => number !== account)
  return (place: Letter.Place, message: { readonly msg_id: Ids.MsgId; readonly content: Content.Content }) =>
    Effect.gen(function* () {
      yield* Delivery.deliver(yield* letters(account, others, place, message))
      return yield* answerOf(session)
    })
}

const isIn = (members: ReadonlyArray<World.Account>, account: Ids.QQ): boolean =>
  members.some(({ number }) => number === account)

/** The members of a group or a discussion group, if there is one and `account` is in it. */
const membersOf = (place: Letter.Common, account: Ids.QQ) =>
  Effect.gen(function* () {
    const world = yield* World.World
    const members =
      place._tag === "Group"
        ? Option.map(yield* world.group(place.number), ({ members }) => members.map((member) => member.account))
        : Option.map(yield* world.discussion(place.did), ({ members }) => members)
    return Option.filter(members, (accounts) => isIn(accounts, account))
  })

const sendQunMsg2 = Route.make(
  Descriptions.sendQunMsg2,
  ({ r }, wire) =>
    sending(r, wire, (session) =>
      Effect.gen(function* () {
        const { account, aliases } = session.login
        const number = aliases.groupOfGid(r.group_uin)
        const place: Letter.Common = { _tag: "Group", number: Option.getOrElse(number, () => 0) }
        const members = yield* membersOf(place, account)
        if (Option.isNone(members)) return refused("not a member of the group")
        return yield* toOthers(session, members.value)(place, r)
      })
    ),
  Access.refusedByChannel
)

const sendDiscuMsg2 = Route.make(
  Descriptions.sendDiscuMsg2,
  ({ r }, wire) =>
    sending(r, wire, (session) =>
      Effect.gen(function* () {
        const place: Letter.Common = { _tag: "Discussion", did: r.did }
        const members = yield* membersOf(place, session.login.account)
        if (Option.isNone(members)) return refused("not a member of the discussion")
        return yield* toOthers(session, members.value)(place, r)
      })
    ),
  Access.refusedByChannel
)

/** The group or discussion group that a client means by its number and `service_type`. */
const commonOf = (id: number, serviceType: number, { groupOfGid }: Aliases.Aliases): Option.Option<Letter.Common> =>
  serviceType === 1
    ? Option.some({ _tag: "Discussion", did: Ids.DiscussionId.make(id) })
    : Option.map(groupOfGid(Ids.GroupId.make(id)), (number) => ({ _tag: "Group", number }))

/** The group or discussion group of that number, if both are in it. */
const shared = (id: number, serviceType: number, { account, aliases }: Sessions.WebLogin, other: Ids.QQ) =>
  Effect.gen(function* () {
    const common = commonOf(id, serviceType, aliases)
    if (Option.isNone(common)) return common
    const members = yield* membersOf(common.value, account)
    return Option.exists(members, (accounts) => isIn(accounts, other)) ? common : Option.none<Letter.Common>()
  })

const getC2cmsgSig2 = Route.make(
  Descriptions.getC2cmsgSig2,
  ({ clientid, id, psessionid, service_type, to_uin }, wire) =>
    Access.liveChannelSession({ clientid, psessionid }, wire, (session) =>
      Effect.gen(function* () {
        const to = session.login.aliases.accountOf(to_uin)
        const common = Option.isSome(to) ? yield* shared(id, service_type, session.login, to.value) : Option.none()
        if (Option.isNone(to) || Option.isNone(common)) return refused("no common group")
        const signature = yield* (yield* Sessions.Sessions).sign({
          from: session.login.account,
          to: to.value,
          common: common.value
        })
        return Envelope.ok({
          type: service_type,
          value: Schema.decodeSync(Signature.GroupSig)(signature),
          flags: { text: 1, pic: 1, file: 1, audio: 1, video: 1 }
        })
      })
    ),
  Access.refusedByChannel
)

const sendSessMsg2 = Route.make(
  Descriptions.sendSessMsg2,
  ({ r }, wire) =>
    sending(r, wire, (session) =>
      Effect.gen(function* () {
        const { account, aliases } = session.login
        const to = aliases.accountOf(r.to)
        const pass = Option.filter(
          yield* (yield* Sessions.Sessions).pass(Redacted.value(r.group_sig)),
          (found) => found.from === account && Option.contains(to, found.to)
        )
        if (Option.isNone(pass)) return refused("the signature is not for this recipient")
        const members = yield* membersOf(pass.value.common, account)
        if (!Option.exists(members, (accounts) => isIn(accounts, pass.value.to))) return refused("no common group")
        const place: Letter.Place = { _tag: "Session", common: pass.value.common }
        return yield* toOne(session, letters(account, [pass.value.to], place, r))
      })
    ),
  Access.refusedByChannel
)

export const routes = [sendBuddyMsg2, sendQunMsg2, sendDiscuMsg2, getC2cmsgSig2, sendSessMsg2]
