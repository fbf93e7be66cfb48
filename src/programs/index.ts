/** What people run, composed from the other rooms. */
export * as Echo from "./Echo.ts"
export * as Login from "./Login.ts"
