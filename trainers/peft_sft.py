#!/usr/bin/env python3
"""Supervised fine-tuning of a LoRA adapter on curated traces, for Outerloop's trainer `command`.

The loss is the mean of -log p over the tokens of the completion, its end included; the prompt has none. What the settings do
not say is as in the paper: r=16, alpha=32, dropout 0.05, AdamW, learning rate 1e-5, 2 epochs, batch 1, 10 % held out.
The same data, settings, seed, batch and number of processes give the same adapter, however often the training was interrupted.
"""

import argparse
import hashlib
import json
import math
import os
import random
import signal
import sys

EXAMPLES = """examples:
  peft_sft.py --data gen1.jsonl --base Qwen/Qwen3-4B-Thinking-2507 --output gen1
  torchrun --nproc-per-node 4 peft_sft.py --data gen1.jsonl --base Qwen/Qwen3-4B-Thinking-2507 --output gen1 --settings gen1.settings.json
  peft_sft.py --check --data gen1.jsonl
  outerloop run --policy openai:Qwen/Qwen3-4B-Thinking-2507 --reload vllm --trainer command \\
    --trainer-command 'torchrun --nproc-per-node 4 trainers/peft_sft.py --data {data} --base {base} --output {output} --settings {settings} --seed {seed}'

a line of --data: {"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}]}, or the same as
{"prompt": [...], "completion": [one message]}; other members are left alone.
exit codes: 0 done, 2 wrong input, 3 something outside failed, 130 stopped (its state is kept; the same command goes on).
"""

# Name in the settings, default, least and most.
NUMBERS = [
    ("epochs", 2.0, 0.01, 1000), ("minSteps", 0, 0, 10**6), ("learningRate", 1e-5, 0, 1), ("warmUp", 0.0, 0, 1), ("decayPart", 1.0, 0, 1),
    ("weightDecay", 0.01, 0, 1), ("clip", 1.0, 1e-6, 1e6), ("validation", 0.1, 0, 0.9),
    ("lora.rank", 16, 1, 4096), ("lora.alpha", 32.0, 1e-6, 1e6), ("lora.dropout", 0.05, 0, 0.99),
]
DECAYS = ["none", "linear", "cosine"]
PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CHUNK = 1024  # positions whose logits are in memory at a time


class InputError(Exception):
    """Wrong input, in one line that says where."""


def read_examples(path):
    """The examples of a file, as (line, prompt messages, completion)."""
    try:
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")
    except OSError as problem:
        raise InputError(f"{path}: {problem.strerror}") from problem
    examples = []
    for number, line in enumerate(lines, 1):
        if not line.strip() and number == len(lines):
            continue
        try:
            prompt, completion = read_line(line)
        except InputError as problem:
            raise InputError(f"{path}:{number}: {problem}") from problem
        examples.append((number, prompt, completion))
    if not examples:
        raise InputError(f"{path}: there is no example in it")
    return examples


def read_line(line):
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise InputError(f"not UTF-8: byte {problem.start + 1} of the line") from problem
    except json.JSONDecodeError as problem:
        raise InputError(f"not JSON: {problem.msg}, column {problem.colno}") from problem
    except (ValueError, RecursionError) as problem:
        raise InputError("not JSON that can be read: nested too deep, or a number too long") from problem
    if not isinstance(row, dict):
        raise InputError("not an object")
    messages = row.get("messages")
    if messages is None:
        prompt, completion = row.get("prompt"), row.get("completion")
        if not isinstance(prompt, list) or not isinstance(completion, list) or len(completion) != 1:
            raise InputError("neither 'messages', nor a 'prompt' of messages and a 'completion' of one")
        messages = prompt + completion
    if not isinstance(messages, list) or len(messages) < 2:
        raise InputError("'messages' is not a list of a question and its answer")
    for place, message in enumerate(messages):
        check_message(message, place, answer=place == len(messages) - 1)
    if messages[-2]["role"] != "user":
        raise InputError("the last message but one is not by the user")
    return [{"role": message["role"], "content": message["content"]} for message in messages[:-1]], messages[-1]["content"]


def check_message(message, place, answer):
    if not isinstance(message, dict) or not isinstance(message.get("content"), str) or not message["content"]:
        raise InputError(f"message {place + 1} has no text as 'content'")
    roles = ("assistant",) if answer else ("system", "user", "assistant")
    if message.get("role") not in roles:
        raise InputError(f"message {place + 1}: its role is not {' or '.join(roles)}")
    try:
        message["content"].encode("utf-8")
    except UnicodeEncodeError as problem:
        raise InputError(f"message {place + 1}: half of a surrogate pair at character {problem.start + 1}") from problem


