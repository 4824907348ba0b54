"""Gangs and people that the model alone sees -> mentions, named, linked and with a role as those of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Doc

from nlp.phrases import Covered, words_of
from nlp.recognizers import text_of
from nlp.recognizers.gangs import regions_named
from nlp.recognizers.gangs.cues import Cue, heads
from nlp.recognizers.gangs.registry import key_of, link, registry
from nlp.recognizers.persons import People
from nlp.sentences import sentence_spans
from nlp.transformer.seen import Seen
from nlp.transformer.trust import Trust
from nlp.types import Gang, Label, Mention, Person

_AROUND = " \n“”\"«»‘’'.,;:()"
_MOST_SURE = 0.97
_FEWEST_WORDS = {Label.GANG: 1, Label.PERSON: 2}
_LONGEST = 80
_OF_GANGS = frozenset({Cue.HEAD, Cue.BAND, Cue.GROUP, Cue.MEMBER, Cue.FOLLOWER, Cue.NAMING})
"""What must stand near a gang that the model alone sees, in its sentence: newspapers and nicknames look like gangs to it (real texts)."""
_NEAR_CUE = 60
"""Characters."""


def added(doc: Doc, seen: Iterable[Seen], trust: Trust, model: str) -> Iterator[Mention]:
    """Mentions for the spans that the model is sure enough of, where the rules have found no name; roles are the rules' yet."""
    text = text_of(doc)
    taken = Covered(len(text), ((m.start, m.end) for m in doc._.mentions if m.label in _FEWEST_WORDS))
    sure = [span for span in (_bare(text, each) for each in seen) if span.score >= trust.add_above.get(span.label, 2.0)]
    fresh = [
        span
        for span in sure
        if _is_name(text[span.start : span.end], span.label) and not taken.meets(span.start, span.end)
    ]
    regions = regions_named(doc, text, [])
    names = _fullest(text, fresh, doc)
    people: People | None = None
    for span in fresh:
        words = text[span.start : span.end]
        if span.label == Label.PERSON:
            people = people or People(doc)
            if people.is_nobody(span.start, span.end):
                continue
            value: Gang | Person = people.at(span.start, span.end)
        elif key_of(words) in registry().not_gangs or not _speaks_of_gangs(doc, span):
            continue
        else:
            name = names.get(key_of(words), words)
            row = link(key_of(name), regions) or link(key_of(words), regions)
            value = Gang(name=name, id=row.id if row else None)
        yield Mention(
            label=Label(span.label),
            start=span.start,
            end=span.end,
            text=words,
            value=value,
            source=f"transformer/{model}",
            score=round(min(span.score, _MOST_SURE), 2),
        )


def _bare(text: str, span: Seen) -> Seen:
    """The span without quotes and marks around it."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip(_AROUND))
    return replace(span, start=start, end=max(start, span.start + len(words.rstrip(_AROUND))))


def _is_name(words: str, label: str) -> bool:
    """Whether the words can be a name: capitalised, on one line, of a name's length."""
    return (
        label in _FEWEST_WORDS
        and "\n" not in words
        and len(words) <= _LONGEST
        and len(words.split()) >= _FEWEST_WORDS[Label(label)]
        and any(word[:1].isupper() for word in words.split())
    )


def _speaks_of_gangs(doc: Doc, span: Seen) -> bool:
    start, end = next((s for s in sentence_spans(doc) if s[0] <= span.start < s[1]), (0, 0))
    start, end = max(start, span.start - _NEAR_CUE), min(end, span.end + _NEAR_CUE)
    return any(
        start <= cue.start < end and not span.start <= cue.start < span.end and cue.value & _OF_GANGS
        for cue in heads().find(words_of(text_of(doc)))
    )


def _fullest(text: str, fresh: Iterable[Seen], doc: Doc) -> dict[str, str]:
    """Key of a gang's name -> the only longer name in the article that begins with it."""
    names = {m.value.name for m in doc._.mentions if isinstance(m.value, Gang)}
    names |= {text[span.start : span.end] for span in fresh if span.label == Label.GANG}
    keys = {key_of(name): name for name in sorted(names)}
    longer = {key: [name for other, name in keys.items() if other.startswith(f"{key} ")] for key in keys}
    return {key: found[0] for key, found in longer.items() if len(found) == 1}
