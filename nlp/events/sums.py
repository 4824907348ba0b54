"""The sums of an event: of the roles that such an event has, and not those of other events or of officials' favours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

from nlp.events.kinds import Told
from nlp.events.officials import OFFICE
from nlp.events.scenes import Scene, is_title
from nlp.qualify import Sentence
from nlp.types import Gang, Mention, Money, MoneyRole

Found = tuple[Money, Mention]

_ROLES = {
    "extortion": (
        MoneyRole.DEMANDED,
        MoneyRole.PAID,
        MoneyRole.SEIZED,
        MoneyRole.DAMAGE,
        MoneyRole.INCOME,
        MoneyRole.LOAN,
    ),
    "kidnapping": (MoneyRole.RANSOM, MoneyRole.DEMANDED, MoneyRole.PAID, MoneyRole.SEIZED),
    "killing": (MoneyRole.CONTRACT_KILLING, MoneyRole.STOLEN, MoneyRole.SEIZED),
    "robbery": (MoneyRole.STOLEN, MoneyRole.SEIZED, MoneyRole.DAMAGE, MoneyRole.INCOME),
    "arms": (MoneyRole.SEIZED, MoneyRole.DAMAGE),
    "prison": (MoneyRole.PAID, MoneyRole.SEIZED),
}
"""By family of crime; what is asked of a victim beside a robbery or a killing is an extortion's."""
_PASSED_ON = (MoneyRole.DEMANDED, MoneyRole.PAID)
_ANY_ROLE = (
    MoneyRole.DEMANDED,
    MoneyRole.PAID,
    MoneyRole.RANSOM,
    MoneyRole.STOLEN,
    MoneyRole.SEIZED,
    MoneyRole.DAMAGE,
    MoneyRole.INCOME,
    MoneyRole.LOAN,
)
_USUAL = re.compile(
    r"\b(?:promedio|casos anteriores|anteriores (?:casos|secuestros|víctimas)|otr[oa]s (?:\w+ )?(?:casos|v[ií]ctimas|secuestros|plagios)"
    r"|aquella oportunidad|más frecuente|más alto|años (?:ochenta|noventa)|suele[ns]?|sol[ií]an?|hasta hace|d[eé]cada|la modalidad (?:es|consiste)|(?:sumas|montos|cupos)(?: de dinero)? que var[ií]an)\b",
    re.IGNORECASE,
)
"""In a sentence: its sums are those of many events, or of other ones."""
_RATES = re.compile(
    r"\b(?:cobros|cuotas|pagos|tarifas|pedidos|exigencias|montos|cupos)(?: (?:que )?[^\W\d_]+){0,3} (?:oscila\w*|fluct[uú]a\w*|van|iban) (?:de|desde|entre)\b",
    re.IGNORECASE,
)
"""In a sentence: its sums are those that are commonly asked for, and of an event of which no others are told."""
_FOR_A_FAVOUR = re.compile(
    r"[^.;]{0,60}?\b(?:a cambio de|por|para)\s+(?:\w+ )?(?:avis|alert|inform|filtr|no interven|no actuar|mirar|dejar|permit|facilit|liber|proteg|ingres|aceler|agiliz|archiv)",
    re.IGNORECASE,
)
_FAVOUR_FOR = re.compile(r"\ba cambio de (?:\w+ ){0,2}$", re.IGNORECASE)
"""After, and before, what officials took for a favour, in a sentence that names one."""
_CONVERSION = re.compile(r"\((?:unos |casi |cerca de |aproximadamente |equivalente[s]? a )?$")


def sums_of(scene: Scene, told: Told, text: str, gangs: Set[Gang], *, alone: bool) -> list[Found]:
    """The sums of an event of these ``gangs``, each once. ``alone``: it is the scene's only event."""
    not_its_own = [s for s in scene.sentences if _is_of_others(s, gangs) or _USUAL.search(text, s.start, s.end)]
    own = (found for found in _in_roles(scene, told, text, alone=alone) if not _inside(found[1], not_its_own))
    sums = _said_once(list(own))
    rates = [sentence for sentence in scene.sentences if _RATES.search(text, sentence.start, sentence.end)]
    kept = [found for found in sums if not _inside(found[1], rates)]
    return kept if any(value.role in _PASSED_ON for value, _ in kept) else sums


def _in_roles(scene: Scene, told: Told, text: str, *, alone: bool) -> Iterator[Found]:
    """Sums of the roles that such an event has; a conversion in brackets is the same sum."""
    if not told.first and told.family != "extortion":
        return
    roles = _ROLES.get(told.family, _ANY_ROLE)
    if alone and told.family == "killing":
        roles = (*_ANY_ROLE, MoneyRole.CONTRACT_KILLING)
    seen = set()
    for mention in scene.mentions:
        value = mention.value
        if not isinstance(value, Money) or value.role not in roles:
            continue
        key = (value.min, value.max, value.currency)
        converted = _CONVERSION.search(text[max(0, mention.start - 20) : mention.start])
        if key in seen or converted or (told.family in _ROLES and _is_bribe(value, mention, scene, text)):
            continue
        seen.add(key)
        yield value, mention


def _is_bribe(value: Money, mention: Mention, scene: Scene, text: str) -> bool:
    """Whether a sum is what an official took for a favour, such as a warning: it is none of what victims paid."""
    if value.role not in (MoneyRole.PAID, MoneyRole.DEMANDED):
        return False
    sentence = next(s for s in scene.sentences if s.start <= mention.start < s.end)
    before = text[sentence.start : mention.start]
    if not OFFICE.search(before):
        return False
    return bool(_FAVOUR_FOR.search(before) or _FOR_A_FAVOUR.match(text, mention.end, sentence.end))


def _said_once(sums: list[Found]) -> list[Found]:
    """Sums without those of an open bound that another of their role gives as it is: "no menos de diez mil"."""
    exact = {(value.min, value.currency, value.role) for value, _ in sums if value.min == value.max}

    def is_given(value: Money) -> bool:
        bounds = [bound for bound in (value.min, value.max) if bound is not None]
        return len(bounds) == 1 and (bounds[0], value.currency, value.role) in exact

    return [(value, mention) for value, mention in sums if not is_given(value)]


def _is_of_others(sentence: Sentence, gangs: Set[Gang]) -> bool:
    """Whether a sentence in the body tells of other gangs than those of the event."""
    named = {mention.value for mention in sentence.mentions if isinstance(mention.value, Gang)}
    return bool(gangs and named) and not named & gangs and not is_title(sentence)


def _inside(mention: Mention, sentences: Iterable[Sentence]) -> bool:
    return any(sentence.start <= mention.start < sentence.end for sentence in sentences)
