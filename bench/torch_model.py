#!/usr/bin/env python3
"""The in-process model's work in PyTorch eager mode: the peer of `outerloop bench model`.

Usage: torch_model.py train|decode [--batch N] [--context N] [--threads N] [--runs N]
Prints one JSON object: {"work", "best", "median"} in tokens/s. One thread is timed by processor time, more by the clock.
The shape is that of `bench model`: 6 layers, width 256, 4 query and 2 key/value heads of 64, feed-forward 1024,
vocabulary 512, tied embeddings, fp32.
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

LAYERS, DIM, HEADS, KV_HEADS, HEAD_DIM, FF, VOCABULARY, LONGEST = 6, 256, 4, 2, 64, 1024, 512, 1024


def norm(x, weight):
    return weight * (x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6))


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        ones = lambda n: torch.nn.Parameter(torch.ones(n))
        linear = lambda i, o: torch.nn.Linear(i, o, bias=False)
        self.input_norm, self.ff_norm, self.query_norm, self.key_norm = ones(DIM), ones(DIM), ones(HEAD_DIM), ones(HEAD_DIM)
        self.qkv = linear(DIM, (HEADS + 2 * KV_HEADS) * HEAD_DIM)
        self.output = linear(HEADS * HEAD_DIM, DIM)
        self.gate_up, self.down = linear(DIM, 2 * FF), linear(FF, DIM)

    def forward(self, x, cos, sin, mask, cache, start):
        batch, time_, _ = x.shape
        heads = self.qkv(norm(x, self.input_norm)).view(batch, time_, HEADS + 2 * KV_HEADS, HEAD_DIM).transpose(1, 2)
        q, k, v = heads.split([HEADS, KV_HEADS, KV_HEADS], 1)
        q, k = rotate(norm(q, self.query_norm), cos, sin), rotate(norm(k, self.key_norm), cos, sin)
        if cache is not None:
            cache[0][:, :, start:start + time_], cache[1][:, :, start:start + time_] = k, v
            k, v = cache[0][:, :, :start + time_], cache[1][:, :, :start + time_]
        # Queries of one key/value head side by side, so that keys are not copied.
        grouped = q.reshape(batch, KV_HEADS, (HEADS // KV_HEADS) * time_, HEAD_DIM)
        scores = grouped @ k.transpose(-1, -2) / math.sqrt(HEAD_DIM)
        if mask is not None:
            scores = scores + mask
        mixed = (scores.softmax(-1) @ v).reshape(batch, HEADS, time_, HEAD_DIM).transpose(1, 2).reshape(batch, time_, -1)
        x = x + self.output(mixed)
        gate, up = self.gate_up(norm(x, self.ff_norm)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(VOCABULARY, DIM)
        torch.nn.init.normal_(self.embedding.weight, std=0.02)
        self.layers = torch.nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = torch.nn.Parameter(torch.ones(DIM))
        angles = torch.outer(torch.arange(LONGEST).float(), 10000 ** (-torch.arange(0, HEAD_DIM, 2) / HEAD_DIM))
        self.cos, self.sin = angles.cos(), angles.sin()

    def forward(self, tokens, caches=None, start=0):
        x, end = self.embedding(tokens), start + tokens.shape[1]
        mask = None
        if tokens.shape[1] > 1:
            mask = torch.full((tokens.shape[1],) * 2, -math.inf).triu(1).repeat(HEADS // KV_HEADS, 1)
        for index, layer in enumerate(self.layers):
            x = layer(x, self.cos[start:end], self.sin[start:end], mask, caches and caches[index], start)
        return norm(x, self.norm) @ self.embedding.weight.t()


def train(model, batch, context):
    tokens = torch.randint(0, VOCABULARY, (batch, context + 1))
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4)

    def step():
        loss = F.cross_entropy(model(tokens[:, :-1]).reshape(-1, VOCABULARY), tokens[:, 1:].reshape(-1))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    return step, batch * context


def decode(model, batch, context):
    shape = (batch, KV_HEADS, context + 16, HEAD_DIM)
    caches = [(torch.randn(shape), torch.randn(shape)) for _ in range(LAYERS)]
    tokens = torch.randint(0, VOCABULARY, (batch, 1))

    @torch.no_grad()
    def step():
        for start in range(context, context + 16):
            torch.multinomial(model(tokens, caches, start)[:, -1].softmax(-1), 1)

    return step, batch * 16


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", choices=["train", "decode"])
    for name, value in [("batch", 32), ("context", 128), ("threads", 1), ("runs", 5)]:
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    clock = time.process_time if given.threads == 1 else time.perf_counter
    step, tokens = (train if given.work == "train" else decode)(Model(), given.batch, given.context)
    step()
    seconds = []
    for _ in range(given.runs):
        start = clock()
        step()
        seconds.append(clock() - start)
    seconds.sort()
    print(json.dumps({"work": given.work, "best": tokens / seconds[0], "median": tokens / seconds[len(seconds) // 2]}))


main()
