"""Prints the logits after the last of some tokens, of a base with an adapter: BASE ADAPTER 1,2,3."""

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

base, adapter, tokens = sys.argv[1:]
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, torch_dtype=torch.float32), adapter).eval()
causal = model.get_base_model()
with torch.no_grad():
    hidden = causal.base_model(input_ids=torch.tensor([[int(token) for token in tokens.split(",")]])).last_hidden_state
    print(json.dumps(causal.get_output_embeddings()(hidden)[0, -1].tolist()))
