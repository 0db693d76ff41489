// What is said of a plan and its steps.
import { listed } from "./scene.js";

// Unmet parts that a sentence names.
const MOST_PARTS = 3;

// The positions of a player: the states, and behind them the step that cannot be taken, if there is one.
export function positionsOf(view) {
  return view.steps.length + (view.failing ? 1 : 0);
}

// The headline of a position.
export function headline(view, position) {
  const all = positionsOf(view);
  if (view.verdict.verdict === "malformed") {
    return `No plan can be read: ${view.verdict.message}.`;
  }
  if (!["valid", "invalid"].includes(view.verdict.verdict)) {
    return `Nothing can be said of the plan: ${view.verdict.message}.`;
  }
  if (position === 0) {
    return all === 0 ? "The plan has no step." : "Before the first step.";
  }
  return position > view.steps.length
    ? `Step ${position}, ${view.failing.text}, cannot be taken.`
    : `Step ${position} of ${all}: ${view.steps[position - 1].text}`;
}

// What keeps the plan from going on at a position: unmet parts of a precondition, or of the goal at the end; none elsewhere.
export function obstaclesAt(view, position) {
  if (view.verdict.verdict !== "invalid" || position < positionsOf(view)) {
    return [];
  }
  const parts = view.verdict.unmet.map(part => part.text);
  return parts.length > 0 ? parts : [view.verdict.message];
}

// The facts of the goal, and whether they hold.
export function goalAt(view, facts) {
  return view.goal.facts.map(fact => ({ text: fact.join(" "), holds: facts.has(...fact) }));
}

// The end of a plan that goes that far.
export function endAt(view, position) {
  if (position < positionsOf(view)) {
    return "";
  }
  if (view.verdict.verdict === "valid") {
    return "The goal holds: the plan is valid.";
  }
  return view.verdict.reason === "goal" ? "The plan ends, and the goal does not hold." : "";
}

// What of a text that is being written can be judged: where steps are in brackets, the steps that are closed.
export function judgeable(text) {
  return text.includes("(") ? text.slice(0, text.lastIndexOf(")") + 1) : text;
}

// Whether what does not hold of a text may still come right when the text goes on: its last step may lack its last words.
export function isUnfinished(view, text) {
  if (["malformed", "error"].includes(view.verdict.verdict)) {
    return true;
  }
  return view.failing !== undefined && text.trim().toLowerCase().endsWith([view.failing.action, ...view.failing.arguments].join(" ").toLowerCase());
}

// What there is to say of an answer that is being written, or is there in whole.
export function verdictSoFar(view, text, isWhole) {
  const { verdict, message, unmet } = view.verdict, taken = `${view.steps.length} step${view.steps.length === 1 ? "" : "s"}`;
  if (verdict === "valid") {
    return { kind: "valid", text: `The goal holds after ${taken}.` };
  }
  if (!isWhole && (isUnfinished(view, text) || view.failing === undefined)) {
    return { kind: "open", text: view.steps.length === 0 ? "No step yet." : `${taken} can be taken; the goal does not hold yet.` };
  }
  if (verdict !== "invalid") {
    return { kind: verdict, text: `${message}.` };
  }
  const parts = unmet.map(part => part.text), rest = parts.length - MOST_PARTS;
  const why = listed(rest > 0 ? [...parts.slice(0, MOST_PARTS), `${rest} more`] : parts) || message;
  return { kind: "invalid", text: view.failing ? `Step ${view.failing.step}, ${view.failing.text}, cannot be taken: ${why}.` : `The goal does not hold after ${taken}: ${why}.` };
}

// What is on record of a reader's verdict, and what the gateway found of the answer that there should have been.
export function recordOf(verdict, correction, told) {
  const found = told.correction === undefined ? "" : `, which is ${told.correction}${told.message ? ` (${told.message})` : ""}`;
  return `On record: ${verdict}ed${correction === "" ? "" : `, with your answer${found}`}.`;
}
