"""Which numbers of an article count something that it tells."""

from __future__ import annotations

import pytest

from nlp.counting import LIKELY, VERDICTS, count_weights
from nlp.types import Count, CountOf, Extraction, Label, Mention
from tests.nlp.conftest import Read

PUBLISHED = "2025-10-15T08:00:00-05:00"
ARTICLE = """Comas: caen tres sujetos que baleaban bodegas

    La Policía detuvo la noche del lunes en Comas a tres sujetos que habían efectuado siete disparos contra una bodega. En su
    auto se incautaron dos pistolas y 40 municiones. Un cliente resultó herido.

    La dueña, que lleva quince años en el barrio, atiende de seis a diez. Dejaremos dos muertos, decía la nota.

    LEE TAMBIÉN: Callao: cuatro muertos en una balacera"""


def counts(found: Extraction) -> list[Mention]:
    return [mention for mention in found.mentions if mention.label is Label.COUNT]


def test_what_happened_is_counted(read: Read) -> None:
    told = {(m.value.value, str(m.value.of)) for m in counts(read(PUBLISHED, ARTICLE)) if isinstance(m.value, Count)}
    assert {(3, "arrested"), (7, "shots"), (2, "other"), (40, "other")} <= told


def test_years_hours_threats_and_other_articles_are_not(read: Read) -> None:
    found = counts(read(PUBLISHED, ARTICLE))
    assert not {"quince", "seis", "diez", "cuatro"} & {mention.text for mention in found}
    assert [m.text for m in found if isinstance(m.value, Count) and m.value.of is CountOf.DEAD] == []


def test_the_score_of_a_count_is_its_likelihood(read: Read) -> None:
    scores = [mention.score for mention in counts(read(PUBLISHED, ARTICLE))]
    assert all(LIKELY <= score <= 1.0 for score in scores)
    assert max(scores) > 0.8


def test_unknown_features_say_nothing() -> None:
    (row,) = count_weights().probabilities([{"never seen": 1.0}])
    assert row.tolist() == pytest.approx([1 / len(VERDICTS)] * len(VERDICTS))
