// @ts-nocheck  (node's own test runner, whose types we do not install)
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decisions } from "./decisions";

function desk() {
  const asked = [];
  const said = [];
  let at = 0;
  const told = {
    saved: (decision) => said.push(["saved", decision.index]),
    failed: (decision, why, behind) => said.push(["failed", decision.index, why, behind]),
    waiting: () => undefined,
  };
  const ask = (data) => new Promise((resolve, reject) => asked.push({ ...data, resolve, reject }));
  const decisions = new Decisions(ask, told, () => at);
  return { asked, said, decisions, later: (ms) => (at += ms), settled: () => new Promise((done) => setImmediate(done)) };
}

const accept = (index) => ({ what: "accept", index, data: { position: index } });

test("decisions are numbered, and done when they are confirmed", async () => {
  const { asked, said, decisions, settled } = desk();
  decisions.make(accept(4));
  decisions.make(accept(5));
  assert.deepEqual(asked.map((each) => [each.seq, each.position]), [[1, 4], [2, 5]]);
  assert.equal(decisions.unsaved, 2);
  asked[0].resolve({ seq: 1 });
  await settled();
  assert.deepEqual(said, [["saved", 4]]);
  assert.deepEqual([decisions.unsaved, decisions.waits(4), decisions.waits(5)], [1, false, true]);
});

test("what was not confirmed is sent again, and told once", async () => {
  const { asked, said, decisions, later, settled } = desk();
  decisions.make(accept(1));
  later(1_000);
  decisions.tick();
  assert.equal(asked.length, 1);
  later(4_000);
  decisions.tick();
  assert.deepEqual(asked.map((each) => each.seq), [1, 1]);
  asked[1].resolve({ seq: 1 });
  asked[0].resolve({ seq: 1 });
  await settled();
  assert.deepEqual(said, [["saved", 1]]);
});

test("behind a failure nothing counts, and the next ones are of another epoch", async () => {
  const { asked, said, decisions, settled } = desk();
  for (const index of [1, 2, 3]) decisions.make(accept(index));
  asked[0].reject(new Error("disk full"));
  asked[1].reject(new Error("it followed"));
  await settled();
  assert.deepEqual(said, [["failed", 1, "disk full", 2]]);
  assert.equal(decisions.unsaved, 0);
  decisions.make(accept(1));
  assert.deepEqual([asked[3].seq, asked[3].epoch, asked[0].epoch], [4, 1, 0]);
});

test("what the kernel misses is sent again from there on, and what was given up is said to be", async () => {
  const { asked, decisions, settled } = desk();
  decisions.make(accept(1));
  decisions.make(accept(2));
  asked[1].resolve({ again: 1 });
  await settled();
  assert.deepEqual(asked.slice(2).map((each) => each.seq), [1, 2]);
  asked[2].reject(new Error("no"));
  await settled();
  decisions.make(accept(3));
  asked[4].resolve({ again: 2 });
  await settled();
  assert.deepEqual(asked.slice(5).map((each) => [each.seq, each.epoch]), [[2, -1], [3, 1]]);
});
