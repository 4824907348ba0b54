"""The model's place in the pipeline: after the recognizers, before their overlaps are settled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from spacy.language import Language
from spacy.tokens import Doc

from nlp.recognizers import beliefs_of, text_of
from nlp.recognizers.persons.parties import agreed
from nlp.recognizers.places.told import agreed_places
from nlp.transformer.arbiter import Read, arbitrate
from nlp.transformer.names import added
from nlp.transformer.seen import Seen
from nlp.transformer.sums import added_sums
from nlp.transformer.trust import Trust
from nlp.types import ModelVersion

NAME = "transformer_entities"


class ReadsSpans(Read, Protocol):
    """What the component asks of a reading."""

    def spans(self) -> Iterable[Seen]:
        """Mentions that the model sees by itself."""


class ReadsTexts(Protocol):
    """A model that reads texts (``reading.Reader``, ``hub.HubReader``)."""

    @property
    def version(self) -> ModelVersion:
        """Its name and version."""

    def read(self, text: str) -> ReadsSpans:
        """Read one text."""


class TransformerEntities:
    """Fuses what the model reads with the mentions of the rules, by ``trust``."""

    def __init__(self, reader: ReadsTexts, trust: Trust) -> None:
        self.reader, self.trust = reader, trust

    def __call__(self, doc: Doc) -> Doc:
        """Replace ``doc._.mentions`` by those that stand."""
        read, model = self.reader.read(text_of(doc)), self.reader.version.name
        doc._.mentions = list(arbitrate(doc._.mentions, read, self.trust, model, beliefs_of(doc)))
        seen = list(read.spans())
        names = arbitrate(added(doc, seen, self.trust, model), read, self.trust, model)
        doc._.mentions.extend([*names, *added_sums(doc, seen, read, self.trust, model)])
        doc._.mentions = list(agreed(list(agreed_places(doc._.mentions, text_of(doc))), text_of(doc)))
        return doc


@Language.factory(NAME, default_config={"ner_model": None, "ner_labels": {}})
def create(nlp: Language, name: str, ner_model: str | None, ner_labels: dict[str, str]) -> TransformerEntities:
    """Make the component with the model that ships, or with a token classification model of the transformers library.

    Raises:
        nlp.transformer.store.TransformerError: the model cannot be used; the message tells why.
    """
    del nlp, name
    from nlp.transformer.trust import trust

    if ner_model is None:
        from nlp.transformer.reading import Reader
        from nlp.transformer.store import read_shipped

        return TransformerEntities(Reader(read_shipped()), trust())
    from nlp.transformer.hub import HubReader

    return TransformerEntities(HubReader(ner_model, ner_labels), trust())
