"""What each sentence is and how it says things: title, heading or aside; alleged, threatened, denied; background.

The qualifier sets ``doc._.sentences``; events and claims are assembled from these. Cue phrases stand in
``nlp/data/modality_cues.csv``; a negation reaches over the next few words of its clause only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from nlp.furniture import Furniture, find_furniture
from nlp.lexicon import LexiconError, read_table
from nlp.patterns import PatternTable
from nlp.phrases import PhraseTable, words_of
from nlp.recognizers import text_of
from nlp.sentences import sentence_spans
from nlp.types import Mention, Modality, Polarity

_HEADING_LENGTH = 90
_NEGATION_REACH = 28
_CLAUSE_END = re.compile(r"[,;:.()—]| y | pero | sino ")
_TAKES_UP = re.compile(
    r"(?:no [^\W\d_]+[ai]d[oa]s?|sin (?!que|haber|llegar|causar|dejar|ser|ningun[oa]?|m[aá]s)[^\W\d_]+)\b",
    re.IGNORECASE,
)
"""A negation that its next word takes up: "sujetos no identificados dispararon", "sin mediar palabra lo mataron"."""


_MONTH = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|set?iembre|octubre|noviembre|diciembre)"
_AGGREGATE = PatternTable(
    [
        rf"(?:(?:entre|de|desde) {_MONTH}(?: de(?:l)? 20\d\d)? (?:y|a|hasta) {_MONTH}|desde {_MONTH}|(?:primer|segundo|tercer|ultimo) (?:bi|tri|cuatri|se)mestre|"
        r"durante (?:el )?(?:ano )?20\d\d|es[et]e ano|ano pasado|ano anterior|en lo que va|(?:al|por) (?:ano|dia|mes|semana)|diari[oa]s|mensual\w*|anual\w*|(?<!el )(?<!un )registr\w+|cifras?|estadistic\w*|acumul\w+"
        r"|conteo|balance|encuesta|sum(?:o|an|aron|a)|en (?:el )?(?:ano )?20\d\d|en \w+ (?:anos|meses)|cada ano|entre \w+ y \w+ de(?:l)? 20\d\d"
        r"|ultim[oa]s (?:\w+ )?(?:meses|anos|semanas)|desde (?:el )?(?:ano )?(?:enero|20\d\d)|en total|promedio|a nivel nacional"
        r"|en (?:todo )?el (?:peru|pais)|en todo el territorio|\d+ (?:presuntas |supuestas )?(?:bandas|organizaciones)|se le atribuyen|llevarian su sello|de enero a|al cierre de)\b"
    ]
)
_MODALITIES = frozenset(modality.value for modality in Modality)


@lru_cache(maxsize=256)
def tells_of_many(folded_sentence: str) -> bool:
    """Whether the figures of a sentence are over many events. The last answers are kept: many steps ask."""
    return _AGGREGATE.search(words_of(folded_sentence)) is not None


class Zone(StrEnum):
    """Part of the article that a sentence belongs to."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    ASIDE = "aside"
    """A pointer to another article ("LEE TAMBIÉN: …") or a promotion; says nothing about this one."""


class Says(StrEnum):
    """What a cue phrase says of its sentence."""

    ALLEGED = "alleged"
    THREATENED = "threatened"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    BACKGROUND = "background"
    NOTHING = "nothing"
    """It holds a word of another cue and says nothing: who "se negó a pagar" has refused, not denied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A cue phrase in the text."""

    start: int
    end: int
    says: Says


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sentence:
    """A sentence with its mentions and the cues of how it says things.

    It is equal to itself only: what is told of a sentence is remembered for it.
    """

    index: int
    start: int
    end: int
    paragraph: int
    """Number of the line that it stands in; the title is 0."""
    zone: Zone
    mentions: tuple[Mention, ...]
    cues: tuple[Cue, ...]

    @property
    def background(self) -> bool:
        """Whether it tells what went before, or its paragraph has begun to."""
        return any(cue.says is Says.BACKGROUND for cue in self.cues)

    def modality(self, mention: Mention) -> Modality:
        """How a thing in this sentence is presented: the cue nearest before it, else an allegation anywhere.

        An allegation inside a threat or a supposition does not undo it: "se cree que fue un presunto cobro de cupos".
        """
        before = [cue for cue in self.cues if cue.start < mention.end and cue.says.value in _MODALITIES]
        if before:
            return Modality(max(before, key=lambda cue: (cue.says is not Says.ALLEGED, cue.start)).says.value)
        alleged = any(cue.says is Says.ALLEGED for cue in self.cues)
        return Modality.ALLEGED if alleged else Modality.ASSERTED

    def polarity(self, mention: Mention, text: str) -> Polarity:
        """Whether a thing in this sentence is denied: a negation shortly before it in the same clause."""
        for cue in self.cues:
            gap = text[cue.end : mention.start]
            if (
                cue.says is Says.NEGATED
                and cue.end <= mention.start
                and len(gap) <= _NEGATION_REACH
                and not _CLAUSE_END.search(gap)
                and not _is_taken_up(text, cue, mention)
            ):
                return Polarity.NEGATIVE
        return Polarity.POSITIVE


