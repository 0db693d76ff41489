// Two models answer the same task side by side.
import { Side } from "./plan/side.js";
import { askJson } from "./plan/page.js";

const form = document.getElementById("ask");
const trouble = document.getElementById("trouble");
const stop = document.getElementById("stop");
const fields = form.elements;
const sides = [new Side(document.getElementById("left")), new Side(document.getElementById("right"))];
let asking = null;

// A problem that the reader wrote is in the address up to this length, which every server and browser takes.
const LONGEST_IN_ADDRESS = 4000;

function complain(text) {
  trouble.textContent = text;
  trouble.hidden = text === "";
}

// The run, the domain, the set and the number of the task; null for one that the reader wrote.
function pickedTask() {
  return fields.tasks.value === "" ? null : `${fields.tasks.value}/${fields.number.value}`;
}

function keepInAddress() {
  const state = new URLSearchParams();
  const task = pickedTask();
  if (task !== null) {
    state.set("task", task);
  } else if (fields.problem.value !== "" && fields.problem.value.length <= LONGEST_IN_ADDRESS) {
    state.set("problem", fields.problem.value);
  }
  sides.forEach(side => side.model === "" || state.set(side.id, side.model));
  state.set("temperature", fields.temperature.value);
  state.set("seed", fields.seed.value);
  history.replaceState(history.state, "", `?${state}`);
}

async function pick() {
  complain("");
  const [run, domain, set] = fields.tasks.value.split("/");
  if (set === undefined) {
    complain("Choose tasks of a run, or write a problem.");
    return;
  }
  try {
    const path = [run, "tasks", domain, set, fields.number.value].map(encodeURIComponent).join("/");
    fields.problem.value = (await askJson(`/api/v1/runs/${path}`)).problem;
    sides[0].prefer(model => model.id.startsWith(`${run}-${domain}-g0-`));
    sides[1].prefer(model => model.id === `${run}-${domain}`);
    keepInAddress();
  } catch (problem) {
    complain(`The task cannot be shown: ${problem.message}`);
  }
}

async function askBoth() {
  complain("");
  keepInAddress();
  asking = new AbortController();
  showAsking(true);
  const question = { problem: fields.problem.value, temperature: Number(fields.temperature.value), seed: Number(fields.seed.value) };
  await Promise.all(sides.map(side => side.ask(question, asking.signal)));
  asking = null;
  showAsking(false);
}

function showAsking(isAsking) {
  form.querySelector("[type=submit]").disabled = isAsking;
  stop.disabled = !isAsking;
}

async function begin() {
  const { data } = await askJson("/v1/models");
  if (data.length === 0) {
    complain("This gateway serves no model: start it with --run or --model.");
    form.querySelector("[type=submit]").disabled = true;
  }
  const asked = new URLSearchParams(location.search);
  sides.forEach((side, i) => side.offer(data, asked.get(side.id), i === 0 ? data[0] : data.at(-1)));
  for (const name of ["temperature", "seed", "problem"]) {
    fields[name].value = asked.get(name) ?? fields[name].value;
  }
  const [, tasks, number] = /^(.+)\/(\d{1,9})$/.exec(asked.get("task") ?? "") ?? [];
  if (tasks !== undefined) {
    fields.tasks.value = tasks;
    fields.number.value = number;
    await pick();
  }
}

form.addEventListener("submit", event => {
  event.preventDefault();
  if (asking === null) {
    askBoth();
  }
});
form.addEventListener("change", keepInAddress);
fields.problem.addEventListener("input", () => fields.tasks.value = "");
for (const name of ["tasks", "number"]) {
  fields[name].addEventListener("change", pick);
}
document.getElementById("pick").addEventListener("click", pick);
stop.addEventListener("click", () => asking?.abort());
sides.forEach(side => side.select.addEventListener("change", keepInAddress));
begin().catch(problem => complain(problem.message));
