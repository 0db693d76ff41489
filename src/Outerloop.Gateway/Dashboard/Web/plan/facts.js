// States of a plan, from the changes that each step makes.

export function keyOf(fact) {
  return fact.join(" ");
}

// The facts of a state, by their predicates.
class Facts {
  #byPredicate = new Map();

  has(...fact) {
    return this.#byPredicate.get(fact[0])?.has(keyOf(fact)) ?? false;
  }

  // The objects of all facts of a predicate, a list for each fact.
  of(predicate) {
    return [...(this.#byPredicate.get(predicate)?.values() ?? [])].map(fact => fact.slice(1));
  }

  all() {
    return [...this.#byPredicate.values()].flatMap(facts => [...facts.values()]);
  }

  add(fact) {
    if (!this.#byPredicate.has(fact[0])) {
      this.#byPredicate.set(fact[0], new Map());
    }
    this.#byPredicate.get(fact[0]).set(keyOf(fact), fact);
  }

  remove(fact) {
    this.#byPredicate.get(fact[0])?.delete(keyOf(fact));
  }
}

// A plan that was executed, as the gateway tells it, at one of its states: 0 is the first, `last` the one after the last step that
// could be taken. A step's changes are exact, so that it can be taken back; to go from one state to another costs what lies between.
export class Replay {
  #facts = new Facts();
  #step = 0;

  constructor(view) {
    this.view = view;
    view.init.forEach(fact => this.#facts.add(fact));
  }

  get last() {
    return this.view.steps.length;
  }

  // The facts after so many steps, until the next call.
  at(step) {
    while (this.#step < step) {
      const { added, removed } = this.view.steps[this.#step++];
      removed.forEach(fact => this.#facts.remove(fact));
      added.forEach(fact => this.#facts.add(fact));
    }
    while (this.#step > step) {
      const { added, removed } = this.view.steps[--this.#step];
      added.forEach(fact => this.#facts.remove(fact));
      removed.forEach(fact => this.#facts.add(fact));
    }
    return this.#facts;
  }
}

// Values by what a function says of each, in the order in which they come.
export function grouped(values, keyOfValue) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOfValue(value);
    if (!groups.has(key)) {
      groups.set(key, []);
    }
    groups.get(key).push(value);
  }
  return groups;
}
