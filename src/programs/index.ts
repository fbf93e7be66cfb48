/** What people run, composed from the other rooms. */
export * as Bot from "./Bot.ts"
export * as CommandBot from "./CommandBot.ts"
export * as Echo from "./Echo.ts"
export * as Friends from "./Friends.ts"
export * as Heartbeat from "./Heartbeat.ts"
export * as Login from "./Login.ts"
export * as Resume from "./Resume.ts"
