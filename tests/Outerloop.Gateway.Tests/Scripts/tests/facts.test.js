import assert from "node:assert/strict";
import { test } from "node:test";
import { Replay, keyOf } from "../web/plan/facts.js";
import { plans } from "./plans.js";

test("states are those of the gateway, whichever way one comes to them", () => {
  for (const { view, states } of plans) {
    const replay = new Replay(view);
    assert.equal(replay.last, states.length - 1);
    const walk = [...states.keys(), ...[...states.keys()].reverse(), ...[...states.keys()].map(step => step * 7 % states.length)];
    for (const step of walk) {
      assert.deepEqual(replay.at(step).all().map(keyOf).sort(), states[step].map(keyOf).sort());
    }
  }
});

test("facts are found by predicate and objects", () => {
  const facts = new Replay({ init: [["on", "a", "b"], ["on", "b", "c"], ["empty"]], steps: [] }).at(0);
  assert.deepEqual(facts.of("on"), [["a", "b"], ["b", "c"]]);
  assert.deepEqual([facts.has("empty"), facts.has("on", "a", "b"), facts.has("on", "a"), facts.has("on", "b", "a"), facts.has("none")], [true, true, false, false, false]);
  assert.deepEqual(facts.of("none"), []);
});
