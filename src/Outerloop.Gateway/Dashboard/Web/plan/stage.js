import { grouped, keyOf } from "./facts.js";
import { element, visible } from "./page.js";
import { Picture } from "./picture.js";

// Shows states of a plan: a picture where there is a drawing of its domain, else the facts. `goal` is a scene of what the goal wants;
// null where pictures of states show it, or there is none.
export class Stage {
  #picture = new Picture();
  #scene = null;
  goal = null;

  constructor() {
    this.element = element("div", { className: "stage" });
  }

  // A plan, or what there is of it by now. `small` is for pictures that share a page with others.
  async show(replay, options) {
    this.replay = replay;
    ({ scene: this.#scene, goal: this.goal } = await drawingOf(replay, options));
  }

  draw(step) {
    if (this.#scene) {
      this.#picture.show(this.#scene(step));
      if (this.element.firstChild !== this.#picture.element) {
        this.element.replaceChildren(this.#picture.element);
      }
    } else {
      this.element.replaceChildren(factList(this.replay, step));
    }
  }
}

// A file of a domain's name in `player/` draws its states, and its goal where it has a drawing of that. Nothing where there is no
// such file, or it cannot draw these.
async function drawingOf(replay, options) {
  if (!replay.view.drawn) {
    return { scene: null, goal: null };
  }
  const { drawing, goalScene } = await import(`../player/${replay.view.domain}.js`);
  const scene = drawing(replay, options);
  return { scene, goal: scene && goalScene ? goalScene(replay) : null };
}

// All facts of a state, by predicate, with what the step to it changed.
export function factList(replay, step) {
  const facts = replay.at(step).all(), taken = replay.view.steps[step - 1];
  const added = new Set((taken?.added ?? []).map(keyOf));
  const groups = grouped([...facts, ...taken?.removed ?? []], ([predicate]) => predicate);
  const removed = new Set((taken?.removed ?? []).map(keyOf));
  const list = element("dl", { className: "state" });
  for (const predicate of [...groups.keys()].sort()) {
    const told = groups.get(predicate).sort((a, b) => keyOf(a) < keyOf(b) ? -1 : 1).map(fact => {
      const kind = added.has(keyOf(fact)) ? "ins" : removed.has(keyOf(fact)) ? "del" : "span";
      return element(kind, { className: "fact" }, visible(fact.slice(1).join(" ") || "holds"));
    });
    list.append(element("div", {}, element("dt", {}, visible(predicate)), element("dd", {}, ...told)));
  }
  return list;
}
