"""What the model answers: the labels of its tags and the questions that it is asked of a span.

The words are those of :mod:`nlp.types`. A model file carries the schema that it was trained with; one that differs from
this is refused, so that an answer is never read as another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from nlp.types import ArticleKind, BusinessRole, CountOf, Label, MoneyPeriod, MoneyRole, PersonRole, PlaceRole

MENTIONS = (
    Label.MONEY,
    Label.PLACE,
    Label.GANG,
    Label.BUSINESS,
    Label.PRISON,
    Label.PERSON,
    Label.METHOD,
    Label.DATE,
    Label.COUNT,
)
"""Our own labels that are tagged; crimes are read by rules alone."""
BY = " by "
"""Stands in the source of a mention right before the model that had a say in it."""
ROLE_BY = f", role{BY}"
"""After the rule that found a mention, before the model that told its role."""
PERIOD_BY = f", period{BY}"
"""The same, where it told how often a sum is due."""
GENERAL = ("PER", "LOC", "ORG", "MISC")
"""The classes of general corpora, tagged beside ours."""


@dataclass(frozen=True, slots=True)
class Tags:
    """A tagging scheme: O, then B and I of each label."""

    labels: tuple[str, ...]

    def __len__(self) -> int:
        return 1 + 2 * len(self.labels)

    def begin(self, label: str) -> int:
        """Number of the tag that begins a span of ``label``; the one after it goes on."""
        return 1 + 2 * self.labels.index(label)


@dataclass(frozen=True)
class Schema:
    """Tags and questions in the order of the model's outputs."""

    mentions: tuple[str, ...]
    general: tuple[str, ...]
    questions: dict[str, tuple[str, ...]]
    """Answers to each question asked of a span, or of the article."""

    @cached_property
    def tags(self) -> Tags:
        """Of our own labels."""
        return Tags(self.mentions)

    @cached_property
    def general_tags(self) -> Tags:
        """Of the general classes."""
        return Tags(self.general)

    def as_json(self) -> dict[str, object]:
        """As it stands in the manifest of a model file."""
        return {
            "mentions": list(self.mentions),
            "general": list(self.general),
            "questions": {question: list(answers) for question, answers in self.questions.items()},
        }


NO_PERIOD = "none"
"""The model's answer where nothing is said of how often a sum is due."""
PERIODS = "money_period"
SCHEMA = Schema(
    mentions=tuple(str(label) for label in MENTIONS),
    general=GENERAL,
    questions={
        "money_role": tuple(MoneyRole),
        PERIODS: (NO_PERIOD, *MoneyPeriod),
        "place_role": tuple(PlaceRole),
        "business_role": tuple(BusinessRole),
        "person_role": tuple(PersonRole),
        "count_of": tuple(CountOf),
        "in_event": ("no", "yes"),
        "relevant": ("no", "yes"),
        "kind": tuple(ArticleKind),
    },
)
ARTICLE_QUESTIONS = ("relevant", "kind")
"""Questions that are asked of the article as a whole."""
ROLE_QUESTIONS = {
    Label.MONEY: "money_role",
    Label.PLACE: "place_role",
    Label.BUSINESS: "business_role",
    Label.PERSON: "person_role",
    Label.COUNT: "count_of",
}
"""The question that tells the role of a mention."""
