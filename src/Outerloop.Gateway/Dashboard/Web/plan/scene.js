// A scene is what a state looks like, as data: a size, words for those who do not see it, and parts in the order in which they are
// drawn. A part has a key under which it is found again in the next scene, so that it moves there; a place; and shapes around it.

export function part(key, x, y, shapes, kind = "") {
  return { key, x, y, shapes, kind };
}

export function shape(tag, attributes, text) {
  return { tag, attributes, text };
}

export function rect(x, y, width, height, kind, rx = 0) {
  return shape("rect", { x, y, width, height, rx, class: kind });
}

export function circle(x, y, r, kind) {
  return shape("circle", { cx: x, cy: y, r, class: kind });
}

export function path(d, kind) {
  return shape("path", { d, class: kind });
}

export function line(from, to, kind) {
  return path(`M${from.x} ${from.y}L${to.x} ${to.y}`, kind);
}

export function label(x, y, text, kind = "label") {
  return shape("text", { x, y, class: kind }, text);
}

// The size of a letter for which a word fits into a width.
export function fitting(word, width, largest) {
  return Math.min(largest, width / (0.62 * Math.max(1, word.length)));
}

// "a", "a and b", "a, b and c".
export function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

// A name without what the names of its kind have in common: "3" of "box3".
export function short(name) {
  return /[0-9]+([_-][0-9]+)*$/.exec(name)?.[0].replaceAll("_", "·") ?? name;
}

// A number of a colour for each name, in the order in which they are given.
export function tints(names, colours = 8) {
  return new Map(names.map((name, i) => [name, i % colours]));
}
