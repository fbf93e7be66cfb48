/**
 * What makes two deliveries the same event.
 */
import * as Option from "effect/Option"
import * as Content from "../../schema/Content.ts"
import * as PollEvent from "../../schema/PollEvent.ts"
import type { Event } from "./Options.ts"

/** In which conversation a message was written, and by whom. */
const originOf = (message: PollEvent.Message): string => {
  switch (message._tag) {
    case "BuddyMessage":
    case "SessMessage":
      return `${message.fromUin}`
    case "GroupMessage":
      return `${message.gid} ${message.senderUin}`
    case "DiscuMessage":
      return `${message.did} ${message.senderUin}`
  }
}

/**
 * What makes two deliveries the same event; none for messages without a number and for notices, which are always
 * delivered. How a message begins counts too, because some clients give all of theirs one number.
 */
export const keyOf = (event: Event): Option.Option<string> =>
  PollEvent.isMessage(event)
    ? Option.map(event.msgId, (msgId) => {
        const begins = Content.toText(event.content).slice(0, 100)
        return `${event._tag} ${originOf(event)} ${msgId} ${event.time} ${begins}`
      })
    : Option.none()
