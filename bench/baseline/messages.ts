/** A friend's message as servers send it. */
export const message = (msg_id: number) => ({
  poll_type: "message",
  value: {
    msg_id,
    from_uin: 3785096088,
    to_uin: 1685359365,
    msg_id2: 481949,
    msg_type: 9,
    reply_ip: 176756769,
    time: 1374225160,
    content: [["font", { size: 10, color: "000000", style: [0, 0, 0], name: "宋体" }], "你好 ", ["face", 14], "再见"]
  }
})

/** What a poll of the first dialect sends. */
export const poll = ({ clientid, psessionid, ptwebqq }: { clientid: number; psessionid: string; ptwebqq: string }) =>
  `r=${encodeURIComponent(JSON.stringify({ ptwebqq, clientid, psessionid, key: "" }))}&clientid=${clientid}&psessionid=${psessionid}`

/** The headers that go with it. */
export const headers = (cookie: string) => ({
  host: "d.web2.qq.com",
  "content-type": "application/x-www-form-urlencoded",
  referer: "http://d.web2.qq.com/proxy.html?v=20110331002&callback=1&id=2",
  cookie
})
