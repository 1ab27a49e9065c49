// @ts-nocheck  (node's own test runner, whose types we do not install)
import assert from "node:assert/strict";
import { test } from "node:test";
import { keyName } from "./keyboard";

const plain = { ctrlKey: false, metaKey: false, altKey: false };

test("a letter is itself", () => assert.equal(keyName({ ...plain, key: "a" }), "a"));
test("Enter with Ctrl or Cmd is one", () => {
  assert.equal(keyName({ ...plain, key: "Enter", ctrlKey: true }), "Ctrl+Enter");
  assert.equal(keyName({ ...plain, key: "Enter", metaKey: true }), "Ctrl+Enter");
});
test("what belongs to the browser is nobody's", () => {
  assert.equal(keyName({ ...plain, key: "r", ctrlKey: true }), "");
  assert.equal(keyName({ ...plain, key: "a", altKey: true }), "");
});
