// A room from above: floor among walls, boxes, the places where they should go, the robot.
import { grouped } from "../plan/facts.js";
import { circle, fitting, label, part, path, rect, short, tints } from "../plan/scene.js";

const SIDE = 40;

const WAYS = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };

// Scenes of the states of a plan; null where its cells make no room.
export function drawing(replay) {
  const start = replay.at(0);
  const room = roomOf(start);
  if (room === null) {
    return null;
  }
  const boxes = start.of("at").map(([box]) => box).sort();
  const tint = tints(boxes);
  const goals = new Map(replay.view.goal.facts.filter(([predicate, box]) => predicate === "at" && tint.has(box)).map(([, box, cell]) => [box, cell]));
  const told = boxes.length > 1 ? short : () => "";
  const ground = groundOf(room, goals, tint, told);
  return step => sceneOf(replay.at(step), room, ground, { tint, goals, told, way: wayOf(replay.view.steps[step - 1]) });
}

// Column and row of each cell, from 1 on, with a wall around: as the cells' names have them, or else as the cells are next to each other.
export function roomOf(facts) {
  const cells = [...new Set([...facts.of("adjacent").flatMap(([from, to]) => [from, to]), ...facts.of("clear").flat(), ...facts.of("at-robot").flat(), ...facts.of("at").map(([, cell]) => cell)])];
  const places = namedPlaces(cells) ?? foundPlaces(cells, facts.of("adjacent"));
  if (cells.length === 0 || places === null || new Set([...places.values()].map(String)).size < cells.length) {
    return null;
  }
  const all = [...places.values()], left = Math.min(...all.map(([x]) => x)), top = Math.min(...all.map(([, y]) => y));
  const shifted = new Map([...places].map(([cell, [x, y]]) => [cell, [x - left + 1, y - top + 1]]));
  return { places: shifted, columns: Math.max(...all.map(([x]) => x)) - left + 3, rows: Math.max(...all.map(([, y]) => y)) - top + 3 };
}

function namedPlaces(cells) {
  const read = cells.map(cell => [cell, /(\d+)[_-](\d+)$/.exec(cell)]);
  return read.every(([, numbers]) => numbers) ? new Map(read.map(([cell, [, row, column]]) => [cell, [Number(column), Number(row)]])) : null;
}

// Null where a way leads to two places. Parts of a room that do not hang together lie beside each other.
function foundPlaces(cells, adjacent) {
  const next = grouped(adjacent.filter(([, , way]) => way in WAYS), ([from]) => from);
  const places = new Map();
  for (const first of cells) {
    if (places.has(first)) {
      continue;
    }
    const reached = new Map([[first, [0, 0]]]);
    for (const [cell, [x, y]] of reached) {
      for (const [, to, way] of next.get(cell) ?? []) {
        const place = [x + WAYS[way][0], y + WAYS[way][1]];
        if (reached.has(to) && String(reached.get(to)) !== String(place)) {
          return null;
        }
        reached.set(to, place);
      }
    }
    const right = Math.max(-2, ...[...places.values()].map(([x]) => x)) + 2 - Math.min(...[...reached.values()].map(([x]) => x));
    reached.forEach(([x, y], cell) => places.set(cell, [x + right, y]));
  }
  return places;
}

function groundOf(room, goals, tint, told) {
  const floor = even => [...room.places.values()].filter(([x, y]) => (x + y) % 2 === even).map(([x, y]) => `M${x * SIDE} ${y * SIDE}h${SIDE}v${SIDE}h${-SIDE}z`).join("");
  return [
    part("room", 0, 0, [rect(0, 0, room.columns * SIDE, room.rows * SIDE, "wall"), path(bricks(room), "bricks"), path(floor(0), "floor"), path(floor(1), "floor other")]),
    ...[...goals].map(([box, cell]) => part(`goal ${box}`, ...at(room, cell), [
      circle(SIDE / 2, SIDE / 2, SIDE * 0.32, `place tint${tint.get(box)}`), label(SIDE / 2, SIDE / 2, told(box), "label soft"),
    ])),
  ];
}

function bricks(room) {
  const lines = [];
  for (let row = 0; row < 2 * room.rows; row++) {
    lines.push(row === 0 ? "" : `M0 ${row * SIDE / 2}h${room.columns * SIDE}`);
    for (let x = row % 2 === 0 ? SIDE / 2 : SIDE; x < room.columns * SIDE; x += SIDE) {
      lines.push(`M${x} ${row * SIDE / 2}v${SIDE / 2}`);
    }
  }
  return lines.join("");
}

function sceneOf(facts, room, ground, { tint, goals, told, way }) {
  const boxes = new Map(facts.of("at").filter(([box]) => tint.has(box)));
  const robots = facts.of("at-robot").flat();
  return {
    width: room.columns * SIDE, height: room.rows * SIDE, words: wordsOf(robots, boxes, goals),
    parts: [
      ...ground,
      ...[...tint.keys()].filter(box => boxes.has(box)).map(box =>
        part(box, ...at(room, boxes.get(box)), boxOf(told(box), tint.get(box), goals.get(box) === boxes.get(box)), "thing")),
      ...robots.map((cell, i) => part(i === 0 ? "robot" : `robot ${i}`, ...at(room, cell), robotOf(way), "thing")),
    ],
  };
}

function at(room, cell) {
  const [x, y] = room.places.get(cell) ?? [0, 0];
  return [x * SIDE, y * SIDE];
}

function boxOf(name, tint, isHome) {
  const inset = SIDE * 0.12, side = SIDE - 2 * inset;
  return [
    rect(inset, inset, side, side, `block tint${tint}`, 5),
    path(`M${inset + 4} ${inset + 4}L${inset + side - 4} ${inset + side - 4}M${inset + side - 4} ${inset + 4}L${inset + 4} ${inset + side - 4}`, name === "" ? "planks" : "none"),
    { ...label(SIDE / 2, SIDE / 2, name), attributes: { x: SIDE / 2, y: SIDE / 2, class: "label", "font-size": fitting(name, side - 6, 16) } },
    ...isHome ? [circle(SIDE - inset - 5, inset + 5, 3.5, "home")] : [],
  ];
}

function robotOf([dx, dy]) {
  const middle = SIDE / 2, eyes = [[dx * 5 + dy * 4, dy * 5 + dx * 4], [dx * 5 - dy * 4, dy * 5 - dx * 4]];
  return [circle(middle, middle, SIDE * 0.31, "robot"), ...eyes.map(([x, y]) => circle(middle + x, middle + y, 2.4, "eye"))];
}

function wayOf(step) {
  return WAYS[step?.arguments.find(argument => argument in WAYS)] ?? WAYS.down;
}

function wordsOf(robots, boxes, goals) {
  const told = [...boxes].map(([box, cell]) => goals.get(box) === cell ? `${box} is in its place, ${cell}` : `${box} is at ${cell}${goals.has(box) ? ` and should be at ${goals.get(box)}` : ""}`);
  return `The robot is at ${robots.join(", ") || "no cell"}. ${told.join("; ")}.`;
}
