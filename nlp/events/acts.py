"""What in a sentence is part of something that was done, as against a comment on it."""

from __future__ import annotations

from nlp.qualify import Sentence
from nlp.types import Count, CountOf, Crime, Mention, Method, Money, MoneyRole

ACT_MONEY = (
    MoneyRole.DEMANDED,
    MoneyRole.PAID,
    MoneyRole.RANSOM,
    MoneyRole.STOLEN,
    MoneyRole.SEIZED,
    MoneyRole.LOAN,
)
_ACT_COUNTS = (CountOf.DEAD, CountOf.INJURED, CountOf.ARRESTED, CountOf.KIDNAPPED)
_ACT_METHODS = ("arma_", "explosivo_", "incendio", "amenaza_", "secuestro_")
_STRIKES = ("arma_", "explosivo_", "incendio")
_ATTACKS = frozenset(
    {
        "homicidio_tentativa",
        "lesiones_graves",
        "danos",
        "tenencia_explosivos",
        "sicariato",
        "homicidio",
        "homicidio_calificado",
    }
)
KILLINGS = frozenset({"homicidio", "homicidio_calificado", "sicariato", "feminicidio", "parricidio"})


def tells_act(sentence: Sentence) -> bool:
    """Whether a sentence tells something that was done, as against a comment on it."""
    return any(is_act(mention) for mention in sentence.mentions)


def tells_crime(sentence: Sentence) -> bool:
    """Whether a sentence tells a crime or who was caught, killed or hurt, as against sums and means alone."""
    return any(isinstance(mention.value, Crime | Count) and is_act(mention) for mention in sentence.mentions)


def is_act(mention: Mention) -> bool:
    """Whether a mention is part of something that was done."""
    match mention.value:
        case Crime():
            return mention.source.endswith("trigger")
        case Money(role=role):
            return role in ACT_MONEY
        case Count(of=of):
            return of in _ACT_COUNTS
        case Method(type=kind):
            return kind.startswith(_ACT_METHODS)
        case _:
            return False


def strikes(sentence: Sentence) -> bool:
    """Whether a sentence tells an attack with arms, explosives or fire, or a killing."""
    return any(is_strike(mention) for mention in sentence.mentions)


def is_strike(mention: Mention) -> bool:
    """Whether a mention is an attack or its means."""
    match mention.value:
        case Method(type=kind):
            return kind.startswith(_STRIKES)
        case Crime(type=kind):
            return is_act(mention) and kind in _ATTACKS
        case _:
            return False


def triggers(sentence: Sentence) -> set[str]:
    """Types of the crimes that a sentence tells as done."""
    return {m.value.type for m in sentence.mentions if isinstance(m.value, Crime) and is_act(m)}
