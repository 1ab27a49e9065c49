// @ts-nocheck  (node's own test runner, whose types we do not install)
import assert from "node:assert/strict";
import { test } from "node:test";
import { inSight } from "./rows";

test("only what is in sight is drawn, and a few more", () => {
  assert.deepEqual(inSight(3_000, 300, 30, 10_000, 2), [98, 112]);
});
test("a table ends where it ends", () => {
  assert.deepEqual(inSight(0, 300, 30, 4, 8), [0, 4]);
  assert.deepEqual(inSight(299_900, 300, 30, 10_000, 8), [9988, 10_000]);
});
test("an empty table has nothing in sight", () => assert.deepEqual(inSight(0, 300, 30, 0, 8), [0, 0]));
test("a place behind the end of a table that became shorter shows nothing", () => {
  assert.deepEqual(inSight(3_000, 300, 30, 10, 2), [10, 10]);
});
