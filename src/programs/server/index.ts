/**
 * The embedded WebQQ server: a World, and two fronts on it.
 */

export * as Aliases from "./Aliases.ts"
export * as Admin from "./admin/Admin.ts"
export * as AdminApi from "./admin/Api.ts"
export * as AdminProblems from "./admin/Problems.ts"
export * as Faults from "./Faults.ts"
export * as Handler from "./Handler.ts"
export * as HttpFront from "./HttpFront.ts"
export * as InProcess from "./InProcess.ts"
export * as Letter from "./Letter.ts"
export * as Options from "./Options.ts"
export * as Profile from "./Profile.ts"
export * as Seed from "./Seed.ts"
export * as World from "./World.ts"
export * as WorldFile from "./WorldFile.ts"
export * as WorldMemory from "./WorldMemory.ts"