def _is_taken_up(text: str, cue: Cue, mention: Mention) -> bool:
    taken = _TAKES_UP.match(text, cue.start)
    return taken is not None and taken.end() <= mention.start


@lru_cache(maxsize=1)
def _phrases() -> PhraseTable[Says]:
    rows = list(read_table("modality_cues.csv", frozenset({"phrase", "says"})))
    for row in rows:
        if row["says"] not in tuple(Says):
            raise LexiconError(
                f"nlp/data/modality_cues.csv: {row['phrase']!r} says {row['says']!r}, not one of {[*Says]}"
            )
    return PhraseTable([(row["phrase"], Says(row["says"])) for row in rows])


def qualify(text: str, spans: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> tuple[Sentence, ...]:
    """The sentences of a text. ``spans`` are their offsets in order, ``mentions`` in text order."""
    cues = [Cue(start=f.start, end=f.end, says=f.value) for f in _phrases().find(words_of(text))]
    sentences: list[Sentence] = []
    paragraph = 0
    asides = [(s.start, s.end) for s in find_furniture(text) if s.kind is not Furniture.CREDIT]
    title_end = text.find("\n") if "\n" in text else len(text)
    next_mention = next_cue = 0
    for index, (start, end) in enumerate(spans):
        first_mention, first_cue = next_mention, next_cue
        while next_mention < len(mentions) and mentions[next_mention].start < end:
            next_mention += 1
        while next_cue < len(cues) and cues[next_cue].start < end:
            next_cue += 1
        zone = _zone(text, start, end, title_end, asides)
        goes_on = bool(sentences) and sentences[-1].paragraph == paragraph and zone is Zone.BODY
        inherited = [cue for cue in sentences[-1].cues if cue.says is Says.BACKGROUND] if goes_on else []
        sentences.append(
            Sentence(
                index=index,
                start=start,
                end=end,
                paragraph=paragraph,
                zone=zone,
                mentions=tuple(mentions[first_mention:next_mention]),
                cues=(*inherited, *cues[first_cue:next_cue]),
            )
        )
        if "\n" in text[start:end]:
            paragraph += 1
    return tuple(sentences)


def _zone(text: str, start: int, end: int, title_end: int, asides: Sequence[tuple[int, int]]) -> Zone:
    line = text[start:end].strip()
    if start <= title_end:
        return Zone.TITLE
    if any(first <= start + 1 < last for first, last in asides):
        return Zone.ASIDE
    alone = text[start - 1] == "\n" and (end >= len(text) or "\n" in text[start:end])
    if alone and len(line) <= _HEADING_LENGTH and not line.endswith((".", "”", "»", '"', ":", ";")):
        return Zone.HEADING
    return Zone.BODY


class Qualifier:
    """Sets ``doc._.sentences``."""

    def __call__(self, doc: Doc) -> Doc:
        """Qualify the sentences of ``doc``."""
        spans = sentence_spans(doc)
        doc._.sentences = qualify(text_of(doc), spans, doc._.mentions)
        return doc


@Language.factory("qualifier")
def create(nlp: Language, name: str) -> Qualifier:
    """Make the component; reads the cue phrases."""
    del nlp, name
    _phrases()
    return Qualifier()


if not Doc.has_extension("sentences"):
    Doc.set_extension("sentences", default=())
    """tuple[Sentence, ...]: set by the qualifier."""
