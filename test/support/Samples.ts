/**
 * Replies and poll events as servers wrote them, with made-up numbers and names: shapes from the reference, sections 4
 * and 5. What the two documents print themselves stands in the tests, word for word.
 */

/** Reference, section 4.1, `get_user_friends2`: one friend in a category, one in the default one. */
export const userFriends = {
  friends: [
    { uin: 2440652742, flag: 4, categories: 2 },
    { uin: 1574737440, flag: 0, categories: 0 }
  ],
  categories: [{ index: 2, sort: 1, name: "同学" }],
  marknames: [{ uin: 2440652742, markname: "小明", type: 0 }],
  vipinfo: [
    { u: 2440652742, is_vip: 1, vip_level: 6 },
    { u: 1574737440, is_vip: 0, vip_level: 0 }
  ],
  info: [
    { uin: 2440652742, nick: "明", face: 252, flag: 17334848 },
    { uin: 1574737440, nick: "ZerUniverse", face: 0, flag: 0 }
  ]
}

/** Section 4.2, `get_self_info2`. */
export const selfInfo = {
  uin: 1685359365,
  account: 1685359365,
  nick: "昵称",
  lnick: "签名",
  face: 567,
  birthday: { year: 1994, month: 2, day: 7 },
  gender: "female",
  country: "中国",
  province: "广东",
  city: "深圳",
  phone: "-",
  mobile: "-",
  email: "someone@example.com",
  homepage: "http://example.com/",
  occupation: "学生",
  college: "大学",
  personal: "介绍",
  allow: 3,
  blood: 1,
  constel: 1,
  shengxiao: 10,
  vip_info: 0
}

/** Section 4.1, `get_group_name_list_mask2`. */
export const groupList = {
  gnamelist: [
    { gid: 833193360, code: 3557387121, name: "同学群", flag: 16777217 },
    { gid: 2323421101, code: 944781398, name: "工作", flag: 1048577 }
  ],
  gmasklist: [
    { gid: 1000, mask: 0 },
    { gid: 833193360, mask: 2 }
  ],
  gmarklist: [{ uin: 833193360, markname: "老同学" }]
}

/**
 * Section 4.1, `get_group_info_ext2`: an owner, an administrator (mflag bit 0) who is online and has a card, a member
 * whose mflag has other bits only, one with neither card nor flag, and one with a card that is empty.
 */
export const groupInfo = {
  ginfo: {
    gid: 833193360,
    code: 3557387121,
    name: "同学群",
    owner: 2440652742,
    createtime: 1231435199,
    level: 2,
    class: 10010,
    flag: 16777217,
    option: 2,
    face: 1,
    memo: "公告",
    fingermemo: "简介",
    members: [
      { muin: 2440652742, mflag: 192 },
      { muin: 1574737440, mflag: 21 },
      { muin: 3785096088, mflag: 20 },
      { muin: 4294967295, mflag: 0 },
      { muin: 10001, mflag: 1 }
    ]
  },
  minfo: [
    { nick: "甲", province: "广东", gender: "male", uin: 2440652742, country: "中国", city: "深圳" },
    { nick: "乙", province: "", gender: "female", uin: 1574737440, country: "", city: "" },
    { nick: "丙", province: "", gender: "unknown", uin: 3785096088, country: "", city: "" },
    { nick: "丁", province: "", gender: "unknown", uin: 4294967295, country: "", city: "" },
    { nick: "戊", province: "", gender: "unknown", uin: 10001, country: "", city: "" }
  ],
  stats: [
    { client_type: 41, uin: 1574737440, stat: 10 },
    { client_type: 1, uin: 3785096088, stat: 50 }
  ],
  cards: [
    { muin: 1574737440, card: "班长" },
    { muin: 10001, card: "" }
  ],
  vipinfo: [
    { vip_level: 6, u: 2440652742, is_vip: 1 },
    { vip_level: 0, u: 1574737440, is_vip: 0 },
    { vip_level: 0, u: 3785096088, is_vip: 0 },
    { vip_level: 0, u: 4294967295, is_vip: 0 },
    { vip_level: 0, u: 10001, is_vip: 0 }
  ]
}

/** Section 4.1, `get_discus_list`, with the masks that some servers sent. */
export const discusList = {
  dnamelist: [{ did: 1664044173, name: "讨论组" }],
  dmasklist: [{ did: 1000, mask: 0 }]
}

