// Where to draw places that are joined: on a lattice if their names say where, else so that what is joined is near.

const TURNS = 200;

// Places in a picture of the width and height that they need.
export function lattice(names, joined, stride, margin) {
  const found = named(names) ?? spread(names, joined);
  const all = [...found.values()];
  const [left, top] = [Math.min(...all.map(place => place.x)), Math.min(...all.map(place => place.y))];
  const places = new Map([...found].map(([name, { x, y }]) => [name, { x: Math.round(margin + (x - left) * stride), y: Math.round(margin + (y - top) * stride) }]));
  const most = axis => Math.max(margin, ...[...places.values()].map(place => place[axis])) + margin;
  return { places, width: most("x"), height: most("y") };
}

// "waypoint_2_3" is in the second row and the third column.
function named(names) {
  const read = names.map(name => [name, /(\d+)[_-](\d+)$/.exec(name)]);
  const places = new Map(read.filter(([, numbers]) => numbers).map(([name, [, row, column]]) => [name, { x: Number(column), y: Number(row) }]));
  return new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size === names.length ? places : null;
}

// Fruchterman and Reingold's layout ("Graph drawing by force-directed placement", 1991), from a circle: the same names and ways give
// the same picture.
function spread(names, joined) {
  const size = Math.sqrt(names.length), middle = size / 2;
  const places = names.map((_, i) => ({ x: middle + middle * Math.cos(2 * Math.PI * i / names.length), y: middle + middle * Math.sin(2 * Math.PI * i / names.length) }));
  const index = new Map(names.map((name, i) => [name, i]));
  const ways = joined.map(([from, to]) => [index.get(from), index.get(to)]).filter(([from, to]) => from !== undefined && to !== undefined && from !== to);
  for (let turn = 0; turn < TURNS; turn++) {
    const pushes = places.map(place => pushOn(place, places));
    for (const [from, to] of ways) {
      const [dx, dy] = [places[to].x - places[from].x, places[to].y - places[from].y], pull = Math.hypot(dx, dy);
      pushes[from].x += dx * pull;
      pushes[from].y += dy * pull;
    }
    const furthest = size / 10 * (1 - turn / TURNS);
    places.forEach((place, i) => {
      const length = Math.hypot(pushes[i].x, pushes[i].y) || 1, far = Math.min(length, furthest) / length;
      place.x += pushes[i].x * far;
      place.y += pushes[i].y * far;
    });
  }
  return new Map(names.map((name, i) => [name, places[i]]));
}

function pushOn(place, places) {
  const push = { x: 0, y: 0 };
  for (const other of places) {
    const [dx, dy] = [place.x - other.x, place.y - other.y], square = dx * dx + dy * dy;
    if (square > 0) {
      push.x += dx / square;
      push.y += dy / square;
    }
  }
  return push;
}
