"""Any token classification model of the transformers library instead of ours: ``VIGIA_NER_MODEL=folder or hub name``.

Such a model knows names, not roles: it adds people and gangs that the rules have missed, and takes nothing away. It needs the extra
``torch``; nothing of it is imported unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nlp.transformer.schema import SCHEMA
from nlp.transformer.seen import Seen
from nlp.transformer.store import TransformerError
from nlp.types import ModelVersion

DEFAULT_LABELS = {"PER": "PERSON", "PERS": "PERSON", "PERSON": "PERSON", "GANG": "GANG"}
"""What the labels of common models mean here; others mean nothing."""
_STRIDE = 32


class HubReading:
    """What such a model sees in one text."""

    def __init__(self, seen: list[Seen]) -> None:
        self._seen = seen

    def support(self, start: int, end: int, label: str) -> float:
        """It has no say about mentions of the rules: always 1."""
        del start, end, label
        return 1.0

    def answers(self, question: str, start: int, end: int) -> dict[str, float]:
        """It answers no questions."""
        del question, start, end
        return {}

    def spans(self) -> list[Seen]:
        """The mentions that it sees, in text order."""
        return self._seen


class HubReader:
    """A model loaded through transformers."""

    def __init__(self, name: str, labels: Mapping[str, str]) -> None:
        """``labels``: label of the model -> label of ours, instead of :data:`DEFAULT_LABELS`.

        Raises:
            TransformerError: the extra is not installed, there is no such model, or a label is not one of ours.
        """
        self._labels = dict(labels) or DEFAULT_LABELS
        if strange := sorted(set(self._labels.values()) - set(SCHEMA.mentions)):
            raise TransformerError(
                f"nlp.ner_labels: {', '.join(strange)} is no label; these are: {', '.join(SCHEMA.mentions)}"
            )
        try:
            import torch
            import transformers
        except ImportError as error:
            raise TransformerError(f"VIGIA_NER_MODEL needs the extra: pip install 'vigia[torch]' ({error})") from error
        torch.set_num_threads(1)
        try:
            self._pipeline: Any = transformers.pipeline(
                "token-classification", model=name, aggregation_strategy="simple", stride=_STRIDE, device=-1
            )
        except Exception as error:  # transformers raises OSError, ValueError, KeyError and others of its own
            raise TransformerError(f"VIGIA_NER_MODEL={name} cannot be loaded: {error}") from error
        if not (set(self._labels) & self._own_labels()):
            told = ", ".join(sorted(self._own_labels()))
            raise TransformerError(f"VIGIA_NER_MODEL={name} tells {told}; map them to ours in nlp.ner_labels")
        revision = getattr(self._pipeline.model.config, "_commit_hash", None)
        self.version = ModelVersion(name=name, version=str(revision or transformers.__version__))

    def _own_labels(self) -> set[str]:
        return {
            label.removeprefix("B-").removeprefix("I-") for label in self._pipeline.model.config.id2label.values()
        } - {"O"}

    def read(self, text: str) -> HubReading:
        """Read one text; long ones in windows with overlap."""
        found = self._pipeline(text) if text.strip() else []
        return HubReading(
            [
                Seen(int(row["start"]), int(row["end"]), self._labels[row["entity_group"]], float(row["score"]))
                for row in found
                if row["entity_group"] in self._labels
            ]
        )
