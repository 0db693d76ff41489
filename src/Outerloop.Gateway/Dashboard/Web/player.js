// Steps through the plan of a trace.
import { Replay } from "./plan/facts.js";
import { askJson, element, visible } from "./plan/page.js";
import { Picture, drawn } from "./plan/picture.js";
import { Stage, factList } from "./plan/stage.js";
import { endAt, goalAt, headline, obstaclesAt, positionsOf } from "./plan/words.js";

// The signs of the buttons, in a square of 16.
const SIGNS = {
  first: "M4 3V13M13 3L6 8L13 13Z",
  previous: "M10.5 3.5L6 8L10.5 12.5",
  play: "M5 3L13 8L5 13Z",
  pause: "M5.5 3.5V12.5M10.5 3.5V12.5",
  next: "M5.5 3.5L10 8L5.5 12.5",
  last: "M12 3V13M3 3L10 8L3 13Z",
};

const SPEEDS = [0.5, 1, 2, 4, 8];

// Browsers refuse to change the address more often than some times in a second.
const ADDRESS_DELAY = 200;

class Player {
  #position = 0;
  #timer = 0;
  #addressTimer = 0;

  static async of(section, view) {
    const player = new Player(section, view);
    await player.#draw();
    player.#listen();
    player.go(positionInAddress() ?? 0);
  }

  async #draw() {
    await this.#stage.show(this.#replay, { tall: this.#narrow.matches });
    if (this.#stage.goal) {
      const picture = new Picture();
      picture.show(this.#stage.goal);
      this.#wanted.replaceChildren(picture.element);
    }
    this.#wanted.hidden = !this.#stage.goal;
  }

  #replay;
  #stage = new Stage();
  #narrow = matchMedia("(max-width: 560px)");
  #now = element("div", { className: "now", ariaLive: "polite", ariaAtomic: "true" });
  #goal = element("ul", { className: "goal" });
  #wanted = element("div", { className: "goal-picture", hidden: true });
  #list = element("ol", { className: "steps", ariaLabel: "Steps" });
  #facts = element("div");
  #allFacts = element("details", {}, element("summary", {}, "All facts"), this.#facts);

  constructor(section, view) {
    this.view = view;
    this.#replay = new Replay(view);
    this.section = section;
    this.#build();
  }