def read_settings(path):
    """The settings under their names, as the run wrote them; the paper's where there is no file or it does not say."""
    said = {}
    if path is not None:
        try:
            with open(path, encoding="utf-8") as file:
                said = json.load(file)
        except OSError as problem:
            raise InputError(f"{path}: {problem.strerror}") from problem
        except (ValueError, RecursionError) as problem:
            raise InputError(f"{path}: not JSON: {problem}") from problem
        if not isinstance(said, dict) or not isinstance(said.get("lora", {}), dict):
            raise InputError(f"{path}: not an object of settings")
    flat = {**said, **{f"lora.{name}": value for name, value in said.get("lora", {}).items()}}
    settings = {}
    for name, default, least, most in NUMBERS:
        value = flat.get(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            raise InputError(f"{path}: {name}: {value!r} is not a number between {least} and {most}")
        if isinstance(default, int) and value != int(value):
            raise InputError(f"{path}: {name}: {value!r} is not a whole number")
        settings[name] = type(default)(value)
    settings["decay"] = flat.get("decay", "linear")
    if settings["decay"] not in DECAYS:
        raise InputError(f"{path}: decay: {settings['decay']!r} is none of {', '.join(DECAYS)}")
    settings["lora.targets"] = flat.get("lora.targets", PROJECTIONS)
    targets = settings["lora.targets"]
    if not isinstance(targets, list) or not targets or any(target not in PROJECTIONS for target in targets):
        raise InputError(f"{path}: lora.targets: {targets!r} is not a list of {', '.join(PROJECTIONS)}")
    if flat.get("tokens", 0):
        raise InputError(f"{path}: tokens: this trainer counts epochs; leave trainer.tokens at 0")
    return settings


def split(examples, share, seed):
    """The examples to learn from, and those held out: by a hash, so that an example is held out whatever stands around it."""
    held_out = int(share * len(examples) + 0.5) if len(examples) > 1 else 0
    held_out = min(held_out, len(examples) - 1)
    ranked = sorted(examples, key=lambda example: hashlib.sha256(json.dumps([seed, example[1:]]).encode()).digest())
    held = {example[0] for example in ranked[:held_out]}
    return [e for e in examples if e[0] not in held], [e for e in examples if e[0] in held]


def encode(tokenizer, example, path, longest):
    """Token ids, and how many of them are the prompt's."""
    line, messages, completion = example
    try:
        # What a model of this project was asked in its own turns, or in words, is the prompt as it stands.
        if getattr(tokenizer, "chat_template", None) and "<|im_start|>" not in messages[-1]["content"]:
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
            # Templates of thinking models begin the answer with the mark that our traces begin with.
            if text.rstrip().endswith("<think>") and completion.startswith("<think>"):
                completion = completion[len("<think>"):].removeprefix("\n")
        else:
            prompt = tokenizer("\n\n".join(message["content"] for message in messages))["input_ids"]
        answer = tokenizer(completion, add_special_tokens=False)["input_ids"]
    except Exception as problem:  # tokenizers raise bare exceptions for words that they do not know
        raise InputError(f"{path}:{line}: the base's tokenizer cannot read it: {problem}") from problem
    ids = prompt + answer + [tokenizer.eos_token_id]
    if len(ids) > longest:
        raise InputError(f"{path}:{line}: {len(ids)} tokens, and the longest that may be is {longest} (--max-tokens)")
    return ids, len(prompt)


def learning_rate(step, steps, settings):
    """Of a step counted from 1: rises over the warm-up, and falls to 0 over the last part."""
    warm_up, falling = settings["warmUp"] * steps, settings["decayPart"] * steps
    rate = settings["learningRate"] * (min(1.0, step / warm_up) if warm_up > 0 else 1.0)
    left = (steps - step + 1) / falling if falling > 0 else 1.0
    if settings["decay"] == "none" or left >= 1:
        return rate
    return rate * (left if settings["decay"] == "linear" else 0.5 * (1 - math.cos(math.pi * left)))


def batches(count, batch, epochs, least, seed):
    """The examples of each step, by their places; an epoch has each once, in an order of its own."""
    per_epoch = math.ceil(count / batch)
    steps = max(least, math.ceil(epochs * per_epoch - 1e-9), 1)
    order = []
    for epoch in range(math.ceil(steps / per_epoch)):
        places = list(range(count))
        random.Random(f"{seed}/{epoch}").shuffle(places)
        order += [places[start:start + batch] for start in range(0, count, batch)]
    return order[:steps], per_epoch


class Trainer:
    """One process of a training; all do the same steps, each on its share of a step's examples."""

    def __init__(self, args, settings, examples):
        import peft
        import torch
        import torch.utils.checkpoint
        import transformers

        self.torch, self.args, self.settings = torch, args, settings
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.batch = args.batch or self.world
        if self.batch < self.world:
            raise InputError(f"--batch: {self.batch} examples a step leave some of {self.world} processes without any")
        cuda = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
        if cuda:
            torch.cuda.set_device(self.device)
            torch.use_deterministic_algorithms(True, warn_only=True)
        if self.world > 1:
            torch.distributed.init_process_group("nccl" if cuda else "gloo")
        transformers.logging.set_verbosity_error()
        tokenizer = transformers.AutoTokenizer.from_pretrained(args.base)
        if tokenizer.eos_token_id is None:
            raise InputError(f"{args.base}: its tokenizer has no token that ends an answer (eos_token)")
        causal = transformers.AutoModelForCausalLM.from_pretrained(args.base, torch_dtype=torch.bfloat16 if cuda else torch.float32)
        if getattr(causal.config, "final_logit_softcapping", None):
            raise InputError(f"{args.base}: models that cap their logits are not trained here")
        longest = args.max_tokens or getattr(causal.config, "max_position_embeddings", None) or 1 << 30
        learnt, held_out = split(examples, settings["validation"], args.seed)
        self.learnt = [encode(tokenizer, example, args.data, longest) for example in learnt]
        self.held_out = [encode(tokenizer, example, args.data, longest) for example in held_out]
        self.order, self.per_epoch = batches(len(self.learnt), self.batch, settings["epochs"], settings["minSteps"], args.seed)
        if cuda:  # a trace of 32,768 tokens fits only if layers are computed anew on the way back
            causal.config.use_cache = False
            causal.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
            causal.enable_input_require_grads()
        torch.manual_seed(args.seed)  # each process begins with the same adapter
        self.model = peft.get_peft_model(causal, peft.LoraConfig(
            task_type="CAUSAL_LM", r=settings["lora.rank"], lora_alpha=settings["lora.alpha"], lora_dropout=settings["lora.dropout"],
            target_modules=list(settings["lora.targets"]), bias="none")).to(self.device)
        self.trained = {name: value for name, value in self.model.named_parameters() if value.requires_grad}
        self.optimizer = torch.optim.AdamW(self.trained.values(), lr=settings["learningRate"], weight_decay=settings["weightDecay"])
        self.step, self.tokens, self.stopped = 0, 0, False
        self.resume()

    def losses(self, ids, begin):
        """Sum of -log p over the completion's tokens. Logits are made chunk by chunk: all at once they would be the largest thing in memory."""
        torch = self.torch
        causal = self.model.get_base_model()
        tokens = torch.tensor([ids], device=self.device)
        hidden = causal.base_model(input_ids=tokens).last_hidden_state[0, begin - 1:-1]
        head, wanted = causal.get_output_embeddings(), tokens[0, begin:]

        def of_chunk(states, targets):
            return torch.nn.functional.cross_entropy(head(states).float(), targets, reduction="sum")

        total = hidden.new_zeros((), dtype=torch.float32)
        for start in range(0, len(wanted), CHUNK):
            chunk = hidden[start:start + CHUNK], wanted[start:start + CHUNK]
            total = total + (torch.utils.checkpoint.checkpoint(of_chunk, *chunk, use_reentrant=False) if torch.is_grad_enabled() else of_chunk(*chunk))
        return total

    def sum(self, values):
        """Of all processes."""
        if self.world > 1:
            self.torch.distributed.all_reduce(values)
        return values

    def take_step(self):
        torch, places = self.torch, self.order[self.step]
        # Dropout draws from the step's own stream, so that a training goes on as if it had never stopped.
        torch.manual_seed(int.from_bytes(hashlib.sha256(f"{self.args.seed}/{self.step}/{self.rank}".encode()).digest()[:7], "big"))
        self.model.train()
        self.optimizer.zero_grad(set_to_none=False)
        for value in self.trained.values():
            value.grad = torch.zeros_like(value)
        said = torch.zeros(4, dtype=torch.float64)
        for place in places[self.rank::self.world]:
            ids, begin = self.learnt[place]
            loss = self.losses(ids, begin)
            (loss / (len(ids) - begin) / len(places)).backward()
            said += torch.tensor([loss.item(), len(ids) - begin, len(ids), 0], dtype=torch.float64)
        said[3] = self.stopped
        gradient = self.sum(torch.cat([value.grad.reshape(-1) for value in self.trained.values()]))
        for value, part in zip(self.trained.values(), gradient.split([value.numel() for value in self.trained.values()])):
            value.grad = part.view_as(value)
        torch.nn.utils.clip_grad_norm_(self.trained.values(), self.settings["clip"])
        rate = learning_rate(self.step + 1, len(self.order), self.settings)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        loss, counted, read, stopped = self.sum(said.to(self.device)).tolist()
        self.step += 1
        self.tokens += int(read)
        self.stopped = stopped > 0  # if one is told to stop, all do, after the same step
        return loss / counted, rate

    def validation_loss(self):
        torch = self.torch
        self.model.eval()
        said = torch.zeros(2, dtype=torch.float64, device=self.device)
        with torch.no_grad():
            for ids, begin in self.held_out[self.rank::self.world]:
                said += torch.tensor([self.losses(ids, begin).item(), len(ids) - begin], dtype=torch.float64, device=self.device)
        total, counted = self.sum(said).tolist()
        return total / counted

    def fit(self):
        """Returns whether the training came to its end."""
        steps = len(self.order)
        while self.step < steps:
            loss, rate = self.take_step()
            line = {"step": self.step, "steps": steps, "tokens": self.tokens, "loss": loss, "learningRate": rate}
            if self.held_out and (self.step % self.per_epoch == 0 or self.step == steps):
                line["validationLoss"] = self.validation_loss()
            if self.rank == 0:
                print(json.dumps(line), flush=True)
            if self.step < steps and (self.stopped or self.step % self.args.keep_every == 0):
                self.keep()
            if self.stopped and self.step < steps:
                return False
        return True

    def fingerprint(self):
        """What a kept state belongs to: the examples as they are read, and all that decides the result."""
        said = [self.args.base, self.args.seed, self.batch, self.world, self.settings, self.learnt, self.held_out]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def state_file(self):
        return os.path.join(self.args.output, "state.pt")

    def keep(self):
        if self.rank != 0:
            return
        written = self.state_file() + ".writing"
        with open(written, "wb") as file:
            self.torch.save(
                {"of": self.fingerprint(), "step": self.step, "tokens": self.tokens, "optimizer": self.optimizer.state_dict(),
                 "trained": {name: value.detach() for name, value in self.trained.items()}}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(written, self.state_file())

    def resume(self):
        if not os.path.exists(self.state_file()):
            return
        state = self.torch.load(self.state_file(), map_location=self.device)
        if state["of"] != self.fingerprint():
            note(f"{self.state_file()}: of another training; this one begins anew")
            return
        for name, value in self.trained.items():
            value.data.copy_(state["trained"][name])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.tokens = state["step"], state["tokens"]
        if self.rank == 0:
            note(f"goes on after step {self.step}")

    def save(self):
        if self.rank == 0:
            self.model.save_pretrained(self.args.output, safe_serialization=True)
            if os.path.exists(self.state_file()):
                os.remove(self.state_file())


def note(text):
    print(text, file=sys.stderr, flush=True)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise InputError(f"{message} (see --help)")


def positive(text):
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return value


def read_arguments(words):
    parser = Parser(description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, metavar="FILE", help="the examples, JSON lines")
    parser.add_argument("--base", metavar="MODEL", help="a folder in the Hugging Face layout, or a name there")
    parser.add_argument("--output", metavar="DIR", help="where the adapter is to be; a state kept there is gone on from")
    parser.add_argument("--settings", metavar="FILE", help="the run's trainer settings, JSON")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of order, held-out examples, adapter and dropout [0]")
    parser.add_argument("--batch", type=positive, metavar="N", help="examples a step, over all processes [one each]")
    parser.add_argument("--max-tokens", type=positive, metavar="N", help="a longer example is refused [what the base can read]")
    parser.add_argument("--keep-every", type=positive, default=50, metavar="N", help="steps between kept states [50]")
    parser.add_argument("--check", action="store_true", help="read arguments, settings and data, and stop; needs nothing but Python")
    args = parser.parse_args(words)
    if not args.check and not (args.base and args.output):
        raise InputError("--base and --output are required (see --help)")
    return args


def main(words):
    args = read_arguments(words)
    settings = read_settings(args.settings)
    examples = read_examples(args.data)
    if args.check:
        learnt, held_out = split(examples, settings["validation"], args.seed)
        print(json.dumps({"examples": len(examples), "learnt": len(learnt), "heldOut": len(held_out), "settings": settings}))
        return 0
    os.makedirs(args.output, exist_ok=True)
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        trainer = Trainer(args, settings, examples)
    except ImportError as problem:
        note(f"peft_sft.py: torch, transformers and peft are needed: {problem}")
        return 3

    def stop(*_):
        trainer.stopped = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if not trainer.fit():
        return 130
    trainer.save()
    if trainer.world > 1:
        trainer.torch.distributed.barrier()
        trainer.torch.distributed.destroy_process_group()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except InputError as problem:
        note(f"peft_sft.py: {problem}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
