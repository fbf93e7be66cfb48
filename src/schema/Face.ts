/**
 * The emoticons: their numbers on the wire and the names that people see, `[微笑]` (protocol notes, section 5.5).
 */
import * as Option from "effect/Option"

const table =
  "14 微笑,1 撇嘴,2 色,3 发呆,4 得意,5 流泪,6 害羞,7 闭嘴,8 睡,9 大哭,10 尴尬,11 发怒,12 调皮,13 呲牙,0 惊讶,50 难过,51 酷," +
  "96 冷汗,53 抓狂,54 吐,73 偷笑,74 可爱,75 白眼,76 傲慢,77 饥饿,78 困,55 惊恐,56 流汗,57 憨笑,58 大兵,79 奋斗,80 咒骂," +
  "81 疑问,82 嘘,83 晕,84 折磨,85 衰,86 骷髅,87 敲打,88 再见,97 擦汗,98 抠鼻,99 鼓掌,100 糗大了,101 坏笑,102 左哼哼," +
  "103 右哼哼,104 哈欠,105 鄙视,106 委屈,107 快哭了,108 阴险,109 亲亲,110 吓,111 可怜,112 菜刀,32 西瓜,113 啤酒,114 篮球," +
  "115 乒乓,63 咖啡,64 饭,59 猪头,33 玫瑰,34 凋谢,116 示爱,36 爱心,37 心碎,38 蛋糕,91 闪电,92 炸弹,93 刀,29 足球,117 瓢虫," +
  "72 便便,45 月亮,42 太阳,39 礼物,62 拥抱,46 强,47 弱,71 握手,95 胜利,118 抱拳,119 勾引,120 拳头,121 差劲,122 爱你,123 NO," +
  "124 OK,27 爱情,21 飞吻,23 跳跳,25 发抖,26 怄火,125 转圈,126 磕头,127 回头,128 跳绳,129 挥手,130 激动,131 街舞,132 献吻," +
  "133 左太极,134 右太极,136 双喜,137 鞭炮,138 灯笼,139 发财,140 K歌,141 购物,142 邮件,143 帅,144 喝彩,145 祈祷,146 爆筋," +
  "147 棒棒糖,148 喝奶,149 下面,150 香蕉,151 飞机,152 开车,153 左车头,154 车厢,155 右车头,156 多云,157 下雨,158 钞票,159 熊猫," +
  "160 灯泡,161 风车,162 闹钟,163 打伞,164 彩球,165 钻戒,166 沙发,167 纸巾,168 药,169 手枪,170 青蛙"

const entries: ReadonlyArray<readonly [id: number, name: string]> = table.split(",").map((entry) => {
  const blank = entry.indexOf(" ")
  return [Number(entry.slice(0, blank)), entry.slice(blank + 1)] as const
})

const names = new Map(entries)
const ids = new Map(entries.map(([id, name]) => [name, id]))

/** Every known face, in the order of the picker of Tencent's own client. */
export const all: ReadonlyArray<{ readonly id: number; readonly name: string }> = entries.map(([id, name]) => ({
  id,
  name
}))

/** The Chinese name of a face number, for example 14 → `微笑`; none for a number that the picker never had. */
export const nameOf = (id: number): Option.Option<string> => Option.fromNullable(names.get(id))

/** The face number of a Chinese name, for example `微笑` → 14. */
export const idOf = (name: string): Option.Option<number> => Option.fromNullable(ids.get(name))
