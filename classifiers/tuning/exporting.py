"""Writes a network as one ONNX graph with small integers for weights, a quarter of the size and three times as fast."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from classifiers.tuning.network import HEADS, WIDTH, Layer, Network

OPSET: Final = 17
SAMPLE: Final = 16
ROUNDED: Final = ["MatMul", "Gemm", "Gather"]
"""What is rounded: the multiplications and the table of word pieces; all else is small."""


class _PackedLayer(nn.Module):
    """A layer whose query, key and value are one multiplication, a tenth faster (docs/performance.md); the answers are the same."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer
        self.packed = nn.Linear(WIDTH, 3 * WIDTH)
        near = (WIDTH // HEADS) ** -0.5
        with torch.no_grad():
            self.packed.weight.copy_(torch.cat([layer.query.weight * near, layer.key.weight, layer.value.weight]))
            self.packed.bias.copy_(torch.cat([layer.query.bias * near, layer.key.bias, layer.value.bias]))

    def forward(self, held: Tensor) -> Tensor:
        """Return what each place (places by features) holds after this layer."""
        layer = self.layer
        query, key, value = self.packed(held).view(-1, 3, HEADS, WIDTH // HEADS).permute(1, 2, 0, 3).unbind(0)
        seen = ((query @ key.transpose(-1, -2)).softmax(-1) @ value).transpose(0, 1).reshape(-1, WIDTH)
        held = layer.first_norm(held + layer.output(seen))
        after: Tensor = layer.second_norm(held + layer.outer(functional.gelu(layer.inner(held))))
        return after


class OneMessage(nn.Module):
    """A network which reads one message, all of it real: nothing is padded, so nothing needs a mask."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.layers = nn.ModuleList(_PackedLayer(layer) for layer in network.layers if isinstance(layer, Layer))

    def forward(self, pieces: Tensor) -> Tensor:
        """Answer ``QUESTIONS`` of one message (1 by places)."""
        network, numbers = self.network, pieces[0]
        held = network.words(numbers) + network.places(torch.arange(numbers.shape[0])) + network.kinds.weight[0]
        held = network.norm(held)
        for layer in self.layers:
            held = layer(held)
        said: Tensor = network.answers(torch.cat([held.mean(0), held[0]], -1))
        return said


def export(network: Network, path: Path) -> None:
    """Write the graph: ``pieces`` (1 by any number of places, int64) to ``answers`` (float32, one for each question)."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            OneMessage(network.eval()),
            (torch.ones(1, SAMPLE, dtype=torch.long),),
            str(whole),
            input_names=["pieces"],
            output_names=["answers"],
            dynamic_axes={"pieces": {1: "places"}},
            opset_version=OPSET,
            dynamo=False,
        )
        # Seven bits: with eight, processors without VNNI let sums overflow, and the same message would be judged otherwise there.
        quantize_dynamic(
            whole, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, op_types_to_quantize=ROUNDED
        )
