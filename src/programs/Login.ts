/**
 * Ways to log in: by password, by QR code, on live cookies; logins that wait for their server; the way back after a lost
 * session. Each yields what a `Session` needs, and {@link layer} makes one of it.
 */
export { warmUp } from "../protocol/WarmUp.ts"
export * from "./login/Layers.ts"
export * from "./login/Recover.ts"
export { type OnStep, Step } from "./login/Step.ts"
export * from "./login/Ways.ts"
