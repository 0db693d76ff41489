// Towers on a table, and a hand.
import { Replay } from "../plan/facts.js";
import { circle, fitting, label, listed, part, path, rect, tints } from "../plan/scene.js";

const SIDE = 48, GAP = 16;

// Scenes of the states of a plan.
export function drawing(replay) {
  const names = replay.view.objects.map(object => object.name), order = new Map(names.map((name, i) => [name, i]));
  const look = { order, tint: tints(names) };
  const goal = goalOf(replay.view.goal.facts);
  const table = columnsOf(replay);
  return step => sceneOf(towersOf(replay.at(step)), table, step, look, goal);
}

// The towers that the goal wants, each on a table where it says so; null where it wants none.
export function goalScene(replay) {
  const { objects, goal: { facts } } = replay.view;
  const { towers } = towersOf(new Replay({ init: facts, steps: [] }).at(0)), tint = tints(objects.map(object => object.name)), { table } = goalOf(facts);
  if (towers.length === 0) {
    return null;
  }
  const width = GAP + towers.length * (SIDE + GAP), floor = Math.max(...towers.map(tower => tower.length)) * SIDE + 4;
  const left = i => GAP + i * (SIDE + GAP);
  const told = towers.map(tower => `${[...tower].reverse().join(" on ")}${table.has(tower[0]) ? " on the table" : ""}`);
  return {
    width, height: floor + 10, words: `The goal: ${told.join("; ")}.`,
    parts: [
      ...towers.flatMap((tower, i) => table.has(tower[0]) ? [part(`table ${tower[0]}`, left(i), floor, [path(`M-6 3H${SIDE + 6}`, "table")])] : []),
      ...towers.flatMap((tower, i) => tower.map((block, level) => part(block, left(i), floor - (level + 1) * SIDE, blockOf(block, tint.get(block), false), "thing"))),
    ],
  };
}

// What stands on what. Blocks that stand on nothing and are not held are on the table.
export function towersOf(facts) {
  const under = new Map(facts.of("on"));
  const held = facts.of("holding").map(([block]) => block);
  const blocks = new Set([...facts.of("on-table"), ...facts.of("clear"), ...facts.of("on")].flat().filter(block => !held.includes(block)));
  const above = new Map([...under].map(([block, support]) => [support, block]));
  const towers = [...blocks].filter(block => !under.has(block)).map(base => {
    const tower = [base];
    // A state that cannot be has blocks on each other in a circle.
    for (let next = above.get(base); next !== undefined && !tower.includes(next); next = above.get(next)) {
      tower.push(next);
    }
    return tower;
  });
  return { towers, held };
}

// Where on the table each tower stands in each state: where it stood before, a new one at the first place that is free. And above
// which place the hand is.
export function columnsOf(replay) {
  const states = [];
  let places = new Map(), hand = 0, width = 2, height = 1;
  for (let step = 0; step <= replay.last; step++) {
    const { towers, held } = towersOf(replay.at(step));
    const before = places, [moved] = step === 0 ? [] : held.length > 0 ? held : movedBy(replay.view.steps[step - 1]);
    hand = before.get(states.at(-1)?.towers.find(tower => tower.includes(moved))?.[0]) ?? hand;
    places = new Map(towers.filter(([base]) => before.has(base)).map(([base]) => [base, before.get(base)]));
    const taken = new Set(places.values());
    for (const [base] of towers.filter(tower => !places.has(tower[0]))) {
      let free = 0;
      while (taken.has(free)) {
        free++;
      }
      taken.add(free);
      places.set(base, free);
    }
    hand = places.get(towers.find(tower => tower.includes(moved))?.[0]) ?? hand;
    width = Math.max(width, ...[...places.values()].map(place => place + 1));
    height = Math.max(height, ...towers.map(tower => tower.length));
    states.push({ towers, places, hand });
  }
  return { states, width, height };
}

function movedBy(step) {
  return step.removed.filter(([predicate]) => predicate === "holding").map(([, block]) => block);
}

function sceneOf({ towers, held }, table, step, { order, tint }, goal) {
  const width = GAP + table.width * (SIDE + GAP), height = (table.height + 2) * SIDE + 12, floor = height - 12;
  const { places, hand } = table.states[step];
  const x = place => GAP + place * (SIDE + GAP), handY = 10;
  const home = towers.flatMap(tower => homeOf(tower, goal));
  const blocks = towers.flatMap(tower => tower.map((block, level) => [block, x(places.get(tower[0])), floor - (level + 1) * SIDE]));
  const lifted = held.map(block => [block, x(hand), handY + 18]);
  return {
    width, height, words: wordsOf(towers, held),
    parts: [
      part("table", 0, 0, [path(`M4 ${floor + 3}H${width - 4}`, "table")]),
      // In an order that does not change.
      ...[...blocks, ...lifted].sort(([a], [b]) => order.get(a) - order.get(b))
        .map(([block, left, top]) => part(block, left, top, blockOf(block, tint.get(block), home.includes(block)), "thing")),
      part("hand", x(hand) + SIDE / 2, handY, [handOf(held.length > 0)], "thing"),
    ],
  };
}

function blockOf(block, tint, isHome) {
  const shapes = [
    rect(1, 1, SIDE - 2, SIDE - 2, `block tint${tint}`, 7),
    { ...label(SIDE / 2, SIDE / 2, block), attributes: { x: SIDE / 2, y: SIDE / 2, class: "label", "font-size": fitting(block, SIDE - 8, 17) } },
  ];
  return isHome ? [...shapes, circle(SIDE - 9, 9, 3.5, "home")] : shapes;
}

function handOf(isFull) {
  const half = isFull ? SIDE / 2 + 3 : SIDE / 2 - 4;
  return path(`M0 -10V6M${-half} 24V12Q${-half} 6 ${-half + 6} 6H${half - 6}Q${half} 6 ${half} 12V24`, "hand");
}

function goalOf(facts) {
  const on = new Map(facts.filter(([predicate]) => predicate === "on").map(([, block, support]) => [block, support]));
  const table = new Set(facts.filter(([predicate]) => predicate === "on-table").map(([, block]) => block));
  return { on, table };
}

// The blocks of a tower that are where the goal wants them, with all that is under them.
export function homeOf(tower, goal) {
  const home = [];
  for (const [level, block] of tower.entries()) {
    const isWanted = goal.on.has(block) ? level > 0 && goal.on.get(block) === tower[level - 1] : level === 0;
    if (!isWanted) {
      break;
    }
    if (goal.on.has(block) || goal.table.has(block)) {
      home.push(block);
    }
  }
  return home;
}

function wordsOf(towers, held) {
  const told = towers.map(tower => tower.length === 1 ? `${tower[0]} on the table` : `${[...tower].reverse().join(" on ")}`);
  return `Towers: ${told.join("; ") || "none"}. ${held.length > 0 ? `The hand holds ${listed(held)}.` : "The hand is empty."}`;
}
