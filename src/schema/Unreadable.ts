/**
 * Why something from outside cannot be read.
 */
import * as Option from "effect/Option"
import * as AST from "effect/SchemaAST"

const kindOf = (value: unknown): string => {
  if (value === null) return "null"
  if (Array.isArray(value)) return "a list"
  switch (typeof value) {
    case "string":
      return value === "" ? "an empty text" : "a text"
    case "object":
      return "an object"
    default:
      return `a ${typeof value}`
  }
}

/** What a node of a Schema calls itself, without its brands; its structure if it has no name. */
const nameOf = (ast: AST.AST): string =>
  AST.getIdentifierAnnotation(ast).pipe(
    Option.orElse(() => AST.getTitleAnnotation(ast)),
    Option.getOrElse(() => String(ast))
  )

/** Where and why. No part of the value is kept: it may be a secret. */
export class Unreadable {
  readonly path: ReadonlyArray<PropertyKey>
  private readonly expected: AST.AST | string
  private readonly actual: string | undefined

  constructor(expected: AST.AST | string, actual: string | undefined, path: ReadonlyArray<PropertyKey> = []) {
    this.expected = expected
    this.actual = actual
    this.path = path
  }

  /** The same, seen from one step further out. */
  below(key: PropertyKey): Unreadable {
    return new Unreadable(this.expected, this.actual, [key, ...this.path])
  }

  /** Without the place. Put together when somebody asks: most of these are never shown. */
  get why(): string {
    if (this.actual === undefined) return "is missing"
    const expected = typeof this.expected === "string" ? this.expected : nameOf(this.expected)
    return `expected ${expected}, actual ${this.actual}`
  }

  /** Such as `result.info.did: expected NonNegativeInt, actual null`. */
  toString(): string {
    return this.path.length === 0 ? this.why : `${this.path.map(String).join(".")}: ${this.why}`
  }
}

/** A value that is not what was expected (a node of a Schema, or words). */
export const unreadable = (expected: AST.AST | string, value: unknown): Unreadable =>
  new Unreadable(expected, value === undefined ? undefined : kindOf(value))
