import assert from "node:assert/strict";
import { test } from "node:test";
import { visible } from "../web/plan/page.js";
import { listed, short } from "../web/plan/scene.js";
import { endAt, goalAt, headline, isUnfinished, judgeable, obstaclesAt, positionsOf, recordOf, verdictSoFar } from "../web/plan/words.js";
import { Replay } from "../web/plan/facts.js";
import { plans } from "./plans.js";

test("every plan ends at its goal, at its failing step with what is unmet, or short of its goal", () => {
  const ends = new Set();
  for (const { view } of plans) {
    const last = positionsOf(view), facts = new Replay(view).at(view.steps.length), goal = goalAt(view, facts);
    for (let position = 0; position < last; position++) {
      assert.deepEqual([endAt(view, position), obstaclesAt(view, position)], ["", []]);
    }
    if (view.verdict.verdict === "valid") {
      ends.add("valid");
      assert.ok(goal.every(part => part.holds));
      assert.match(endAt(view, last), /goal holds/);
    } else if (view.failing) {
      ends.add("failing");
      assert.equal(last, view.failing.step);
      assert.ok(headline(view, last).includes(view.failing.text));
      assert.ok(obstaclesAt(view, last).length > 0);
    } else {
      ends.add("goal");
      assert.equal(obstaclesAt(view, last).length, goal.filter(part => !part.holds).length);
    }
  }
  assert.deepEqual([...ends].sort(), ["failing", "goal", "valid"]);
});

test("a plan that cannot be read says why", () => {
  const view = { steps: [], verdict: { verdict: "malformed", message: "line 1, column 1: 'x' belongs to no step of a plan", unmet: [] } };
  assert.equal(headline(view, 0), "No plan can be read: line 1, column 1: 'x' belongs to no step of a plan.");
});

const VIEW = { steps: [{}], failing: { step: 2, text: "(stack b1)", action: "stack", arguments: ["b1"] }, verdict: { verdict: "invalid", reason: "arity", message: "takes 2", unmet: [] } };

test("a last step that may still go on is no mistake until the answer is whole", () => {
  assert.ok(isUnfinished(VIEW, "unstack b1 b2 stack b1 "));
  assert.ok(!isUnfinished(VIEW, "unstack b1 b2 stack b1 putdown b1"));
  assert.deepEqual(verdictSoFar(VIEW, "unstack b1 b2 stack b1", false), { kind: "open", text: "1 step can be taken; the goal does not hold yet." });
  assert.equal(verdictSoFar(VIEW, "unstack b1 b2 stack b1", true).kind, "invalid");
  assert.equal(verdictSoFar(VIEW, "unstack b1 b2 stack b1 putdown b1", false).kind, "invalid");
});

test("of many unmet parts a sentence names some", () => {
  const unmet = ["a", "b", "c", "d", "e"].map(text => ({ text }));
  const view = { steps: [], verdict: { verdict: "invalid", reason: "goal", message: "", unmet } };
  assert.equal(verdictSoFar(view, "", true).text, "The goal does not hold after 0 steps: a, b, c and 2 more.");
  assert.equal(verdictSoFar(view, "", false).kind, "open");
});

test("of steps in brackets the closed ones are judged", () => {
  assert.equal(judgeable("(unstack b1 b2)\n(putdown"), "(unstack b1 b2)");
  assert.equal(judgeable("(put"), "");
  assert.equal(judgeable("unstack b1"), "unstack b1");
});

test("what steers a terminal or turns text around is shown, and nothing else is changed", () => {
  assert.equal(visible("\u001b[31m\u0007\u202eab\u0000\u007f\u009b"), "␛[31m␇\ufffdab␀␡\ufffd");
  assert.equal(visible("a\tb\nä 🤖 <script>"), "a\tb\nä 🤖 <script>");
});

test("names are short by what tells them apart", () => {
  assert.deepEqual(["box3", "waypoint_3_12", "general", "camera1"].map(short), ["3", "3·12", "general", "1"]);
  assert.deepEqual([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])], ["", "a", "a and b", "a, b and c"]);
});

test("what is on record of a verdict says what was found of the answer beside it", () => {
  assert.equal(recordOf("accept", "", {}), "On record: accepted.");
  assert.equal(recordOf("reject", "pickup b1", {}), "On record: rejected, with your answer."); // nothing is verified there
  assert.equal(recordOf("reject", "pickup b1", { correction: "valid" }), "On record: rejected, with your answer, which is valid.");
  assert.equal(recordOf("reject", "x", { correction: "malformed", message: "'x' is no step" }), "On record: rejected, with your answer, which is malformed ('x' is no step).");
});
