"""Stands in for peft where only torch is: low-rank adapters, as much as trainers/peft_sft.py asks for."""

import json
import math
import os

from torch import nn
from transformers import read_safetensors, write_safetensors


class LoraConfig:
    def __init__(self, **said):
        self.__dict__.update(said)


class Adapted(nn.Module):
    def __init__(self, base, config):
        super().__init__()
        self.base_layer, self.scale = base, config.lora_alpha / config.r
        self.lora_A = nn.Linear(base.in_features, config.r, bias=False)
        self.lora_B = nn.Linear(config.r, base.out_features, bias=False)
        self.dropout = nn.Dropout(config.lora_dropout)
        nn.init.kaiming_uniform_(self.lora_A.weight, a=math.sqrt(5))
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x):
        return self.base_layer(x) + self.scale * self.lora_B(self.lora_A(self.dropout(x)))


class Wrapper(nn.Module):
    def __init__(self, model, config):
        super().__init__()
        self.model, self.config = model, config

    def get_base_model(self):
        return self.model

    def save_pretrained(self, folder, safe_serialization):
        tensors = {f"base_model.model.{name}": value for name, value in self.model.named_parameters() if ".lora_" in name}
        write_safetensors(os.path.join(folder, "adapter_model.safetensors"), tensors)
        config = {"peft_type": "LORA", "bias": "none", "task_type": "CAUSAL_LM", "base_model_name_or_path": None, "r": self.config.r, "lora_alpha": self.config.lora_alpha, "lora_dropout": self.config.lora_dropout, "target_modules": self.config.target_modules}
        with open(os.path.join(folder, "adapter_config.json"), "w", encoding="utf-8") as file:
            json.dump(config, file)


def get_peft_model(model, config):
    for value in model.parameters():
        value.requires_grad_(False)
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if name in config.target_modules:
                setattr(module, name, Adapted(child, config))
    return Wrapper(model, config)


class PeftModel:
    @staticmethod
    def from_pretrained(model, folder):
        with open(os.path.join(folder, "adapter_config.json"), encoding="utf-8") as file:
            wrapper = get_peft_model(model, LoraConfig(**json.load(file)))
        saved = read_safetensors(os.path.join(folder, "adapter_model.safetensors"))
        for name, value in wrapper.model.named_parameters():
            if ".lora_" in name:
                value.data.copy_(saved["base_model.model." + name])
        return wrapper
