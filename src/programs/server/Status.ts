/**
 * How people are present: the protocol's names, and the numbers that stand for them in some places (protocol notes,
 * section 4.4).
 */
const codes: ReadonlyMap<string, number> = new Map([
  ["online", 10],
  ["offline", 20],
  ["away", 30],
  ["hidden", 40],
  ["busy", 50],
  ["callme", 60],
  ["silent", 70]
])

/** A status that a client asked for; one that nobody knows is "online". */
export const fromText = (wanted: string): string => (codes.has(wanted) ? wanted : "online")

/** The number of a status, for example 10 for "online". */
export const codeOf = (status: string): number => codes.get(status) ?? 10

/** The status that others see: who is hidden seems to be away altogether. */
export const visible = (status: string): string => (status === "hidden" ? "offline" : status)
