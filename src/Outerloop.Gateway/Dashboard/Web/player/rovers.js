// Waypoints and roads, what is there to sample and to see, the rovers and what they carry, and what the lander was told.
import { circle, label, line, part, path, rect, short, tints } from "../plan/scene.js";
import { lattice } from "../plan/lattice.js";

const STRIDE = 120, MARGIN = 62, CARD = 252, GAP = 8;

// Roads of so many rovers are drawn apart; of more, as one.
const MOST_LANES = 4;

const GROUND = { soil: "M-6 4Q-5 -5 0 -5Q5 -5 6 4Z", rock: "M-6 2L-3 -5L4 -4L6 1L2 5L-4 5Z" };

const MOUNTAIN = "M-7 6L-1 -6L2 -1L4 -3L8 6Z";

// Scenes of the states of a plan. Small ones say nothing of cameras; tall ones have the cards under the map, not beside it.
export function drawing(replay, { small = false, tall = false } = {}) {
  const map = mapOf(replay);
  return step => sceneOf(replay.at(step), map, small, tall);
}

// What does not change with the steps of a plan.
export function mapOf(replay) {
  const facts = replay.at(0), { objects, goal } = replay.view;
  const named = type => objects.filter(object => object.type === type).map(object => object.name);
  const rovers = named("rover").sort(), objectives = named("objective").sort(), waypoints = named("waypoint");
  const [roads, sights] = [facts.of("can_traverse"), facts.of("visible")];
  return {
    ...lattice(waypoints, sights, STRIDE, MARGIN),
    rovers: tints(rovers),
    objectives: tints(objectives),
    roads: edges(roads.map(([rover, from, to]) => ({ rover, from, to }))),
    sights: edges(sights.map(([from, to]) => ({ from, to }))),
    wanted: goal.facts.filter(([predicate]) => predicate.startsWith("communicated_")),
  };
}

// Each pair of places once, with the rovers that go there.
function edges(ways) {
  const all = new Map();
  for (const { rover, from, to } of ways) {
    const key = [from, to].sort().join(" ");
    if (!all.has(key)) {
      all.set(key, { from, to, rovers: new Set() });
    }
    all.get(key).rovers.add(rover);
  }
  return all;
}

function sceneOf(facts, map, small, tall) {
  const wanted = [...map.wanted, ...told(facts).filter(fact => !map.wanted.some(other => String(other) === String(fact)))];
  const cards = [...[...map.rovers.keys()].map(rover => roverCard(rover, facts, map, small)), landerCard(wanted, facts)];
  const panel = [], left = tall ? Math.max(0, (map.width - CARD) / 2) : map.width;
  let bottom = tall ? map.height + GAP : GAP;
  for (const card of cards) {
    panel.push(part(card.key, left, bottom, card.shapes, "card"));
    bottom += card.height + GAP;
  }
  return {
    width: Math.max(map.width, left + CARD + GAP), height: Math.max(map.height, bottom), words: wordsOf(facts, map),
    parts: [part("roads", 0, 0, roadsOf(map)), ...[...map.places.keys()].map(place => waypointOf(place, facts, map)), ...roversOf(facts, map), ...panel],
  };
}

function roadsOf(map) {
  const sights = [...map.sights].filter(([key]) => !map.roads.has(key)).map(([, edge]) => line(map.places.get(edge.from), map.places.get(edge.to), "sight"));
  const all = [...map.rovers.keys()];
  const roads = [...map.roads.values()].flatMap(edge => {
    const [from, to] = [map.places.get(edge.from), map.places.get(edge.to)];
    if (all.length > MOST_LANES) {
      return [line(from, to, "road")];
    }
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    return all.filter(rover => edge.rovers.has(rover)).map(rover => {
      const aside = (all.indexOf(rover) - (all.length - 1) / 2) * 7;
      // The same side of a road whichever end it is told from.
      const turn = from.x < to.x || (from.x === to.x && from.y < to.y) ? 1 : -1;
      const [dx, dy] = [-turn * aside * (to.y - from.y) / length, turn * aside * (to.x - from.x) / length];
      return line({ x: from.x + dx, y: from.y + dy }, { x: to.x + dx, y: to.y + dy }, `road tint${map.rovers.get(rover)}`);
    });
  });
  return [...sights, ...roads];
}

function waypointOf(place, facts, map) {
  const { x, y } = map.places.get(place);
  const shapes = [circle(0, 0, 11, "waypoint"), label(15, 22, short(place), "label small soft start")];
  const samples = ["soil", "rock"].filter(kind => facts.has(`at_${kind}_sample`, place) || map.wanted.some(([predicate, of]) => predicate === `communicated_${kind}_data` && of === place));
  samples.forEach((kind, i) => {
    const isThere = facts.has(`at_${kind}_sample`, place), isTold = facts.has(`communicated_${kind}_data`, place);
    shapes.push(moved(GROUND[kind], -20 - 17 * i, -20, `${kind}${isThere ? "" : " gone"}`));
    if (map.wanted.some(([predicate, of]) => predicate === `communicated_${kind}_data` && of === place)) {
      shapes.push(circle(-20 - 17 * i, -20, 10, isTold ? "wanted told" : "wanted"));
    }
  });
  [...map.objectives.keys()].filter(objective => facts.has("visible_from", objective, place)).forEach((objective, i) => {
    const [dx, dy] = [-20 - 18 * (i % 2), 22 + 16 * Math.floor(i / 2)];
    const isWanted = map.wanted.some(fact => fact[0] === "communicated_image_data" && fact[1] === objective && !facts.has(...fact));
    shapes.push(moved(MOUNTAIN, dx, dy, `objective tint${map.objectives.get(objective)}${isWanted ? " aim" : ""}`), label(dx + 0.5, dy + 2.5, short(objective), "label tiny"));
  });
  if (facts.of("at_lander").some(([, at]) => at === place)) {
    shapes.push(moved("M-10 8L-6 0M10 8L6 0M-8 0Q-8 -11 0 -11Q8 -11 8 0ZM-13 8H-7M7 8H13M0 -11V-16", 25, -24, "lander"));
  }
  return part(place, x, y, shapes);
}

