"""One module per kind of mention: patterns, a pure function, a spaCy factory. This is the shell that they share.

A recognizer finds mentions in the text of a doc and appends them to ``doc._.mentions``; overlaps between recognizers are
settled afterwards, by ``nlp.resolve``. Its factory reads its tables; importing the module reads nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from spacy.tokens import Doc

from nlp.types import Label, Mention

LIMA = ZoneInfo("America/Lima")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of a text before it is read."""

    published: datetime
    """Aware."""
    region: str | None = None
    """UBIGEO code of the area that the outlet, or its edition, writes for; ``None`` for national outlets."""
    section: str | None = None
    """Section of the outlet, as it names it."""

    @property
    def day(self) -> datetime:
        """Publication time in Lima."""
        return self.published.astimezone(LIMA)


Finder = Callable[[Doc], Iterable[Mention]]
Beliefs = dict[tuple[Label, int], Mapping[str, float]]
"""Probability of each role, by a mention's label and start."""

if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=None)
    """list[Mention]: what the recognizers found."""
    Doc.set_extension("beliefs", default=None)
    """Beliefs: how probable the rules hold each role of a mention, where they weigh it."""
    Doc.set_extension("context", default=None)
    """Context: set before the pipeline runs."""
    Doc.set_extension("triage", default=None)
    """Triage of the article."""
    Doc.set_extension("events", default=())
    """tuple[Event, ...]"""
    Doc.set_extension("claims", default=())
    """tuple[Claim, ...]"""


class Recognizer:
    """A spaCy component made of a pure function."""

    def __init__(self, find: Finder) -> None:
        self._find = find

    def __call__(self, doc: Doc) -> Doc:
        """Append what is found to ``doc._.mentions``."""
        mentions = doc._.mentions
        if mentions is None:
            mentions = doc._.mentions = []
        mentions.extend(self._find(doc))
        return doc


def beliefs_of(doc: Doc) -> Beliefs:
    """What the recognizers hold probable; empty where they weighed nothing."""
    beliefs: Beliefs | None = doc._.beliefs
    if beliefs is None:
        beliefs = doc._.beliefs = {}
    return beliefs


_TEXT = "vigia.text"


def text_of(doc: Doc) -> str:
    """The text of a doc, made once: ``doc.text`` joins all tokens anew at each use."""
    text: str | None = doc.user_data.get(_TEXT)
    if text is None:
        text = doc.user_data[_TEXT] = doc.text
    return text


def context_of(doc: Doc) -> Context:
    """The context that the doc was made with.

    Raises:
        ValueError: the doc was made without one; use ``nlp.extract.extract``.
    """
    context: Context | None = doc._.context
    if context is None:
        raise ValueError("the doc has no context: use nlp.extract.extract(), which sets the publication date")
    return context