  get #last() {
    return positionsOf(this.view);
  }

  get #isPlaying() {
    return this.#timer !== 0;
  }

  // Shows a position; one that there is not is the nearest that there is.
  go(position) {
    const before = this.#position;
    this.#position = Math.max(0, Math.min(this.#last, position));
    const step = Math.min(this.#position, this.#replay.last);
    this.#stage.draw(step);
    this.#tell(step);
    this.#mark(before);
    this.range.value = this.#position;
    this.range.ariaValueText = headline(this.view, this.#position);
    this.count.textContent = `${this.#position} / ${this.#last}`;
    this.section.dataset.step = this.#position;
    for (const [button, end] of [[this.buttons.first, 0], [this.buttons.previous, 0], [this.buttons.next, this.#last], [this.buttons.last, this.#last]]) {
      button.ariaDisabled = `${this.#position === end}`;
    }
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => this.#keepInAddress(), ADDRESS_DELAY);
  }

  #build() {
    const button = (name, sign, act) => {
      const made = element("button", { type: "button", className: "control", ariaLabel: name, title: name }, signOf(sign));
      made.addEventListener("click", act);
      return made;
    };
    this.buttons = {
      first: button("First state", "first", () => this.#jump(0)),
      previous: button("Previous step", "previous", () => this.#jump(this.#position - 1)),
      play: button("Play", "play", () => this.#toggle()),
      next: button("Next step", "next", () => this.#jump(this.#position + 1)),
      last: button("Last state", "last", () => this.#jump(this.#last)),
    };
    this.buttons.play.classList.add("play");
    this.range = element("input", { type: "range", min: 0, max: this.#last, step: 1, value: 0, ariaLabel: "Step" });
    this.speed = element("select", { ariaLabel: "Speed" }, ...SPEEDS.map(speed => element("option", { value: speed, selected: speed === 2 }, `${speed} / s`)));
    this.count = element("output", { className: "count" });
    this.#stage.element.tabIndex = 0;
    this.#stage.element.ariaLabel = "State; arrow keys, Home, End and space step through the plan";
    this.#stage.element.role = "group";
    this.#fillList();
    const whole = this.view.goal.isWhole ? [] : [element("pre", { className: "text" }, visible(this.view.goal.text))];
    this.section.replaceChildren(
      element("div", { className: "show" },
        this.#stage.element,
        element("div", { className: "controls" }, ...Object.values(this.buttons), this.range, this.count, this.speed),
        this.#now),
      element("div", { className: "plan" },
        element("h2", {}, "Plan"), this.#list, element("h2", {}, "Goal"), this.#wanted, this.#goal, ...whole, this.#allFacts));
  }

  #fillList() {
    const { steps, failing, behind } = this.view;
    const entry = (text, position, kind) => element("li", { className: kind }, element("button", { type: "button", value: position }, visible(text)));
    this.#list.append(...steps.map((step, i) => entry(step.text, i + 1, "")));
    if (failing) {
      this.#list.append(entry(failing.text, failing.step, "failing"));
      this.#list.append(...behind.map(text => element("li", { className: "behind" }, element("span", {}, visible(text)), element("span", { className: "aside" }, "not reached"))));
    }
    if (this.#list.childElementCount === 0) {
      this.#list.append(element("li", { className: "none" }, "No step"));
    }
  }

  #listen() {
    this.range.addEventListener("input", () => this.#jump(this.range.valueAsNumber));
    this.#list.addEventListener("click", event => {
      if (event.target.closest("button")) {
        this.#jump(Number(event.target.closest("button").value));
      }
    });
    this.section.addEventListener("keydown", event => this.#key(event));
    this.#allFacts.addEventListener("toggle", () => this.go(this.#position));
    this.#narrow.addEventListener("change", () => this.#draw().then(() => this.go(this.#position)));
    addEventListener("hashchange", () => this.#jump(positionInAddress() ?? this.#position));
  }

  // By the reader's hand: it ends what plays.
  #jump(position) {
    this.#pause();
    this.go(position);
  }

  #key(event) {
    const keys = { ArrowLeft: this.#position - 1, ArrowUp: this.#position - 1, ArrowRight: this.#position + 1, ArrowDown: this.#position + 1, Home: 0, End: this.#last };
    const isChoice = event.target instanceof HTMLSelectElement;
    if (isChoice || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    if (event.key in keys) {
      this.#jump(keys[event.key]);
    } else if (event.key === " " && !event.target.closest("button, summary")) {
      this.#toggle();
    } else {
      return;
    }
    event.preventDefault();
  }

  #toggle() {
    if (this.#isPlaying) {
      this.#pause();
      return;
    }
    if (this.#position === this.#last) {
      this.go(0);
    }
    this.#showPlaying(true);
    this.#wait();
  }

  #wait() {
    this.#timer = setTimeout(() => {
      const next = this.#position + 1;
      if (next >= this.#last) {
        this.#pause();
      } else {
        this.#wait();
      }
      this.go(next);
    }, 1000 / Number(this.speed.value));
  }

  #pause() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#showPlaying(false);
  }

  // What goes by is not read aloud, only where it ends.
  #showPlaying(isPlaying) {
    this.#now.ariaLive = isPlaying ? "off" : "polite";
    this.buttons.play.replaceChildren(signOf(isPlaying ? "pause" : "play"));
    this.buttons.play.ariaLabel = this.buttons.play.title = isPlaying ? "Pause" : "Play";
  }

  #tell(step) {
    const taken = this.#position > 0 && this.#position <= this.#replay.last ? this.view.steps[this.#position - 1] : null;
    const obstacles = obstaclesAt(this.view, this.#position), end = endAt(this.view, this.#position);
    this.#now.classList.toggle("failed", obstacles.length > 0);
    this.#now.classList.toggle("reached", end !== "" && obstacles.length === 0);
    this.#now.replaceChildren(
      element("p", { className: "headline" }, visible(headline(this.view, this.#position))),
      ...taken ? [changes(taken)] : [],
      ...end === "" ? [] : [element("p", { className: "end" }, end)],
      ...obstacles.length === 0 ? [] : [element("ul", { className: "unmet" }, ...obstacles.map(text => element("li", {}, visible(text))))]);
    const facts = this.#replay.at(step);
    this.#goal.replaceChildren(...goalAt(this.view, facts).map(({ text, holds }) =>
      element("li", { className: holds ? "holds" : "open" }, visible(text), element("span", { className: "aside" }, holds ? " holds" : " does not hold"))));
    if (this.#allFacts.open) {
      this.#facts.replaceChildren(factList(this.#replay, step));
    }
  }

  #mark(before) {
    this.#list.children[before - 1]?.removeAttribute("aria-current");
    const current = this.#list.children[this.#position - 1];
    current?.setAttribute("aria-current", "step");
    // The list scrolls, the page does not.
    const top = current ? current.offsetTop - this.#list.offsetTop : 0;
    if (top < this.#list.scrollTop || top + (current?.offsetHeight ?? 0) > this.#list.scrollTop + this.#list.clientHeight) {
      this.#list.scrollTop = top - this.#list.clientHeight / 2;
    }
  }

  #keepInAddress() {
    if (this.#position !== (positionInAddress() ?? 0)) {
      history.replaceState(history.state, "", this.#position === 0 ? location.pathname + location.search : `#step=${this.#position}`);
    }
  }
}

function signOf(name) {
  const sign = drawn("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "sign" });
  sign.append(drawn("path", { d: SIGNS[name] }));
  return sign;
}

function changes(step) {
  const told = (word, facts, kind) => facts.length === 0 ? [] : [element("li", { className: kind }, element("span", { className: "aside" }, `${word} `), ...facts.map(fact => element("code", { className: "fact" }, visible(fact))))];
  return element("ul", { className: "changes" },
    ...told("added", step.added.map(fact => fact.join(" ")), "added"),
    ...told("removed", step.removed.map(fact => fact.join(" ")), "removed"),
    ...told("now", step.changed.map(change => `${change.fluent} = ${change.value}`), "changed"));
}

function positionInAddress() {
  const step = /^#step=(\d{1,9})$/.exec(location.hash);
  return step ? Number(step[1]) : null;
}

const section = document.getElementById("player");
try {
  await Player.of(section, await askJson(section.dataset.source));
} catch (problem) {
  section.replaceChildren(element("p", { className: "note", role: "alert" }, `The plan cannot be shown: ${problem.message}`));
}
