"""The fitted encoder as int8 ONNX: weights by channel, activations as they come."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.transformer.fuse import fuse_attention
from training.transformer.net import Net

_OPSET = 17
CHECK_TEXT = (
    "Extorsionadores de ‘Los Pulpos’ exigen S/ 5 mil semanales a mototaxistas de Comas por WhatsApp, dice la Policía."
)


class _Vectors(nn.Module):
    """Only what runs at reading."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.encoder = net.encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        found: Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return found


def to_onnx(net: Net, *, quantized: bool = True) -> bytes:
    """The encoder: ``input_ids`` (windows, pieces) -> vectors (windows, pieces, size)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    net.cpu().eval()
    heads: int = net.encoder.config.num_attention_heads
    ids = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "windows", 1: "pieces"}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, small = Path(folder, "plain.onnx"), Path(folder, "small.onnx")
        torch.onnx.export(
            _Vectors(net),
            (ids, torch.ones_like(ids)),
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "vectors": axes},
            opset_version=_OPSET,
            dynamo=False,
        )
        if not quantized:
            return fuse_attention(plain.read_bytes(), heads)
        quantize_dynamic(
            plain,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
            extra_options={"MatMulConstBOnly": True},
        )
        return fuse_attention(small.read_bytes(), heads)


def check_of(vectors: Any) -> dict[str, Any]:
    """What a reader compares itself with when it loads: a text and the mean of its vectors where the model was made."""
    return {"text": CHECK_TEXT, "vector": [round(float(value), 3) for value in np.asarray(vectors)]}
