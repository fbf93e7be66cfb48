/** A reader says what its Schema says, for every kind of Schema that the wire has. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Either, FastCheck as fc, Option, Redacted, Schema } from "effect"
import * as Lenient from "../../src/schema/Lenient.ts"
import * as Reader from "../../src/schema/Reader.ts"
import * as Damage from "../fixtures/Damage.ts"

const Point = Schema.Struct({ x: Schema.Int, y: Lenient.zero })
interface Tree {
  readonly name: string
  readonly children: ReadonlyArray<Tree>
}
const Tree = Schema.Struct({
  name: Schema.String,
  children: Schema.Array(Schema.suspend((): Schema.Schema<Tree> => Tree))
})

const schemas = {
  String: Schema.String,
  Boolean: Schema.Boolean,
  Int: Schema.Int,
  Integer: Lenient.Integer,
  Literal: Schema.Literal("a", 1, null),
  Unknown: Schema.Unknown,
  NullOr: Schema.NullOr(Schema.Number),
  Brand: Schema.NonNegativeInt.pipe(Schema.brand("test/Brand")),
  Array: Schema.Array(Schema.String),
  Tuple: Schema.Tuple(Schema.String, Schema.Number),
  Numbers: Schema.Record({ key: Schema.String, value: Schema.Number }),
  Point,
  Tree,
  Nothing: Schema.Struct({}),
  Defaults: Schema.Struct({
    a: Schema.optionalWith(Schema.Int, { default: () => 1 }),
    b: Schema.optionalWith(Schema.Int, { default: () => 2, nullable: true }),
    c: Schema.optional(Schema.Int),
    d: Schema.optionalWith(Schema.Int, { as: "Option" }),
    e: Lenient.or(Point, { x: 0, y: 0 }),
    f: Lenient.maybe(Point),
    g: Schema.propertySignature(Schema.Unknown).pipe(Schema.fromKey("h"))
  }),
  Union: Schema.Union(Point, Schema.Array(Point), Schema.Struct({ y: Schema.String })),
  Trimmed: Schema.compose(Schema.Trim, Schema.NumberFromString),
  Date: Schema.Date,
  Refined: Point.pipe(Schema.filter(({ x, y }) => x <= y)),
  Lists: Lenient.lists(Schema.Struct({ points: Lenient.entries(Point), others: Lenient.list(Point) }))
} as const

const value = fc.oneof(
  Damage.anything,
  fc.record({ x: Damage.anything, y: Damage.anything }),
  fc.record(
    {
      a: Damage.anything,
      b: Damage.anything,
      c: Damage.anything,
      d: Damage.anything,
      e: fc.record({ x: fc.nat(), y: Damage.anything }),
      f: fc.record({ x: fc.integer() }),
      h: Damage.anything
    },
    { requiredKeys: [] }
  ),
  fc.record({ name: fc.string(), children: fc.array(fc.record({ name: fc.string(), children: fc.constant([]) })) }),
  fc.record({
    points: fc.array(fc.oneof(Damage.anything, fc.record({ x: fc.nat() }))),
    others: fc.array(fc.anything())
  }),
  fc.array(fc.oneof(fc.record({ x: fc.integer() }), fc.string())),
  fc.tuple(fc.string(), fc.nat()),
  fc.nat().map((n) => ` ${n} `)
)

describe("a reader", () => {
  for (const [name, schema] of Object.entries(schemas)) {
    // Only the values are compared.
    const any = schema as unknown as Schema.Schema<unknown, unknown>
    const read = Reader.of(any)
    const decode = Schema.decodeUnknownEither(any)
    it.prop(`of ${name} reads what its Schema decodes, and nothing else`, [value], ([input]) => {
      const expected = decode(input)
      const result = read(input)
      if (Either.isLeft(expected)) assert.isTrue(result instanceof Reader.Unreadable, JSON.stringify(result))
      else assert.deepStrictEqual(result, expected.right)
    })
  }

  it("names the place of what it cannot read, and shows nothing of the value", () => {
    const read = Reader.of(
      Schema.Struct({ list: Schema.Array(Schema.Struct({ secret: Schema.String, uin: Schema.Int })) })
    )
    const said = (input: unknown) => String(read(input))
    assert.strictEqual(said({ list: [{ secret: "s3cret", uin: "s3cret" }] }), "list.0.uin: expected Int, actual a text")
    assert.strictEqual(said({ list: [{ secret: ["s3cret"] }] }), "list.0.secret: expected string, actual a list")
    assert.strictEqual(said({ list: [{ secret: "s3cret" }] }), "list.0.uin: is missing")
    assert.strictEqual(said({}), "list: is missing")
    assert.strictEqual(said(undefined), "is missing")
  })

  it("of any record gives the record as it is, with members that a Schema takes for its prototype", () => {
    const read = Reader.of(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
    for (const record of [{}, { a: [1] }, JSON.parse('{"__proto__":{"uin":1}}')])
      assert.strictEqual(read(record), record)
    for (const other of [null, [], "", 1, undefined]) assert.instanceOf(read(other), Reader.Unreadable)
  })

  it("of a token gives it redacted", () => {
    const token = Reader.of(Schema.Redacted(Schema.NonEmptyString))("token")
    assert.strictEqual(token instanceof Reader.Unreadable ? "" : Redacted.value(token), "token")
    assert.instanceOf(Reader.of(Schema.Redacted(Schema.NonEmptyString))(""), Reader.Unreadable)
  })

  it("gives a fallback of its Schema, also in an Effect that may wait", () => {
    const schema = Schema.Struct({ n: Lenient.zero, list: Lenient.list(Schema.Int), maybe: Lenient.maybe(Schema.Int) })
    const nulls = { n: null, list: null, maybe: null }
    const expected = { n: 0, list: [], maybe: undefined }
    assert.deepStrictEqual(Reader.of(schema)(nulls), expected)
    assert.deepStrictEqual(Schema.decodeUnknownSync(schema)(nulls), expected)
    assert.deepStrictEqual(Effect.runSync(Schema.decodeUnknown(schema)(nulls)), expected)
  })

  it("of a Schema made of one names the place in the error of the Schema, too", () => {
    const schema = Lenient.Entries(Point)
    const error = Option.getOrThrow(Either.getLeft(Schema.decodeUnknownEither(schema)([{ x: "?" }, {}])))
    assert.include(error.message, '["x"]')
  })
})
