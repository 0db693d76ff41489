"""Stands in for transformers where only torch is: Qwen3's decoder and a word tokenizer, as much as trainers/peft_sft.py asks for."""

import json
import os
import struct

import torch
from torch import nn


class logging:
    @staticmethod
    def set_verbosity_error():
        pass


class AutoTokenizer:
    chat_template = None

    @classmethod
    def from_pretrained(cls, folder):
        self = cls()
        with open(os.path.join(folder, "tokenizer.json"), encoding="utf-8") as file:
            self.vocabulary = json.load(file)["model"]["vocab"]
        with open(os.path.join(folder, "tokenizer_config.json"), encoding="utf-8") as file:
            self.eos_token_id = self.vocabulary[json.load(file)["eos_token"]]
        return self

    def __call__(self, text, add_special_tokens=True):
        return {"input_ids": [self.vocabulary[word] for word in text.split()]}


class Norm(nn.Module):
    def __init__(self, size, epsilon):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(size)), epsilon

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.kv, self.size, self.theta = c.num_attention_heads, c.num_key_value_heads, c.head_dim, c.rope_theta
        self.q_proj = nn.Linear(c.hidden_size, self.heads * self.size, bias=False)
        self.k_proj = nn.Linear(c.hidden_size, self.kv * self.size, bias=False)
        self.v_proj = nn.Linear(c.hidden_size, self.kv * self.size, bias=False)
        self.o_proj = nn.Linear(self.heads * self.size, c.hidden_size, bias=False)
        self.q_norm, self.k_norm = Norm(self.size, c.rms_norm_eps), Norm(self.size, c.rms_norm_eps)

    def turned(self, x):
        half = self.size // 2
        angles = torch.arange(x.shape[1])[:, None] * self.theta ** (-torch.arange(half) / half)
        cos, sin = angles.cos().repeat(1, 2)[:, None], angles.sin().repeat(1, 2)[:, None]
        return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin

    def forward(self, x):
        rows, length, _ = x.shape
        q = self.turned(self.q_norm(self.q_proj(x).view(rows, length, self.heads, self.size)))
        k = self.turned(self.k_norm(self.k_proj(x).view(rows, length, self.kv, self.size)))
        v = self.v_proj(x).view(rows, length, self.kv, self.size)
        k, v = (part.repeat_interleave(self.heads // self.kv, 2) for part in (k, v))
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / self.size ** 0.5
        scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), float("-inf"))
        return self.o_proj(torch.einsum("bhqk,bkhd->bqhd", scores.softmax(-1), v).reshape(rows, length, -1))


class Gated(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.up_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.down_proj = nn.Linear(c.intermediate_size, c.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(nn.functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.self_attn, self.mlp = Attention(c), Gated(c)
        self.input_layernorm, self.post_attention_layernorm = Norm(c.hidden_size, c.rms_norm_eps), Norm(c.hidden_size, c.rms_norm_eps)

    def forward(self, x):
        x = x + self.self_attn(self.input_layernorm(x))
        return x + self.mlp(self.post_attention_layernorm(x))


class Output:
    pass


class Decoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embed_tokens = nn.Embedding(c.vocab_size, c.hidden_size)
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.num_hidden_layers))
        self.norm = Norm(c.hidden_size, c.rms_norm_eps)

    def forward(self, input_ids):
        x = self.embed_tokens(input_ids)
        for layer in self.layers:
            x = layer(x)
        output = Output()
        output.last_hidden_state = self.norm(x)
        return output


class AutoModelForCausalLM(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = Output()
        self.config.__dict__.update(config)
        self.config.rope_theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]
        self.model = Decoder(self.config)
        self.lm_head = nn.Linear(self.config.hidden_size, self.config.vocab_size, bias=False)

    @classmethod
    def from_pretrained(cls, folder, torch_dtype):
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            self = cls(json.load(file))
        weights = read_safetensors(os.path.join(folder, "model.safetensors"))
        weights.setdefault("lm_head.weight", weights["model.embed_tokens.weight"])
        self.load_state_dict(weights)
        return self.to(torch_dtype)

    @property
    def base_model(self):
        return self.model

    def get_output_embeddings(self):
        return self.lm_head


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    types = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}
    return {
        name: torch.frombuffer(bytearray(data[8 + length + said["data_offsets"][0]:8 + length + said["data_offsets"][1]]), dtype=types[said["dtype"]]).view(said["shape"]).float()
        for name, said in header.items() if name != "__metadata__"
    }


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, value in sorted(tensors.items()):
        bytes_ = value.detach().float().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
