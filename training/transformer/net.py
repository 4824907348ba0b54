"""The network in torch: the encoder and its linear heads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from nlp.transformer.decode import Floats
from nlp.transformer.heads import Heads
from nlp.transformer.schema import ARTICLE_QUESTIONS, SCHEMA
from training.transformer.examples import IGNORED, Example

_WEIGHT_OF_QUESTIONS, _WEIGHT_OF_ARTICLE = 0.3, 0.05
_SMOOTHING = 0.05


class Net(nn.Module):
    """Encoder and heads; names and sizes of the heads are the schema's."""

    def __init__(self, folder: Path, layers: int, dropout: float = 0.1) -> None:
        """The encoder is the ``layers`` lowest layers of the base in ``folder``; the heads begin untaught."""
        super().__init__()
        self.encoder = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            num_hidden_layers=layers,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=0.0,
            attn_implementation="eager",  # on a CPU 1.7 times as fast to fit as torch's own attention (measured)
        )
        size = self.encoder.config.hidden_size
        sizes = {"tags": len(SCHEMA.tags), "general": len(SCHEMA.general_tags)}
        sizes |= {question: len(answers) for question, answers in SCHEMA.questions.items()}
        self.heads = nn.ModuleDict({head: nn.Linear(size, answers) for head, answers in sizes.items()})
        self.dropout = nn.Dropout(dropout)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    def vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(windows, pieces, size)."""
        found: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return found

    def loss(self, batch: Sequence[Example], padding: int) -> Tensor:
        """Of a batch of windows: tags, general tags and questions, each the mean over what is asked."""
        ids, mask, tags, general = collate(batch, padding)
        vectors = self.dropout(self.vectors(ids, mask).float())
        total = vectors.sum() * 0.0
        for head, labels in (("tags", tags), ("general", general)):
            if (labels != IGNORED).any():
                scores = self.heads[head](vectors)
                total = total + functional.cross_entropy(
                    scores.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, label_smoothing=_SMOOTHING
                )
        asked = [(row, *each) for row, example in enumerate(batch) for each in example.asked]
        means = _pool(asked, vectors)
        for question in {each[1] for each in asked}:
            rows = [at for at, each in enumerate(asked) if each[1] == question]
            answers = torch.tensor([asked[at][-1] for at in rows], device=means.device)
            weight = _WEIGHT_OF_ARTICLE if question in ARTICLE_QUESTIONS else _WEIGHT_OF_QUESTIONS
            scores = self.heads[question](means[rows])
            total = total + weight * functional.cross_entropy(scores, answers, label_smoothing=_SMOOTHING)
        return total

    def standardize(self, batches: Sequence[Sequence[Example]], padding: int) -> None:
        """Fold mean and deviation of the lowest layers' vectors into the last norm, so that new heads see vectors of unit size.

        The base's inner layers give vectors of very uneven sizes; without this the heads learn far worse (measured on AnCora dev:
        F1 76 instead of 84).
        """
        self.eval()
        with torch.no_grad():
            found = [self._flat(batch, padding) for batch in batches]
            flat = torch.cat(found)
            mean, deviation = flat.mean(dim=0), flat.std(dim=0)
            norm = self.encoder.encoder.layer[-1].output.LayerNorm
            norm.weight.div_(deviation)
            norm.bias.sub_(mean).div_(deviation)

    def _flat(self, batch: Sequence[Example], padding: int) -> Tensor:
        ids, mask, _, _ = collate(batch, padding)
        return self.vectors(ids, mask)[mask.bool()]

    def to_heads(self, temperatures: dict[str, float] | None = None) -> Heads:
        """The heads for numpy."""

        def array(tensor: Tensor) -> Floats:
            return np.asarray(tensor.detach().float().cpu().numpy())

        return Heads(
            weights={name: array(head.weight) for name, head in self.heads.items()},
            biases={name: array(head.bias) for name, head in self.heads.items()},
            temperatures=temperatures or dict.fromkeys(self.heads, 1.0),
        )


def collate(batch: Sequence[Example], padding: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(windows, pieces) of ids, mask, tags and general tags, padded to the longest."""
    longest = max(len(example.ids) for example in batch)
    ids = np.full((len(batch), longest), padding)
    mask = np.zeros_like(ids)
    tags, general = np.full_like(ids, IGNORED), np.full_like(ids, IGNORED)
    for row, example in enumerate(batch):
        at = slice(0, len(example.ids))
        ids[row, at], mask[row, at] = example.ids, 1
        tags[row, at], general[row, at] = example.tags, example.general
    where = "cuda" if torch.cuda.is_available() else "cpu"
    ids_, mask_, tags_, general_ = (torch.from_numpy(array).to(where) for array in (ids, mask, tags, general))
    return ids_, mask_, tags_, general_


def _pool(asked: Sequence[tuple[int, str, int, int, int]], vectors: Tensor) -> Tensor:
    """(asked, size) means of the spans' vectors, as one product: the gradient of many slices fills as many whole arrays."""
    windows, pieces, size = vectors.shape
    shares = np.zeros((len(asked), windows * pieces), dtype=np.float32)
    for at, (row, _, first, last, _) in enumerate(asked):
        shares[at, row * pieces + first : row * pieces + last] = 1 / (last - first)
    return torch.from_numpy(shares).to(vectors.device) @ vectors.reshape(-1, size)