// Rovers at the same waypoint stand beside each other.
function roversOf(facts, map) {
  const places = new Map(facts.of("at"));
  return [...map.rovers].filter(([rover]) => map.places.has(places.get(rover))).map(([rover, tint]) => {
    const place = places.get(rover), here = [...map.rovers.keys()].filter(other => places.get(other) === place);
    const { x, y } = map.places.get(place), aside = (here.indexOf(rover) - (here.length - 1) / 2) * 30;
    return part(rover, x + aside, y, [
      ...[-9, 0, 9].map(wheel => circle(wheel, 10, 4, "wheel")),
      rect(-14, -9, 28, 17, `block tint${tint}`, 5), label(0, 0, short(rover), "label small"),
    ], "thing");
  });
}

function roverCard(rover, facts, map, small) {
  const uses = [["soil", "soil"], ["rock", "rock"]].filter(([kind]) => facts.has(`equipped_for_${kind}_analysis`, rover)).map(([, word]) => word);
  const equipment = [...uses, ...facts.has("equipped_for_imaging", rover) ? ["images"] : []];
  const stores = facts.of("store_of").filter(([, of]) => of === rover).map(([store]) => `store ${facts.has("full", store) ? "full" : "empty"}`);
  const cameras = facts.of("on_board").filter(([, of]) => of === rover).flatMap(([camera]) => {
    const modes = facts.of("supports").filter(([of]) => of === camera).map(([, mode]) => mode);
    const targets = facts.of("calibration_target").filter(([of]) => of === camera).map(([, objective]) => short(objective));
    return [`${camera}: ${modes.join(", ")}`, facts.has("calibrated", camera, rover) ? "   calibrated" : `   not calibrated, objective ${targets.join(", ")} does it`];
  });
  const carried = [
    ...["soil", "rock"].flatMap(kind => facts.of(`have_${kind}_analysis`).filter(([of]) => of === rover).map(([, place]) => `${kind} of ${short(place)}`)),
    ...facts.of("have_image").filter(([of]) => of === rover).map(([, objective, mode]) => `image of ${short(objective)} ${mode}`),
  ];
  const lines = [[equipment.join(", ") || "no equipment", ...stores].join(" · "), ...small ? [] : cameras, ...carried.map(what => `has ${what}`)];
  return cardOf(`card ${rover}`, rover, lines.map(text => ({ text })), rect(12, 10, 14, 14, `block tint${map.rovers.get(rover)}`, 4));
}

function landerCard(wanted, facts) {
  const lines = wanted.map(fact => ({ text: describe(fact), done: facts.has(...fact) }));
  return cardOf("card lander", "told to the lander", lines, path("M12 24L16 17M28 24L24 17M14 17Q14 9 20 9Q26 9 26 17Z", "lander"));
}

function cardOf(key, title, lines, icon) {
  const height = 34 + 17 * lines.length;
  const shapes = [rect(0, 0, CARD, height, "panel", 8), icon, label(36, 18, title, "label strong start")];
  lines.forEach(({ text, done }, i) => {
    const y = 38 + 17 * i;
    if (done !== undefined) {
      shapes.push(done ? path(`M12 ${y}l4 4l7 -8`, "check") : circle(17, y, 4, "open"));
    }
    shapes.push(label(done === undefined ? 12 : 32, y, text, `label small start${done === false ? " soft" : ""}`));
  });
  return { key, shapes, height };
}

function moved(d, x, y, kind) {
  return { tag: "path", attributes: { d, class: kind, transform: `translate(${x} ${y})` } };
}

function told(facts) {
  return ["soil_data", "rock_data", "image_data"].flatMap(kind => facts.of(`communicated_${kind}`).map(fact => [`communicated_${kind}`, ...fact]));
}

function describe([predicate, of, mode]) {
  const kind = predicate.split("_")[1];
  return kind === "image" ? `image of objective ${short(of)}, ${mode}` : `${kind} of ${short(of)}`;
}

function wordsOf(facts, map) {
  const rovers = facts.of("at").filter(([rover]) => map.rovers.has(rover)).map(([rover, place]) => `${rover} is at ${place}`);
  const known = told(facts).map(describe);
  return `${rovers.join("; ")}. The lander knows ${known.length > 0 ? known.join("; ") : "nothing yet"}.`;
}
