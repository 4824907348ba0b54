"""An article as its figures ask for it: its parts, its paragraphs and whom its sentences name, each read once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from nlp.claims.sources import named_speaker, speaks
from nlp.claims.times import names_month
from nlp.phrases import words_of
from nlp.qualify import Sentence, Zone
from nlp.types import Label

_NAMES = (Label.PLACE, Label.GANG, Label.PRISON, Label.BUSINESS)
_BLOT = "·"
_DIGIT = re.compile(r"\d")
_NEAR = 60
"""Of a paragraph so many sentences on each side of a figure are asked: none of the press has more, and the time is linear."""


class Article:
    """Sentences with what is told of them; equal to itself only, so that what is found out of it can be remembered."""

    def __init__(self, sentences: Sequence[Sentence], text: str, today: date, region: str | None) -> None:
        self.sentences, self.text = sentences, text
        self.today, self.region = today, region
        """Day of publication in Lima, and what the outlet writes for."""
        self.folded = words_of(text).folded
        self._speakers: dict[int, str | None] = {}
        self._dated: dict[int, str] = {}

    def told(self, sentence: Sentence) -> str:
        """A sentence, folded."""
        return self.folded[sentence.start : sentence.end]

    def dated(self, sentence: Sentence) -> str:
        """A sentence, folded, names that hold a month or a number blotted out: "Veintiséis de Octubre" tells no time."""
        if sentence.index not in self._dated:
            self._dated[sentence.index] = self._without_months(sentence)
        return self._dated[sentence.index]

    def _without_months(self, sentence: Sentence) -> str:
        told = self.told(sentence)
        for mention in sentence.mentions:
            first, last = mention.start - sentence.start, mention.end - sentence.start
            if mention.label in _NAMES and (_DIGIT.search(told, first, last) or names_month(told[first:last])):
                told = told[:first] + _BLOT * (last - first) + told[last:]
        return told

    @cached_property
    def titles(self) -> Sequence[Sentence]:
        """The sentences of the title."""
        return [sentence for sentence in self.sentences if sentence.zone is Zone.TITLE]

    @cached_property
    def body(self) -> Sequence[Sentence]:
        """The sentences of the body."""
        return [sentence for sentence in self.sentences if sentence.zone is Zone.BODY]

    @cached_property
    def _paragraphs(self) -> dict[int, tuple[int, int]]:
        """Indices of the first sentence of each paragraph, and of the one behind its last."""
        found: dict[int, tuple[int, int]] = {}
        for sentence in self.sentences:
            first = found.get(sentence.paragraph, (sentence.index, 0))[0]
            found[sentence.paragraph] = first, sentence.index + 1
        return found

    def paragraph_span(self, here: Sentence) -> tuple[int, int]:
        """Offsets of the paragraph of a sentence."""
        first, end = self._paragraphs[here.paragraph]
        return self.sentences[first].start, self.sentences[end - 1].end

    def before(self, here: Sentence) -> Sequence[Sentence]:
        """The sentences before one in its paragraph, nearest first."""
        first = max(self._paragraphs[here.paragraph][0], here.index - _NEAR)
        return self.sentences[first : here.index][::-1]

    def after(self, here: Sentence) -> Sequence[Sentence]:
        """The sentences behind one in its paragraph."""
        end = min(self._paragraphs[here.paragraph][1], here.index + 1 + _NEAR)
        return self.sentences[here.index + 1 : end]

    def section(self, here: Sentence) -> Sequence[Sentence]:
        """The sentences between the last heading and one, itself included; none when there is no heading before it."""
        first = self._headed[here.index]
        return self.sentences[max(first, here.index - _NEAR) : here.index + 1] if first is not None else ()

    @cached_property
    def _headed(self) -> Sequence[int | None]:
        """For each sentence the index of the one behind the last heading before it."""
        found: list[int | None] = []
        last: int | None = None
        for sentence in self.sentences:
            found.append(last)
            last = sentence.index + 1 if sentence.zone is Zone.HEADING else last
        return found

    def speaker_in(self, sentence: Sentence) -> str | None:
        """The speaker that a sentence names by its cue words."""
        if sentence.index not in self._speakers:
            self._speakers[sentence.index] = named_speaker(sentence, self.text)
        return self._speakers[sentence.index]

    @cached_property
    def first_source(self) -> Sentence | None:
        """The first sentence of the body in which a source speaks, else the first that names one."""
        named = [sentence for sentence in self.body if self.speaker_in(sentence)]
        return next((s for s in named if speaks(self.text[s.start : s.end])), next(iter(named), None))
