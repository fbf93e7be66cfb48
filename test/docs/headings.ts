/**
 * The headings of the two documents, word for word and in their order, with the requests that each describes.
 *
 * `prints`: of which request the section prints a reply, or says what stands in it; `–` for a rule about replies.
 */
interface Heading {
  readonly heading: string
  readonly requests: ReadonlyArray<string>
  readonly prints?: string
}

const section = (heading: string, ...requests: ReadonlyArray<string>): Heading => ({ heading, requests })
const printing = (heading: string, prints: string, ...others: ReadonlyArray<string>): Heading => ({
  heading,
  requests: prints === "–" ? others : [prints, ...others],
  prints
})

export const documents: ReadonlyArray<{ readonly document: string; readonly headings: ReadonlyArray<Heading> }> = [
  {
    document: "1",
    headings: [
      section("WebQQ 协议分析文档"),
      section("登录流程"),
      printing("检查是否需要验证码", "check"),
      section("获取验证码", "getimage"),
      printing("校验密码", "login"),
      section("请求校验密码所返回的连接", "check_sig"),
      printing("登录", "login2"),
      section("更新好友列表", "get_user_friends2"),
      section("获取群列表:", "get_group_name_list_mask2"),
      section("获取群中的成员", "get_group_info_ext2"),
      section("获取消息", "poll2"),
      section("心跳", "get_msg_tip"),
      section("获取临时消息群签名", "get_c2cmsg_sig2"),
      section("发送临时消息", "send_sess_msg2"),
      section("发送好友消息", "send_buddy_msg2"),
      section("发送群消息", "send_qun_msg2"),
      section("设置QQ签名,", "set_long_nick2"),
      section("确认添加好友请求", "allow_and_add2")
    ]
  },
  {
    document: "2",
    headings: [
      section("GnomeQQ"),
      section("登陆"),
      section("二维码方式（手机QQ/安全中心扫描）：", "ptqrshow", "ptqrlogin"),
      section("用户名密码登陆：", "login"),
      printing("消息获取", "poll2", "logout2"),
      printing("消息回复", "–"),
      section("好友消息", "send_buddy_msg2"),
      section("临时对话（来自群或讨论组）", "send_sess_msg2", "get_c2cmsg_sig2"),
      section("群消息", "send_qun_msg2"),
      section("讨论组消息", "send_discu_msg2"),
      section("ID及昵称获取"),
      printing("获取个人信息", "get_self_info2"),
      printing("获取vfwebqq码", "getvfwebqq"),
      section("获取好友，群，讨论组信息"),
      section("0. 使用WEBQQ的函数计算hash值"),
      printing("1. 好友信息：", "get_user_friends2"),
      printing("2. 群信息：", "get_group_name_list_mask2"),
      printing("3. 讨论组信息：", "get_discus_list"),
      printing("4. 群成员：", "get_group_info_ext2"),
      section("5. 讨论组成员：", "get_discu_info"),
      printing("6. 通过UIN获取QQ号（webqq中用uin来指定对象）：", "get_friend_uin2")
    ]
  }
]
