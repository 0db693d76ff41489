// Does work on the latest of values that come faster than it is done: one at a time, no sooner than an interval after the one before.
// Values that are overtaken are skipped.
export class Latest {
  #work;
  #interval;
  #next = null;
  #running = null;
  #abort = new AbortController();

  // `work(value, signal)` is given up when the signal says so.
  constructor(work, interval) {
    this.#work = work;
    this.#interval = interval;
  }

  offer(value) {
    this.#next = { value };
    this.#running ??= this.#run().finally(() => this.#running = null);
  }

  // The last value: what is under way is given up for it.
  async finish(value) {
    this.#next = null;
    this.#abort.abort();
    await this.#running;
    this.#abort = new AbortController();
    await this.#work(value, this.#abort.signal);
  }

  async #run() {
    const { signal } = this.#abort;
    while (this.#next !== null && !signal.aborted) {
      const { value } = this.#next;
      this.#next = null;
      await this.#work(value, signal);
      await passed(this.#interval, signal);
    }
  }
}

function passed(milliseconds, signal) {
  return new Promise(done => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
