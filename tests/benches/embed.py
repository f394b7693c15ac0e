"""Passages embedded a second by the unpacked transformer through onnxruntime, in 32-bit floats, on all cores.

    python3 embed.py MODEL PASSAGES.jsonl

MODEL is the folder of all-MiniLM-L6-v2 with onnx/model.onnx and tokenizer.json. Passages of like length go together
in batches of 1, 8 and 32; the fastest is the one to compare with. Needs onnxruntime, tokenizers and numpy.
"""

import json
import os
import sys
import time

import numpy
import onnxruntime
from tokenizers import Tokenizer

LIMIT = 256  # tokens of a passage, as for ours

model, passages = sys.argv[1:3]
tokenizer = Tokenizer.from_file(os.path.join(model, "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(LIMIT)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = os.cpu_count()
session = onnxruntime.InferenceSession(os.path.join(model, "onnx", "model.onnx"), options)
inputs = [one.name for one in session.get_inputs()]
with open(passages, encoding="utf-8") as lines:
    texts = sorted({json.loads(line)["text"] for line in lines})

for batch in (1, 8, 32):
    start = time.time()
    encoded = sorted((one.ids for one in tokenizer.encode_batch(texts)), key=len, reverse=True)
    for first in range(0, len(encoded), batch):
        rows = encoded[first : first + batch]
        ids = numpy.zeros((len(rows), len(rows[0])), numpy.int64)
        mask = numpy.zeros_like(ids)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        session.run(None, {name: given[name] for name in inputs})
    seconds = time.time() - start
    print(f"onnxruntime  {len(texts):6} passages {seconds:7.1f} s {len(texts) / seconds:7.1f}/s   batches of {batch}", flush=True)
