"""Numbers without a unit that are money all the same: ``le pidieron 5 mil``, ``quitarle medio millón``."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.recognizers.money.tables import Tables

_VERB_REACH = 60
_BARE_AFTER = re.compile(
    r"""[”"'’»]?(?:
        \s*(?:[.,;:?!)…”"»]|$|\n)
      | [ ](?:por|para|a|al|en|y|o|pero|que|cada|adicional(?:es)?|mas|diari[oa]s?|semanal(?:es)?|mensual(?:es)?
            |quincenal(?:es)?|anual(?:es)?|de[ ](?:cupo|entrada|matricula|inscripcion|adelanto|inicial|rescate))\b
    )""",
    re.VERBOSE,
)
_PERIOD_AFTER = re.compile(
    r"[”\"'’»]? (?:diari[oa]s?|semanal(?:es)?|mensual(?:es)?|quincenal(?:es)?|por (?:semana|dia|mes|vuelta)|al (?:dia|mes)|a la semana)\b"
)
_LARGE_CUE = re.compile(
    r"\b(?:presupuest\w+|inver\w+|invirt\w+|millones de (?:soles|dolares)|s/|us\$|partida|ampliacion|financ\w+|transfer\w+|transfir\w+|credito|costo|deuda|recaud\w+"
    r"|reparacion|robo|robaron|quitar\w*|botin|rescate|perdidas|pag\w+|desembols\w+|adicionales|reforzara|fondo|plata|dinero|monto|suma|soborno|coima\w*)"
)
_MONEY_AROUND = re.compile(
    r"\b(?:soles|dolares|s/|us\$|cupos?|pag(?:o|aron|ar|aba|aban|an|ado)|cobr\w+|exig\w+|pedi(?:r|an|a|do)|pidi\w+|rescate|extors\w+|prestamo|plata|dinero|adelanto|cuotas?|amenaz\w+|granada|dinamita|balas?|sicari\w+|deudas?|coima\w*)"
)
_LINK_BEFORE = re.compile(
    r"(?:\b(?:por|a|en|los|hasta|otros|otras|luego|despues|solo|apenas|dieron|dio|dar|darle|darles|quer\w+|recib\w+|gan\w+|junt\w+|deb\w+|de los|y|o|son|eran|era|es|ser\w+|d[ae]n+os|darnos|diera|acept\w+|reuni\w+|consigu\w+|gast\w+|pon[ea]\w*|pus\w+|ofrec\w+|devolv\w+|entonces|decir|decia|total|primero)|[“\"‘«(:])[ ]?$"
)
"""What stands before ``5 mil`` where sums are spoken of."""
_OTHER_CURRENCY = re.compile(r"\b(?:pesos|bolivianos|bolivares|reales|quetzales|lempiras|guaranies)\b")
"""Sums are told in a currency that the word does not name: a number without unit is not in soles."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR = 90
_BESIDE = 50
_SUM_BEFORE = re.compile(
    r"(?:s/\.? ?\d[\d.,]*|\b(?:soles|dolares|lucas|mil))(?: de (?:entrada|inicio|inicial|inscripcion|adelanto)| a los? \w+)?(?:,| y| mas| o| e) (?:otros |luego |de )?$"
)


class Bare(NamedTuple):
    """A number without a unit at ``folded[start:end]``; ``anchor`` is where the words that bound it begin."""

    anchor: int
    start: int
    end: int
    value: float
    scale: float


def other_currency(folded: str, start: int, end: int) -> bool:
    """Sums around are told in pesos or the like: neither a bare number nor ``$`` can be told then."""
    return _OTHER_CURRENCY.search(folded, max(0, start - 400), end + 200) is not None


def ends_without_noun(folded: str, end: int) -> bool:
    """What follows a number is no noun that it could count."""
    return _BARE_AFTER.match(folded, end) is not None


def bare_score(folded: str, bare: Bare, tables: Tables) -> float | None:
    """Confidence that the number is money, ``None`` when it is not: a verb that wants a sum before it, no noun after."""
    year = bare.scale == 1.0 and _YEAR.fullmatch(folded, bare.start, bare.end) is not None
    if bare.value <= 0 or year or not ends_without_noun(folded, bare.end):
        return None
    if other_currency(folded, bare.anchor, bare.end):
        return None
    verb = tables.verb_before.search(folded[max(0, bare.anchor - _VERB_REACH) : bare.anchor])
    if bare.scale >= 1e6:
        near = folded[max(0, bare.start - _NEAR) : bare.end + 14]
        return 0.75 if verb or _LARGE_CUE.search(near) else None
    if verb is None:
        return 0.6 if (_thousands(folded, bare) and _linked(folded, bare)) or _due(folded, bare) else None
    return _after_verb(folded, bare, strong=verb["strong"] is not None)


def _after_verb(folded: str, bare: Bare, *, strong: bool) -> float | None:
    if not strong:
        return 0.6 if bare.scale == 1e3 or bare.value >= 100 else None
    sure = bare.scale == 1e3 or bare.value >= 10 or _PERIOD_AFTER.match(folded, bare.end)
    return 0.7 if sure else 0.5


def _thousands(folded: str, bare: Bare) -> bool:
    """``5 mil``, ``mil quinientos``: hardly anything but sums is told so without a noun."""
    return bare.scale == 1e3 or (bare.value >= 1e3 and " mil" in f" {folded[bare.start : bare.end]}")


def _due(folded: str, bare: Bare) -> bool:
    """``20 lucas de entrada y 800 mensuales``: it is due again and again, beside a sum with its currency."""
    if not _PERIOD_AFTER.match(folded, bare.end):
        return False
    before = folded[max(0, bare.anchor - _BESIDE) : bare.anchor]
    return _SUM_BEFORE.search(before) is not None


def _linked(folded: str, bare: Bare) -> bool:
    """``5 mil`` after a preposition, where sums are spoken of."""
    around = _MONEY_AROUND.search(folded, max(0, bare.anchor - 130), bare.end + 60)
    return around is not None and _LINK_BEFORE.search(folded, max(0, bare.anchor - 18), bare.anchor) is not None
