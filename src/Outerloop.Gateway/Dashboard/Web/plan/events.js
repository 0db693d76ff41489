// Server-sent events, as far as they come with an answer: the data of each.

// Cuts text, which comes in any pieces, into events.
export class EventParser {
  #rest = "";
  #data = [];

  // The data of the events that a further piece completes.
  push(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?=[^])/);
    this.#rest = lines.pop();
    return lines.flatMap(line => this.#take(line));
  }

  #take(line) {
    if (line === "") {
      const event = this.#data.length > 0 ? [this.#data.join("\n")] : [];
      this.#data = [];
      return event;
    }
    const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(line);
    if (field === "data") {
      this.#data.push(value);
    }
    return [];
  }
}

// The data of each event of a response as it comes.
export async function* eventsOf(response) {
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    yield* parser.push(piece.value);
  }
}

// The chunks of an answer as it is written. An answer that ends without saying so was cut short.
export async function* chunksOf(response) {
  for await (const data of eventsOf(response)) {
    if (data === "[DONE]") {
      return;
    }
    const chunk = JSON.parse(data);
    if (chunk.error) {
      throw new Error(chunk.error.message);
    }
    yield chunk;
  }
  throw new Error("The answer was cut short: the server ended it without saying so.");
}
