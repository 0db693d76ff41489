// How far a run is, as the gateway tells it by server-sent events.

const section = document.getElementById("progress");
const status = document.createElement("p");
status.setAttribute("role", "status");
const list = document.createElement("div");
section.append(status, list);

const phases = { deploy: "is deployed", evaluate: "is evaluated", train: "is fine-tuned", finished: "is finished", waiting: "waits" };
const bars = new Map();

// Rates are of the last seconds, and of one phase, which begins no earlier than with the last word of the one before.
const longestMemory = 20_000;
const firstWait = 2_000, longestWait = 60_000;

let wait = firstWait;
let wasUnderWay = false;

function barOf(domain) {
  if (!bars.has(domain)) {
    const block = document.createElement("div");
    block.className = "domain";
    const label = document.createElement("span"), rate = document.createElement("span"), bar = document.createElement("progress");
    rate.className = "rate";
    bar.setAttribute("aria-label", domain);
    block.append(label, rate, bar);
    list.append(block);
    bars.set(domain, { block, label, rate, bar, phase: "", seen: [] });
  }
  return bars.get(domain);
}

function duration(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function rateOf(known, told) {
  const phase = `${told.generation} ${told.phase}`, now = performance.now();
  if (known.phase !== phase) {
    known.phase = phase;
    known.seen = known.seen.slice(-1).map(last => ({ now: last.now, done: 0 }));
  }
  known.seen.push({ now, done: told.done });
  while (known.seen.length > 2 && now - known.seen[0].now > longestMemory) {
    known.seen.shift();
  }
  const seconds = (now - known.seen[0].now) / 1000;
  return seconds > 0 ? (told.done - known.seen[0].done) / seconds : 0;
}

function show(told) {
  const known = barOf(told.domain), rate = rateOf(known, told);
  known.label.textContent = `${told.domain}: generation ${told.generation} of ${told.wanted} ${phases[told.phase] ?? told.phase}`;
  const words = told.phase === "waiting" ? [] : [told.total ? `${told.done} of ${told.total}` : `step ${told.done}`];
  if (rate > 0) {
    words.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`);
  }
  if (rate > 0 && told.total > told.done) {
    words.push(`${duration((told.total - told.done) / rate)} left`);
  }
  if (told.phase === "deploy" || told.phase === "evaluate") {
    words.push(`${told.valid} valid on the pool`);
  }
  if (told.loss != null) {
    words.push(`loss ${told.loss.toFixed(3)}`);
  }
  known.rate.textContent = words.join(" · ");
  if (told.total) {
    known.bar.max = told.total;
    known.bar.value = told.done;
  } else if (told.phase === "waiting") {
    known.bar.value = 0;
  } else {
    known.bar.removeAttribute("value"); // how many steps there will be is not known
  }
}

// Said aloud by screen readers, so only when it changes.
function say(text, link) {
  if (status.textContent === text + (link ?? "")) {
    return;
  }
  status.textContent = text;
  if (link) {
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = link;
    status.append(again);
  }
}

function receive(progress) {
  section.hidden = false;
  wait = firstWait;
  section.dataset.state = progress.state;
  const underWay = progress.state === "under way";
  list.hidden = progress.state === "finished";
  progress.domains.forEach(show);
  if (underWay) {
    say("The run is under way.");
  } else if (progress.state === "finished") {
    say("The run is finished. ", wasUnderWay ? "Show its last figures" : null);
  } else {
    say("The run is at rest: nothing has changed for a minute. outerloop run --resume goes on with it.");
  }
  wasUnderWay ||= underWay;
}

// The browser connects again by itself after a broken connection, but not after a refusal.
function watch() {
  const source = new EventSource(section.dataset.source);
  source.addEventListener("message", event => {
    const progress = JSON.parse(event.data);
    receive(progress);
    if (progress.state === "finished") {
      source.close();
    }
  });
  source.addEventListener("error", () => {
    section.hidden = false;
    say("The connection is lost; trying again.");
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(watch, wait);
      wait = Math.min(2 * wait, longestWait);
    }
  });
}

watch();
