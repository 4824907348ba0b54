"""The network in torch: the encoder and its linear heads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from nlp.transformer.decode import Floats
from nlp.transformer.heads import Heads
from nlp.transformer.schema import ARTICLE_QUESTIONS, SCHEMA
from nlp.transformer.windows import Ints
from training.transformer.examples import IGNORED, Example

_WEIGHT_OF_QUESTIONS, _WEIGHT_OF_ARTICLE = 0.3, 0.05
_SMOOTHING = 0.05
_TAGGING = ("tags", "general")


class Asked(NamedTuple):
    """A question about a span of a window."""

    window: int
    question: str
    first: int
    last: int
    answer: int


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
            # on a CPU eager attention is 1.7 times as fast to fit as torch's own (measured)
            attn_implementation="sdpa" if torch.cuda.is_available() else "eager",
        )
        size = self.encoder.config.hidden_size
        sizes = {"tags": len(SCHEMA.tags), "general": len(SCHEMA.general_tags)}
        sizes |= {question: len(answers) for question, answers in SCHEMA.questions.items()}
        self.heads = nn.ModuleDict({head: nn.Linear(size, answers) for head, answers in sizes.items()})
        self.dropout = nn.Dropout(dropout)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)

    @property
    def layers(self) -> int:
        """Of the encoder."""
        return len(self.encoder.encoder.layer)

    def vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(windows, pieces, size)."""
        found: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return found

    def scores(self, batch: Sequence[Example], padding: int) -> dict[str, Tensor]:
        """Of a batch of windows, by head: (windows, pieces, tags) for tags, (asked, answers) for questions, in the order of :func:`asked_of`."""
        ids, mask = ids_of(batch, padding)
        vectors = self.dropout(self.vectors(ids, mask).float())
        found = {head: self.heads[head](vectors) for head in _TAGGING}
        asked = asked_of(batch)
        means = _pool(asked, vectors)
        for question in sorted({each.question for each in asked}):
            rows = [at for at, each in enumerate(asked) if each.question == question]
            found[question] = self.heads[question](means[rows])
        return found

    def loss(self, batch: Sequence[Example], padding: int, taught: dict[str, Tensor] | None = None) -> Tensor:
        """Of a batch of windows: tags, general tags and questions, each the mean over what is asked.

        ``taught`` holds a teacher's probabilities by head, as :meth:`scores` are; they weigh as much as the annotation, and tell
        of what the annotation leaves open as well.
        """
        scores = self.scores(batch, padding)
        right, inside = answers_of(batch), _inside(batch)
        total = scores["tags"].sum() * 0.0
        for head, found in scores.items():
            known = right[head]
            if (known != IGNORED).any():
                total = total + _weight(head) * functional.cross_entropy(
                    found.flatten(0, -2), known.flatten(), ignore_index=IGNORED, label_smoothing=_SMOOTHING
                )
            if taught is not None:
                total = total + _weight(head) * _distance(found, taught[head], inside if head in _TAGGING else None)
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
        ids, mask = ids_of(batch, padding)
        return self.vectors(ids, mask)[mask.bool()]

    def take(self, teacher: Net, layers: Sequence[int]) -> None:
        """Begin as ``layers`` of a teacher, counted from the lowest, with its heads."""
        mine, theirs = self.encoder, teacher.encoder
        mine.embeddings.load_state_dict(theirs.embeddings.state_dict())
        for layer, taken in zip(mine.encoder.layer, layers, strict=True):
            layer.load_state_dict(theirs.encoder.layer[taken].state_dict())
        self.heads.load_state_dict(teacher.heads.state_dict())

    def to_heads(self, temperatures: dict[str, float] | None = None) -> Heads:
        """The heads for numpy."""

        def array(tensor: Tensor) -> Floats:
            return np.asarray(tensor.detach().float().cpu().numpy())

        return Heads(
            weights={name: array(head.weight) for name, head in self.heads.items()},
            biases={name: array(head.bias) for name, head in self.heads.items()},
            temperatures=temperatures or dict.fromkeys(self.heads, 1.0),
        )


def ids_of(batch: Sequence[Example], padding: int) -> tuple[Tensor, Tensor]:
    """(windows, pieces) of ids and of which of them are no padding."""
    ids = _padded([example.ids for example in batch], padding)
    return torch.from_numpy(ids).to(device()), _inside(batch)


def asked_of(batch: Sequence[Example]) -> list[Asked]:
    """What is asked about the spans of the windows, in order."""
    return [Asked(row, *each) for row, example in enumerate(batch) for each in example.asked]


def answers_of(batch: Sequence[Example]) -> dict[str, Tensor]:
    """The annotation by head, in the order of :meth:`Net.scores`; :data:`IGNORED` where there is none."""
    right = {
        "tags": torch.from_numpy(_padded([example.tags for example in batch], IGNORED)),
        "general": torch.from_numpy(_padded([example.general for example in batch], IGNORED)),
    }
    asked = asked_of(batch)
    for question in {each.question for each in asked}:
        right[question] = torch.tensor([each.answer for each in asked if each.question == question])
    return {head: known.to(device()) for head, known in right.items()}


def _padded(rows: Sequence[Ints], padding: int) -> Ints:
    found = np.full((len(rows), max(map(len, rows))), padding)
    for at, row in enumerate(rows):
        found[at, : len(row)] = row
    return found


def _inside(batch: Sequence[Example]) -> Tensor:
    return torch.from_numpy(_padded([np.ones_like(example.ids) for example in batch], 0)).to(device())


def _weight(head: str) -> float:
    if head in _TAGGING:
        return 1.0
    return _WEIGHT_OF_ARTICLE if head in ARTICLE_QUESTIONS else _WEIGHT_OF_QUESTIONS


def _distance(scores: Tensor, taught: Tensor, mask: Tensor | None) -> Tensor:
    """Mean divergence of the answers from the teacher's."""
    each = functional.kl_div(functional.log_softmax(scores, dim=-1), taught, reduction="none").sum(dim=-1)
    return each.mean() if mask is None else (each * mask).sum() / mask.sum()


def device() -> str:
    """Where torch computes: on a GPU when there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def _pool(asked: Sequence[Asked], vectors: Tensor) -> Tensor:
    """(asked, size) means of the spans' vectors, as one product: the gradient of many slices fills as many whole arrays."""
    windows, pieces, size = vectors.shape
    shares = np.zeros((len(asked), windows * pieces), dtype=np.float32)
    for at, each in enumerate(asked):
        first, last = (each.window * pieces + piece for piece in (each.first, each.last))
        shares[at, first:last] = 1 / (last - first)
    return torch.from_numpy(shares).to(vectors.device) @ vectors.reshape(-1, size)
