/** What requests beyond the endpoint descriptions need to get past the first look. */
import { extras } from "../../src/programs/server/legacy/index.ts"

type Members = Readonly<Record<string, unknown>>

const contact = { vfwebqq: "«vfwebqq»" }
const person = { tuin: "10003", ...contact }
const group = { gcode: "2000123456", ...contact }
const session = { clientid: "«clientid»", psessionid: "«psessionid»" }
const discussion = { did: "1664044173", ...session }
const chosen = { mem_list: "[10003]", mem_list_u: "[10004]" }
const qun = { gc: "123456", bkn: "«bkn»" }
const told = { to_uin: "10001", ...session }

/** By the name of the request. */
export const fields: Readonly<Record<string, Members>> = {
  xlogin: { appid: "501004106", style: "40" },
  pt4_auth: { auth_token: "«authToken»" },
  logout: { pt4_hkey: "«hkey»" },
  change_status2: { newstatus: "busy", ...session },
  input_notify2: told,
  shake2: told,
  get_gface_sig2: session,
  get_friend_info2: person,
  get_stranger_info2: person,
  get_single_long_nick2: person,
  get_qq_level2: person,
  get_allow_info2: person,
  change_mark_name2: { markname: "x", ...person },
  modify_friend_group: { newid: "1", ...person },
  delete_friend: { delType: "2", tuin: "10004", ...contact },
  search_qq_by_uin2: { tuin: "10004", ...contact },
  add_need_verify2: { account: "10004", msg: "x", ...contact },
  get_group_public_info2: group,
  get_group_info: { ...group, gcode: "[2000123456]" },
  get_group_member_stat2: group,
  get_self_business_card2: group,
  update_group_business_card2: { name: "x", ...group },
  update_group_info2: group,
  create_discu: { discu_name: "x", ...chosen, ...session },
  modify_discu_info: { discu_name: "x", ...discussion },
  change_discu_mem: { ...chosen, ...discussion },
  quit_discu: discussion,
  get_discu_list_new2: session,
  getface: { type: "1", uin: "10001", ...contact },
  qlogo: { nk: "10001" },
  get_friend_list: { bkn: "«bkn»" },
  get_group_list: { bkn: "«bkn»" },
  search_group_members: { st: "0", end: "20", ...qun },
  get_group_members_new: qun,
  set_group_card: { u: "10002", name: "x", ...qun },
  set_group_admin: { u: "10001", op: "1", ...qun },
  // Nobody by these numbers is in the group: who leaves it ends the other shots.
  delete_group_member: { ul: "10005|10006", ...qun }
}

/** What the shots need to know of an endpoint, of each of them on the first of its paths and hosts. */
export const all = extras.flatMap(({ hosts: [host = ""], name, paths: [path = ""] }) =>
  (["GET", "POST"] as const).map((method) => ({ name, method, host, path }))
)
