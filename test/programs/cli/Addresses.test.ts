/** Whose a connection is. */
import { assert, describe, it } from "@effect/vitest"
import { FastCheck as fc } from "effect"
import * as Addresses from "../../../src/programs/cli/listener/Addresses.ts"

describe("the owner of a connection", () => {
  it("is an IPv4 address, however a socket shows it", () =>
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        assert.strictEqual(Addresses.ownerOf(address), address)
        assert.strictEqual(Addresses.ownerOf(`::ffff:${address}`), address)
      })
    ))

  it("is the first half of an IPv6 address, wherever its zeros are left out", () => {
    const same = ["2001:db8:0:7:1:2:3:4", "2001:db8:0:7::", "2001:DB8:0:7::9", "2001:db8:0:7:ffff::1%eth0"]
    assert.deepStrictEqual(new Set(same.map(Addresses.ownerOf)), new Set(["2001:db8:0:7"]))
    assert.strictEqual(Addresses.ownerOf("2001:db8::1"), "2001:db8:0:0")
    assert.strictEqual(Addresses.ownerOf("::2"), "0:0:0:0")
    assert.notStrictEqual(Addresses.ownerOf("2001:db8:0:8::1"), Addresses.ownerOf("2001:db8:0:7::1"))
  })

  it("is this machine for its own addresses alone", () => {
    for (const address of ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"]) {
      assert.isTrue(Addresses.isLoopback(address), address)
    }
    for (const address of ["", "::", "10.0.0.1", "192.0.2.127", "::ffff:10.0.0.1", "2001:db8::1"]) {
      assert.isFalse(Addresses.isLoopback(address), address)
    }
  })
})
