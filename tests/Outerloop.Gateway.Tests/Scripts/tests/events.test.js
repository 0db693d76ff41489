import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser, chunksOf } from "../web/plan/events.js";

function parsed(pieces) {
  const parser = new EventParser();
  return pieces.flatMap(piece => parser.push(piece));
}

const STREAM = "data: one\n\n: a comment\ndata:two\r\ndata: more\r\n\r\nevent: x\nid: 7\ndata\n\ndata:  spaced: äöü 🤖\r\rdata: cut";

test("events are the same however the text is cut", () => {
  const whole = ["one", "two\nmore", "", " spaced: äöü 🤖"];
  assert.deepEqual(parsed([STREAM]), whole);
  for (let length = 1; length < 9; length++) {
    assert.deepEqual(parsed(STREAM.match(new RegExp(`[^]{1,${length}}`, "g"))), whole);
  }
});

async function collected(bytes, size) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) {
    pieces.push(bytes.slice(at, at + size));
  }
  const chunks = [];
  for await (const chunk of chunksOf(new Response(new ReadableStream({ pull: controller => pieces.length > 0 ? controller.enqueue(pieces.shift()) : controller.close() })))) {
    chunks.push(chunk);
  }
  return chunks;
}

test("chunks end with the stream's own end, and letters are whole where bytes are cut", async () => {
  const bytes = new TextEncoder().encode('data: {"a":"ü🤖"}\n\ndata: {"b":1}\n\ndata: [DONE]\n\ndata: {"late":1}\n\n');
  for (const size of [1, 2, 3, 1000]) {
    assert.deepEqual(await collected(bytes, size), [{ a: "ü🤖" }, { b: 1 }]);
  }
});

test("an answer that is cut short, or ends in an error, says so", async () => {
  await assert.rejects(collected(new TextEncoder().encode('data: {"a":1}\n\n'), 4), /cut short/);
  await assert.rejects(collected(new TextEncoder().encode('data: {"a":1}\n\ndata: {"error":{"message":"The server failed"}}\n\n'), 4), /^Error: The server failed$/);
});
