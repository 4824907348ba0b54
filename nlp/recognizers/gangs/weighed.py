"""Whether a string is a gang's name, by all that is seen of it: the judgement by cues, its shape, the words around it.

``nlp/data/gang_name_weights.csv`` says what each feature speaks for; ``python -m training.fit_roles gang`` fits it.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from functools import lru_cache

from nlp.recognizers.gangs.cues import stems
from nlp.recognizers.gangs.evidence import Surroundings, cues_after, cues_before, is_proper, known_without_cue
from nlp.recognizers.gangs.names import Name
from nlp.recognizers.gangs.registry import registry
from nlp.recognizers.situation import Neighbours, company, situation
from nlp.types import Triage
from nlp.weighing import Features, Weights, read_weights, words_around


class Verdict(StrEnum):
    """What a string is."""

    GANG = "gang"
    NOT = "not"


VERDICTS = tuple(Verdict)


@lru_cache(maxsize=1)
def gang_weights() -> Weights[Verdict]:
    """The weights that ship.

    Raises:
        LexiconError: the table is missing or malformed.
    """
    return read_weights("gang_name_weights.csv", VERDICTS)


def name_features(
    name: Name, judged: float, around: Surroundings, mentions: Neighbours, triage: Triage | None
) -> Features:
    """The features of one string; ``judged`` is what :func:`~nlp.recognizers.gangs.evidence.judge` says of it."""
    words = around.words
    at = bisect_right(around.sentence_starts, name.start)
    begin = around.sentence_starts[at - 1] if at else 0
    end = around.sentence_starts[at] if at < len(around.sentence_starts) else len(words.text)
    parts = name.key.split()
    shape = "plural" if name.plural else "article" if name.article else "none"
    other = registry().other_thing(name.key)
    return {
        **words_around(words, name.start, name.end, (begin, end)),
        **situation(words.text, name.start, name.end, triage),
        **company(mentions.within(begin, end), name.start, name.end, (begin, end)),
        **{f"before:{cue}": 1.0 for cue in cues_before(name, around)},
        **{f"after:{cue}": 1.0 for cue in cues_after(name, around)},
        "judged": min(max(judged, 0.0), 1.0),
        f"judged:{round(judged, 1)}": 1.0,
        f"shape:{shape}:{name.quoted}:{name.bare}": 1.0,
        f"words:{min(len(parts), 4)}": 1.0,
        f"first:{parts[0] if parts else ''}": 1.0,
        f"last:{parts[-1] if parts else ''}": 1.0,
        f"stem:{bool(parts) and parts[0] in stems()}": 1.0,
        f"proper:{is_proper(name, around)}": 1.0,
        f"capitals:{name.text.isupper()}": 1.0,
        f"of_place:{' de ' in name.text or ' del ' in name.text}": 1.0,
        f"in_place:{around.places.meets(name.start, name.end)}": 1.0,
        f"known:{known_without_cue(name.key, around)}": 1.0,
        f"registered:{name.key in registry().rows}": 1.0,
        f"other:{other}": 1.0,
    }
