// @ts-nocheck  (node's own test runner, whose types we do not install)
import assert from "node:assert/strict";
import { test } from "node:test";
import { axisSplits, latency, seconds } from "./time";

test("latencies are in milliseconds below a second", () => {
  assert.equal(latency(12.3), "12 ms");
  assert.equal(latency(1149), "1.1 s");
});
test("a time has the unit that fits it", () => {
  assert.deepEqual([0, 2.5, 41, 178, 11_400].map(seconds), ["0 s", "2.5 s", "41 s", "2:58 min", "3:10 h"]);
});
test("an axis has two or three round numbers, whatever it ends at", () => {
  for (const high of [1, 7.3, 42, 99, 480, 1234, 60_000]) {
    const splits = axisSplits(0, high);
    assert.ok(splits.length >= 3 && splits.length <= 6, `${high}: ${splits}`);
    assert.equal(splits[0], 0);
    assert.ok(splits.at(-1)! <= high);
  }
});
