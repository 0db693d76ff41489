import { chunksOf } from "./events.js";
import { Replay, grouped } from "./facts.js";
import { Latest } from "./latest.js";
import { ask, askJson, element, post, visible } from "./page.js";
import { Stage } from "./stage.js";
import { judgeable, recordOf, verdictSoFar } from "./words.js";

// Between two looks at an answer that is being written. A key that may ask ten times in a second has enough for two sides.
const LOOK = 400;

// One of the models that answer: its answer as it is written, the verdict on what there is of it, the state where it has come to.
export class Side {
  #stage = new Stage();
  #isChosen = false;
  #answerId = null;
  #answer;
  #verdict;
  #steps;
  #judge;

  constructor(section) {
    this.id = section.id;
    this.select = section.querySelector("select");
    this.#answer = section.querySelector(".answer");
    this.#verdict = section.querySelector(".verdict");
    this.#steps = section.querySelector(".steps");
    this.#judge = section.querySelector(".judge");
    this.#steps.before(this.#stage.element);
    this.#stage.element.hidden = true;
    this.select.addEventListener("change", () => this.#isChosen = true);
    this.#judge.addEventListener("click", event => event.target.dataset.verdict && this.#tell(event.target.dataset.verdict));
  }

  get model() {
    return this.select.value;
  }

  // Models to choose from: those that answer users first, then each generation.
  offer(models, asked, otherwise) {
    const groups = grouped(models, model => model.root ? "Answering users" : "Models");
    this.select.replaceChildren(...["Answering users", "Models"].filter(name => groups.has(name)).map(name =>
      element("optgroup", { label: name }, ...groups.get(name).map(model => element("option", { value: model.id }, model.root ? `${model.id} (${model.root})` : model.id)))));
    this.models = models;
    this.#isChosen = models.some(model => model.id === asked);
    this.select.value = this.#isChosen ? asked : otherwise?.id ?? "";
  }

  // Chooses a model that suits, unless the reader chose one.
  prefer(suits) {
    const model = this.models.find(suits);
    if (!this.#isChosen && model) {
      this.select.value = model.id;
    }
  }

  // Asks, and shows what comes of it, a refusal too. The signal stops it.
  async ask({ problem, temperature, seed }, signal) {
    this.#clear();
    const judging = new Latest(([text, isWhole], given) => this.#look(problem, text, isWhole, given), LOOK);
    const written = new Text();
    let text = "";
    this.#answer.replaceChildren(written);
    try {
      judging.offer(["", false]);
      const body = { model: this.model, stream: true, temperature, seed, messages: [{ role: "user", content: problem }] };
      for await (const chunk of chunksOf(await ask("/v1/chat/completions", post(body, signal)))) {
        const piece = chunk.choices[0]?.delta?.content ?? "";
        text += piece;
        written.appendData(visible(piece));
        this.#answerId = chunk.id;
        judging.offer([text, false]);
      }
      await judging.finish([text, true]);
      this.#judge.hidden = this.#answerId === null;
    } catch (end) {
      await judging.finish([text, false]);
      this.#say(end.name === "AbortError" ? "stopped" : "error", end.name === "AbortError" ? `Stopped. ${this.#verdict.textContent}` : end.message);
    }
  }

  #clear() {
    this.#answerId = null;
    this.#steps.textContent = "";
    this.#judge.hidden = true;
    this.#judge.querySelector("[role=status]").textContent = "";
    this.#judge.querySelector("textarea").value = "";
    this.#judge.querySelectorAll("button").forEach(button => button.ariaPressed = "false");
    this.#stage.element.hidden = true;
    this.#say("open", "");
  }

  #say(kind, text) {
    this.#verdict.className = `verdict ${kind}`;
    this.#verdict.textContent = visible(text);
  }

  // Has the beginning of a plan judged, and shows what holds of it.
  async #look(problem, text, isWhole, signal) {
    try {
      const view = await askJson("/api/v1/validate", post({ problem, plan: isWhole ? text : judgeable(text) }, signal));
      const replay = new Replay(view), { kind, text: said } = verdictSoFar(view, text, isWhole);
      await this.#stage.show(replay, { small: true, tall: matchMedia("(max-width: 560px)").matches });
      this.#stage.draw(replay.last);
      this.#stage.element.hidden = false;
      const failing = kind === "invalid" && view.failing ? [element("li", { className: "failing" }, visible(view.failing.text))] : [];
      this.#steps.replaceChildren(...view.steps.map(step => element("li", {}, visible(step.text))), ...failing);
      this.#steps.scrollTop = this.#steps.scrollHeight;
      this.#say(kind, said);
    } catch (refused) {
      if (refused.name !== "AbortError") {
        this.#say("error", `Not judged: ${refused.message}`);
      }
    }
  }

  // What the reader makes of the answer goes on record beside it, with the answer that there should have been.
  async #tell(verdict) {
    const status = this.#judge.querySelector("[role=status]");
    const correction = this.#judge.querySelector("textarea").value.trim();
    try {
      const told = await askJson("/v1/feedback", post({ id: this.#answerId, verdict, ...correction && { correction } }));
      status.textContent = visible(recordOf(verdict, correction, told));
      this.#judge.querySelectorAll("button").forEach(button => button.ariaPressed = `${button.dataset.verdict === verdict}`);
    } catch (problem) {
      const isKept = problem.status !== 404 || problem.code === "completion_not_found";
      status.textContent = isKept ? problem.message : "This gateway keeps no record of answers: it was started without --run, or with --no-store.";
    }
  }
}
