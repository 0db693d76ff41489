import assert from "node:assert/strict";
import { test } from "node:test";
import { Replay } from "../web/plan/facts.js";
import { drawing as blocksworld, goalScene, homeOf } from "../web/player/blocksworld.js";
import { drawing as rovers } from "../web/player/rovers.js";
import { drawing as sokoban, roomOf } from "../web/player/sokoban.js";
import { plansOf } from "./plans.js";

// Calls back with each state of all plans of a domain, and the parts of its picture by their keys.
function eachScene(domain, drawing, check) {
  assert.ok(plansOf(domain).length >= 10);
  for (const { view } of plansOf(domain)) {
    const replay = new Replay(view), scene = drawing(replay);
    for (let step = 0; step <= replay.last; step++) {
      const drawn = scene(step);
      assert.equal(new Set(drawn.parts.map(part => part.key)).size, drawn.parts.length, "a key is there once");
      assert.ok(drawn.parts.every(part => part.x >= 0 && part.y >= 0 && part.x <= drawn.width && part.y <= drawn.height), "parts are in the picture");
      check(replay.at(step), new Map(drawn.parts.map(part => [part.key, part])), drawn, view);
    }
  }
}

test("blocks stand where the facts say and never in each other", () => {
  eachScene("blocksworld", blocksworld, (facts, parts, scene) => {
    const blocks = [...parts.values()].filter(part => part.kind === "thing" && part.key !== "hand");
    const side = 48;
    for (const [above, below] of facts.of("on")) {
      assert.deepEqual([parts.get(above).x, parts.get(above).y], [parts.get(below).x, parts.get(below).y - side]);
    }
    const bottoms = facts.of("on-table").map(([block]) => parts.get(block).y + side);
    assert.ok(bottoms.every(bottom => bottom === scene.height - 12));
    for (const [held] of facts.of("holding")) {
      assert.equal(parts.get(held).x + side / 2, parts.get("hand").x);
      assert.ok(parts.get(held).y < Math.min(...blocks.filter(block => block.key !== held).map(block => block.y)) - side / 2);
    }
    for (const [i, one] of blocks.entries()) {
      assert.ok(blocks.slice(i + 1).every(other => Math.abs(one.x - other.x) >= side || Math.abs(one.y - other.y) >= side));
    }
  });
});

test("a tower stays where it stands while it stands", () => {
  for (const { view } of plansOf("blocksworld")) {
    const replay = new Replay(view), scene = blocksworld(replay);
    let before = new Map();
    for (let step = 0; step <= replay.last; step++) {
      const parts = new Map(scene(step).parts.map(part => [part.key, part.x])), table = replay.at(step).of("on-table").flat();
      table.filter(block => before.has(block)).forEach(block => assert.equal(parts.get(block), before.get(block)));
      before = new Map(table.map(block => [block, parts.get(block)]));
    }
  }
});

test("the goal's towers stand as its facts say, and all of its blocks are in them once", () => {
  const side = 48;
  for (const { view } of plansOf("blocksworld")) {
    const scene = goalScene(new Replay(view)), parts = new Map(scene.parts.map(part => [part.key, part])), facts = view.goal.facts;
    assert.equal(parts.size, scene.parts.length);
    assert.deepEqual([...parts.keys()].filter(key => !key.startsWith("table ")).sort(), [...new Set(facts.flatMap(([, ...blocks]) => blocks))].sort());
    facts.filter(([predicate]) => predicate === "on").forEach(([, above, below]) =>
      assert.deepEqual([parts.get(above).x, parts.get(above).y], [parts.get(below).x, parts.get(below).y - side]));
    assert.deepEqual(facts.filter(([predicate]) => predicate === "on-table").map(([, block]) => `table ${block}`).sort(), [...parts.keys()].filter(key => key.startsWith("table ")).sort());
    assert.ok(scene.parts.every(part => part.x >= 0 && part.y >= 0 && part.x <= scene.width && part.y <= scene.height));
    facts.forEach(([, block]) => assert.ok(scene.words.includes(block)));
  }
  assert.equal(goalScene({ view: { objects: [], goal: { facts: [] } } }), null);
});

test("a block is home only with all that is under it", () => {
  const goal = { on: new Map([["a", "b"], ["b", "c"]]), table: new Set(["c"]) };
  assert.deepEqual(homeOf(["c", "b", "a"], goal), ["c", "b", "a"]);
  assert.deepEqual(homeOf(["b", "a"], goal), []);
  assert.deepEqual(homeOf(["c", "a"], goal), ["c"]);
  assert.deepEqual(homeOf(["c", "b", "x", "a"], goal), ["c", "b"]);
});

test("towers that cannot be are drawn as far as they can", () => {
  const view = { objects: ["a", "b", "c"].map(name => ({ name })), init: [["on", "a", "b"], ["on", "b", "a"], ["clear", "c"]], goal: { facts: [["on", "a", "b"]] }, steps: [] };
  assert.match(blocksworld(new Replay(view))(0).words, /^Towers: c on the table/);
});

