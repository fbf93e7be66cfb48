/** The kit for testing bots: no socket, no real time, any test runner. */
export * as TestServer from "./TestServer.ts"
