// @ts-nocheck  (node's own test runner, whose types we do not install)
import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, inWords } from "./clock";

test("a clock counts minutes, and hours where there are any", () => {
  assert.equal(clock(59 * 60_000 + 41_000), "59:41");
  assert.equal(clock(3_723_000), "1:02:03");
  assert.equal(clock(400), "0:01");
});
test("it ends at nothing", () => assert.equal(clock(-5), "0:00"));
test("words are about minutes", () => {
  assert.equal(inWords(59_000), "less than a minute left");
  assert.equal(inWords(61_000), "1 minute left");
  assert.equal(inWords(600_000), "10 minutes left");
});