test("robot and boxes are in the cells that the facts name, on floor", () => {
  eachScene("sokoban", sokoban, (facts, parts) => {
    const room = roomOf(facts);
    const pixels = cell => room.places.get(cell).map(place => place * 40);
    assert.deepEqual([parts.get("robot").x, parts.get("robot").y], pixels(facts.of("at-robot")[0][0]));
    for (const [box, cell] of facts.of("at")) {
      assert.deepEqual([parts.get(box).x, parts.get(box).y], pixels(cell));
    }
    for (const [from, to, way] of facts.of("adjacent")) {
      const [dx, dy] = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }[way], [x, y] = room.places.get(from);
      assert.deepEqual(room.places.get(to), [x + dx, y + dy]);
    }
  });
});

test("a room whose cells have other names is found from how they lie to each other", () => {
  const facts = adjacent => new Replay({ init: adjacent.map(fact => ["adjacent", ...fact]), steps: [] }).at(0);
  const room = roomOf(facts([["a", "b", "right"], ["b", "a", "left"], ["b", "c", "down"], ["c", "b", "up"], ["far", "off", "down"]]));
  const [a, b, c] = ["a", "b", "c"].map(cell => room.places.get(cell));
  assert.deepEqual([b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]], [1, 0, 0, 1]);
  assert.equal(new Set([...room.places.values()].map(String)).size, 5);
  assert.equal(roomOf(facts([["a", "b", "right"], ["b", "c", "right"], ["a", "c", "right"]])), null);
  assert.equal(roomOf(facts([])), null);
});

test("rovers are at their waypoints, and the lander's list has a sign for each part of the goal that it knows", () => {
  eachScene("rovers", rovers, (facts, parts, scene, view) => {
    for (const [rover, waypoint] of facts.of("at")) {
      assert.equal(parts.get(rover).y, parts.get(waypoint).y);
      assert.ok(Math.abs(parts.get(rover).x - parts.get(waypoint).x) < 60);
    }
    const known = view.goal.facts.filter(fact => facts.has(...fact)).length;
    assert.ok(parts.get("card lander").shapes.filter(shape => shape.attributes.class === "check").length >= known);
    assert.equal(parts.get("card lander").shapes.filter(shape => shape.attributes.class === "open").length, view.goal.facts.length - known);
  });
});

test("tall pictures have the cards under the map, small ones fewer lines", () => {
  for (const { view } of plansOf("rovers")) {
    const [beside, tall, small] = [{}, { tall: true }, { small: true }].map(options => rovers(new Replay(view), options)(0));
    const cards = scene => scene.parts.filter(part => part.kind === "card"), height = scene => cards(scene).reduce((sum, card) => sum + card.shapes[0].attributes.height, 0);
    assert.ok(tall.width < beside.width && tall.height > beside.height);
    const lowest = Math.max(...tall.parts.filter(part => view.objects.some(object => object.name === part.key)).map(part => part.y));
    assert.ok(cards(tall).every(card => card.y > lowest));
    assert.ok(height(small) < height(beside));
  }
});

test("waypoints with other names are spread, none on another", () => {
  const names = Array.from({ length: 12 }, (_, i) => `w${i}`);
  const view = {
    objects: names.map(name => ({ name, type: "waypoint" })), goal: { facts: [] }, steps: [],
    init: names.slice(1).map((name, i) => ["visible", names[i >> 1], name]),
  };
  const places = rovers(new Replay(view))(0).parts.filter(part => names.includes(part.key));
  assert.equal(places.length, 12);
  assert.deepEqual(places, rovers(new Replay(view))(0).parts.filter(part => names.includes(part.key)));
  for (const [i, one] of places.entries()) {
    assert.ok(places.slice(i + 1).every(other => Math.hypot(one.x - other.x, one.y - other.y) > 20));
  }
});

test("a plan of hundreds of steps is laid out", () => {
  const names = Array.from({ length: 120 }, (_, i) => `b${i}`);
  const init = [["arm-empty"], ...names.flatMap((name, i) => i === 0 ? [["on-table", name]] : [["on", name, names[i - 1]]]), ["clear", names.at(-1)]];
  const steps = names.slice(1).reverse().flatMap((name, i) => [
    { action: "unstack", arguments: [name], added: [["holding", name], ["clear", names[118 - i]]], removed: [["on", name, names[118 - i]], ["clear", name], ["arm-empty"]] },
    { action: "putdown", arguments: [name], added: [["clear", name], ["on-table", name], ["arm-empty"]], removed: [["holding", name]] },
  ]);
  const replay = new Replay({ objects: names.map(name => ({ name })), init, steps, goal: { facts: [] } });
  const scene = blocksworld(replay);
  assert.equal(new Set(scene(replay.last).parts.filter(part => names.includes(part.key)).map(part => part.x)).size, 120);
  assert.equal(scene(0).parts.filter(part => names.includes(part.key)).map(part => part.y).sort((a, b) => a - b)[0], scene(0).height - 12 - 120 * 48);
});
