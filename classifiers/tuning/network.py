"""MiniLM-L6 (Wang et al., 2020: six layers of 384) in plain torch, with one linear layer that answers ``QUESTIONS``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from classifiers.heads import QUESTIONS

WIDTH: Final = 384
LAYERS: Final = 6
HEADS: Final = 12
INNER: Final = 1536
WORDS: Final = 30_522
PLACES: Final = 512
EPSILON: Final = 1e-12
DROPPED: Final = 0.1
FAR: Final = -1e4
"""Added to what a padded place would weigh: as good as never."""

_NAMES: Final = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "second_norm": "output.LayerNorm",
}


class Dropping(nn.Module):
    """Drops the same features at all places of a message: as good a lesson as one draw for each place, and much cheaper."""

    def forward(self, held: Tensor) -> Tensor:
        """Return ``held`` (messages, places, features), in training with a tenth of the features gone."""
        if not self.training:
            return held
        kept = torch.rand(held.shape[0], 1, held.shape[2]) >= DROPPED
        return held * (kept.to(held.dtype) / (1 - DROPPED))


class Layer(nn.Module):
    """One layer: every place looks at all places, then thinks for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.first_norm, self.second_norm = (nn.LayerNorm(WIDTH, eps=EPSILON) for _ in range(2))
        self.dropping = Dropping()

    def forward(self, held: Tensor, far: Tensor) -> Tensor:
        """Return what each place holds after this layer; ``far`` is added to the attention of padded places."""
        messages, places, _ = held.shape
        shape = (messages, places, HEADS, WIDTH // HEADS)
        query, key, value = (part(held).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value))
        # Written out: the fused form draws its dropout for every pair of places, which takes longer than the rest.
        near = query * (WIDTH // HEADS) ** -0.5 @ key.transpose(-1, -2) + far.to(query.dtype)
        seen = (near.softmax(-1).to(value.dtype) @ value).transpose(1, 2).reshape(messages, places, WIDTH)
        held = self.first_norm(held + self.dropping(self.output(seen)))
        thought: Tensor = self.outer(functional.gelu(self.inner(held)))
        after: Tensor = self.second_norm(held + self.dropping(thought))
        return after


class Network(nn.Module):
    """The encoder with its answers; what it says of a message rests on the mean of all places and on the first."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places, self.kinds = (nn.Embedding(size, WIDTH) for size in (WORDS, PLACES, 2))
        self.norm, self.dropping = nn.LayerNorm(WIDTH, eps=EPSILON), Dropping()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.answers = nn.Linear(2 * WIDTH, len(QUESTIONS))
        nn.init.normal_(self.answers.weight, std=0.02)
        nn.init.zeros_(self.answers.bias)

    def forward(self, pieces: Tensor, real: Tensor) -> Tensor:
        """Answer ``QUESTIONS`` of messages given as word pieces (messages, places); ``real`` is 1 where no padding is."""
        held = self.words(pieces) + self.places(torch.arange(pieces.shape[1]))[None] + self.kinds.weight[0]
        held = self.dropping(self.norm(held))
        far = (1.0 - real)[:, None, None, :] * FAR
        for layer in self.layers:
            held = layer(held, far)
        weight = real[..., None].to(held.dtype)
        mean = (held * weight).sum(1) / weight.sum(1)
        said: Tensor = self.answers(torch.cat([mean, held[:, 0]], -1))
        return said


def from_base(path: Path) -> Network:
    """Start from the published weights (safetensors, the names of BERT); the answers' layer starts small and at random."""
    network, stored = Network(), load_file(path)
    network.load_state_dict(_renamed(stored), strict=False)
    return network


def _renamed(stored: dict[str, Any]) -> dict[str, Any]:
    found = {
        "words.weight": stored["embeddings.word_embeddings.weight"],
        "places.weight": stored["embeddings.position_embeddings.weight"],
        "kinds.weight": stored["embeddings.token_type_embeddings.weight"],
    }
    found |= {f"norm.{one}": stored[f"embeddings.LayerNorm.{one}"] for one in ("weight", "bias")}
    for number in range(LAYERS):
        for ours, theirs in _NAMES.items():
            for one in ("weight", "bias"):
                found[f"layers.{number}.{ours}.{one}"] = stored[f"encoder.layer.{number}.{theirs}.{one}"]
    return found
