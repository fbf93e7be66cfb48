/**
 * Descriptions of the contact host's endpoints (protocol notes, sections 4.1 and 4.2; seed 2, "ID及昵称获取").
 */
import * as Schema from "effect/Schema"
import * as Contacts from "../../schema/Contacts.ts"
import * as Envelope from "../../schema/Envelope.ts"
import * as Ids from "../../schema/Ids.ts"
import * as Endpoint from "./Endpoint.ts"

const json = "application/json"

/** The own profile. `t` is unix time in milliseconds, only against caches. */
export const getSelfInfo2 = Endpoint.make({
  name: "get_self_info2",
  method: "GET",
  host: "api",
  path: "/api/get_self_info2",
  request: Schema.Struct({ t: Schema.optionalWith(Schema.String, { default: () => "" }) }),
  reply: Envelope.reply(Contacts.SelfInfo),
  contentType: json
})

/** The friend list. `h` is the word "hello" until 2014 and absent later; `hash` is the contact-list hash. */
export const getUserFriends2 = Endpoint.make({
  name: "get_user_friends2",
  method: "POST",
  host: "api",
  path: "/api/get_user_friends2",
  request: Schema.Struct({
    r: Schema.parseJson(
      Schema.Struct({
        h: Schema.optional(Schema.String),
        hash: Schema.Redacted(Schema.String),
        vfwebqq: Ids.Vfwebqq
      })
    )
  }),
  reply: Envelope.reply(Contacts.UserFriends),
  contentType: json
})