/** Section 4.1, `get_discu_info`. */
export const discuInfo = {
  info: {
    did: 1664044173,
    discu_name: "讨论组",
    discu_owner: 2440652742,
    info_seq: 1,
    mem_list: [
      { mem_uin: 2440652742, ruin: 10001 },
      { mem_uin: 1574737440, ruin: 10002 }
    ]
  },
  mem_status: [{ uin: 1574737440, status: "away", client_type: 21 }],
  mem_info: [
    { uin: 2440652742, nick: "甲" },
    { uin: 1574737440, nick: "乙" }
  ]
}

/** Section 4.5, `get_c2cmsg_sig2`. */
export const c2cmsgSig = {
  type: 0,
  value: "0a1b2c3d4e5f60718293",
  flags: { text: 1, pic: 1, file: 1, audio: 1, video: 1 }
}

/** Section 2.8, `login2`. */
export const login2 = {
  uin: 1685359365,
  cip: 3396791469,
  index: 1075,
  port: 49648,
  status: "online",
  vfwebqq: "5cf2b148",
  psessionid: "8368046764001d636f6e6e73",
  user_state: 0,
  f: 0
}

const common = {
  msg_id: 10315,
  from_uin: 2440652742,
  to_uin: 1685359365,
  msg_id2: 481949,
  msg_type: 9,
  reply_ip: 4294967295
}
const time = 1374225160
const content = [["font", { size: 13, color: "ff0000", style: [1, 0, 0], name: "微软雅黑" }], "你好 ", ["face", 14]]

/** The `value` of a frame of every type that the documents or the reference (section 5.2) name. */
export const pushes = {
  message: { ...common, time, content },
  sess_message: {
    ...common,
    msg_type: 140,
    time,
    id: 833193360,
    ruin: 10001,
    service_type: 0,
    flags: { text: 1, pic: 1, file: 1, audio: 1, video: 1 },
    content
  },
  group_message: {
    ...common,
    from_uin: 833193360,
    msg_type: 43,
    group_code: 3557387121,
    send_uin: 2440652742,
    seq: 7,
    time,
    info_seq: 123456789,
    content
  },
  discu_message: {
    ...common,
    from_uin: 10000,
    msg_type: 42,
    did: 1664044173,
    send_uin: 2440652742,
    seq: 8,
    time,
    info_seq: 1664044173,
    content
  },
  kick_message: { way: "poll", show_reason: 1, reason: "您的帐号在另一地点登录" },
  input_notify: { ...common, msg_type: 121 },
  buddies_status_change: { uin: 2440652742, status: "away", client_type: 41 },
  sys_g_msg: {
    ...common,
    from_uin: 833193360,
    msg_type: 34,
    type: "group_leave",
    gcode: 3557387121,
    t_gcode: 123456789,
    op_type: 3,
    old_member: 1574737440,
    t_old_member: "",
    admin_uin: 2440652742,
    t_admin_uin: "",
    admin_nick: "创建者"
  },
  system_message: {
    seq: 28857,
    type: "verify_required",
    uiuin: "",
    from_uin: 2440652742,
    account: 10001,
    msg: "我是小明",
    allow: 1,
    stat: 10,
    client_type: 41
  },
  tips: { from_uin: 10000, msg_id: 10315, url: "http://example.com/?run=mySignature", txt3: "更改了签名" },
  shake_message: common,
  file_message: {
    ...common,
    mode: "recv",
    type: 101,
    session_id: 16838,
    time,
    name: "文件.txt",
    inet_ip: 3396791469
  },
  push_offfile: {
    msg_id: 10315,
    from_uin: 2440652742,
    rkey: "0123abcd",
    ip: "192.0.2.1",
    port: 8080,
    size: 4096,
    name: "文件.zip",
    expire_time: 1374829960,
    time
  },
  notify_offfile: { ...common, action: 2, filename: "文件.zip", filesize: 4096 },
  filesrv_transfer: {
    ...common,
    lc_id: 289,
    type: 1,
    operation: 2,
    now: time,
    file_count: 1,
    file_infos: [{ file_name: "文件.txt", file_status: 51, pro_id: 0 }]
  },
  group_web_message: {
    ...common,
    from_uin: 833193360,
    msg_type: 45,
    group_code: 3557387121,
    group_type: 1,
    ver: 1,
    send_uin: 2440652742,
    xml: '<d><n t="h" u="10001"/><n t="t" s="共享文件"/></d>'
  },
  buddylist_change: {
    added_friends: [{ uin: 2440652742, groupid: 2 }],
    removed_friends: [{ uin: 1574737440 }]
  },
  av_request: { from_uin: 2440652742, anything: [1, { at: "all" }] },
  av_refuse: { ...common, type: 1, session_id: 16838, time, longconn: "" }
}
