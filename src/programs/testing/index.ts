/** The kit for testing bots: no socket, no real time, any test runner. */
export type { Person } from "./Person.ts"
export * as TestServer from "./TestServer.ts"
export * as TestWorld from "./TestWorld.ts"
