import assert from "node:assert/strict";
import { test } from "node:test";
import { Latest } from "../web/plan/latest.js";

test("values that are overtaken are skipped, and one is worked on at a time", async () => {
  const seen = [];
  let under = 0;
  let release;
  const latest = new Latest(async value => {
    assert.equal(++under, 1);
    seen.push(value);
    if (value === 1) {
      await new Promise(done => release = done);
    }
    under--;
  }, 0);
  [1, 2, 3].forEach(value => latest.offer(value));
  release();
  await new Promise(done => setTimeout(done, 20));
  assert.deepEqual(seen, [1, 3]);
});

test("the last value is worked on at once: what is under way is told to give up, what waits is dropped", async () => {
  const seen = [];
  const latest = new Latest((value, signal) => new Promise(done => {
    seen.push(value);
    if (value === "last") {
      done();
    }
    signal.addEventListener("abort", () => done(seen.push(`${value} given up`)));
  }), 60_000);
  latest.offer("first");
  latest.offer("never");
  await latest.finish("last");
  assert.deepEqual(seen, ["first", "first given up", "last"]);
});
