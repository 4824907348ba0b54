"""Numbers without a unit that are money all the same: ``le pidieron 5 mil``, ``quitarle medio millón``."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.recognizers.money.tables import Tables

_VERB_REACH = 60
_BARE_AFTER = re.compile(
    r"""[”"'’»]?(?:
        \s*(?:[.,;:?!)…”"»]|$|\n)
      | [ ][“"‘«]?(?:por|para|a|al|en|y|o|pero|que|cada|adicional(?:es)?|mas|diari[oa]s?|semanal(?:es)?|mensual(?:es)?
            |quincenal(?:es)?|anual(?:es)?|de[ ](?:cupo|entrada|matricula|inscripcion|adelanto|inicial|rescate|golpe|arranque|cupos|multa)
            |es[aeo]s?|est[aeo]s?|hoy|ayer|tod[oa]s|si|con|sin
            |tras|cuando|luego|antes|despues|restantes|reclamad[oa]s|exigid[oa]s|solicitad[oa]s|provienen|salieron)\b
    )""",
    re.VERBOSE,
)
_PERIOD_AFTER = re.compile(
    r"[”\"'’»]? (?:diari[oa]s?|semanal(?:es)?|mensual(?:es)?|quincenal(?:es)?|al (?:dia|mes)|a la semana"
    r"|(?:por|cada) (?:semana|dia|mes|quincena|noche|turno|vuelta|viaje|faena|carrera|salida|pasada|carro|unidad|moto|bus|camion|lancha|bote)"
    r"|cada (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)"
    r"|tod(?:os los|as las) (?:dias|semanas|meses|noches|lunes|martes|miercoles|jueves|viernes|sabados|domingos))\b"
)
_LARGE_CUE = re.compile(
    r"\b(?:presupuest\w+|inver\w+|invirt\w+|millones de (?:soles|dolares)|s/|us\$|partida|ampliacion|financ\w+|transfer\w+|transfir\w+|credito|costo|deuda|recaud\w+"
    r"|reparacion|robo|robaron|quitar\w*|botin|rescate|perdidas|pag\w+|desembols\w+|adicionales|reforzara|fondo|plata|dinero|monto|suma|soborno|coima\w*)"
)
_MONEY_AROUND = re.compile(
    r"\b(?:soles|dolares|s/|us\$|cupos?|pag(?:o|aron|ar|aba|aban|an|ado)|cobr\w+|exig\w+|pedi(?:r|an|a|do)|pidi\w+|rescate|extors\w+|prestamo|plata|dinero|adelanto|cuotas?|amenaz\w+|granada|dinamita|balas?|sicari\w+|deudas?|coima\w*|o te \w+)"
)
_LINK_BEFORE = re.compile(
    r"(?:\b(?:por|a|en|los|hasta|otros|otras|luego|despues|solo|apenas|dieron|dio|dar|darle|darles|quer\w+|recib\w+|gan\w+|junt\w+|deb\w+|de los|y|o|son|eran|era|es|ser\w+|d[ae]n+os|darnos|diera|acept\w+|reuni\w+|consigu\w+|gast\w+|pon[ea]\w*|pus\w+|ofrec\w+|devolv\w+|entonces|decir|decia|total|primero|(?:cifra|suma|monto|pedido|rescate) (?:era|es|fue|seria) de)|[“\"‘«(:])[ ]?$"
)
"""What stands before ``5 mil`` where sums are spoken of."""
_OTHER_CURRENCY = re.compile(r"\b(?:pesos|bolivianos|bolivares|reales|quetzales|lempiras|guaranies)\b")
"""Sums are told in a currency that the word does not name: a number without unit is not in soles."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR = 90
_BESIDE = 50
_SUM_BEFORE = re.compile(
    r"(?:s/\.? ?\d[\d.,]*|\b(?:soles|dolares|lucas|mil))(?: de (?:entrada|inicio|inicial|inscripcion|adelanto)| a los? \w+)?(?:,| y| mas| o| e) (?:otros |luego |de |de ahi |despues |despues de eso )?$"
)
_NOW = re.compile(
    r"\b(?:(?:ahora|ya) (?:son|eran|seran|serian)|(?:les?|nos) (?:dio|di|dieron|daba|daban|dabamos)) [“\"‘«]?$"
)
_COUNTED = re.compile(
    r"\b(?:denuncias?|casos?|homicidios?|asesinatos?|muert[eo]s?|ataques?|atentados?|victimas?|robos?|llamadas?|personas)\b"
)
"""What else is told by number and day."""
_AROUND = 100
_DEMAND = r"(?:montos?|cuotas?|cupos?|tarifas?|pagos?|pedidos?|mensualidad(?:es)?|sumas?|exigencias?|aportes?|rescate)"
_DEMANDING = r"(?:extorsionador\w*|delincuentes|hampones|criminales|captores|plagiarios|secuestradores)"
_CHANGE = r"(?:baj|rebaj|reduj|reduc|sub|aument|elev|increment)[^\W\d_]+"
_MONTH = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|setiembre|septiembre|octubre|noviembre|diciembre)"
_CHANGED = re.compile(
    rf"\b(?:{_DEMAND} (?:[^.;:\n\d]{{0,40}} )?{_CHANGE}|{_DEMANDING}[^.;:\n\d]{{0,60}} {_CHANGE}|{_CHANGE} (?:la|el|su|l[oa]s|sus) {_DEMAND}|(?:me|nos|les?|l[oa]) {_CHANGE})"
    r"(?: (?:hasta |a )?[\d.,]{2,9} (?:y )?(?:despues|luego))?(?: de [^.;:\n]{1,20})?(?:,? (?:y )?(?:despues|luego))? (?:hasta|a) $"
)
"""Before what a demand was lowered or raised to."""
_SUM_CHANGED = re.compile(
    rf"(?:(?:[.;,”\"»]|\b(?:y|o|despues|luego|volvi[^\W\d_]+ a|{_MONTH})) (?:volvi[^\W\d_]+ a )?|\bque (?:[^\W\d_]+ ){{1,3}}){_CHANGE} (?:hasta|a) $"
    r"|\b(?:el|un|otro) (?:aumento|alza|incremento|reajuste) (?:hasta|a) $"
)
"""The same where the sum before it is what was demanded."""
_THEN = re.compile(r",? (?:y )?(?:despues|luego|finalmente|por ultimo) (?:a|hasta|en) ")
"""Between what was demanded first and then: ``bajaron a 30.000, después a 20.000``."""
_SOON = 150
_THOUSAND, _HUNDRED = 1e3, 100.0
_HANDED = re.compile(
    r"\b(?:junt(?:e|o|amos|aron)|reun(?:i|io|imos|ieron)|ofrec[^\W\d_]+|dad[oa]|dio|dieron|di|dimos|p[ei]d[^\W\d_]+|la mitad,|despues|luego|acept[^\W\d_]+"
    r"|conseg[^\W\d_]+|entreg[^\W\d_]+|pag(?:o|ue|aron|amos)|eran|son|sacar|quer[^\W\d_]+"
    r"|(?:me|nos|les?|l[oa]s?) (?:dej|baj|rebaj)[^\W\d_]+ (?:a|en|hasta)|rebaj[^\W\d_]+ (?:a|en|hasta)|quedamos en|quedaron en),? (?:solo |apenas |los )?$"
)
"""Before a number that was asked for or handed over."""
_GOES_ON = re.compile(r", (?!\d)| y (?:que|se|me|te|nos|les?|al final|finalmente|por ultimo)\b")
_TO_WHOM = r" (?:a|al|por|en|para|si|cuando|de|del|el|la|l[oa]s|cada|con|donde)\b"
_NEXT_OF_ROW = re.compile(rf"(?:[^.;:\n]{{0,12}}?{_TO_WHOM}[^.;:\n]{{1,60}}?)?(?:[,;] (?:y )?| y |[.] y )")
"""Between two sums of a row that say to whom or for what: ``cien soles las bodegas, trescientos los restaurantes``."""
_OF_ROW_AFTER = re.compile(rf"[”\"'’»]?{_TO_WHOM}")
_LAST_OF_ROW = re.compile(r"[.,;] (?:y )?(?:al?|el|l[ao]s?|una?|en|por) [^.,;:\d\n]{1,40}?(?:,| por| a| en)? ")
"""Between two sums of a row of which the second stands last: ``a una tienda 80 soles; a un puesto, quince``."""
_END = re.compile(r"[”\"'’»]?\s*(?:[.;?!…”\"»]|$|\n)")
_TIMES, _FAR = 10.0, 50.0
"""Sums of one row differ no more than so much; and where each is told apart of somebody else."""
_ROW = 90


class Bare(NamedTuple):
    """A number without a unit at ``folded[start:end]``; ``anchor`` is where the words that bound it begin."""

    anchor: int
    start: int
    end: int
    value: float
    scale: float


def _in_row(folded: str, last: tuple[int, float] | None, bare: Bare) -> bool:
    """Whether a number goes on a row that began with a sum, each said of somebody or something else."""
    if last is None or not _alike(last, bare, _ROW, _FAR):
        return False
    if _alike(last, bare, _ROW) and _NEXT_OF_ROW.fullmatch(folded, last[0], bare.anchor):
        return _OF_ROW_AFTER.match(folded, bare.end) is not None
    ends = _END.match(folded, bare.end) or (bare.value >= _HUNDRED and folded.startswith(", ", bare.end))
    return bool(ends) and _LAST_OF_ROW.fullmatch(folded, last[0], bare.anchor) is not None


def other_currency(folded: str, start: int, end: int) -> bool:
    """Sums around are told in pesos or the like: neither a bare number nor ``$`` can be told then."""
    return _OTHER_CURRENCY.search(folded, max(0, start - 400), end + 200) is not None


def ends_without_noun(folded: str, end: int) -> bool:
    """What follows a number is no noun that it could count."""
    return _BARE_AFTER.match(folded, end) is not None


def bare_score(folded: str, bare: Bare, tables: Tables, last: tuple[int, float] | None = None) -> float | None:
    """Confidence that the number is money, ``None`` when it is not: a verb that wants a sum before it, no noun after.

    ``last``: where the sum before it ends, and its value.
    """
    year = bare.scale == 1.0 and _YEAR.fullmatch(folded, bare.start, bare.end) is not None
    if bare.value <= 0 or year or other_currency(folded, bare.anchor, bare.end):
        return None
    if _in_row(folded, last, bare) or means_thousands(folded, last, bare):
        return 0.6
    if not ends_without_noun(folded, bare.end):
        return None
    verb = tables.verb_before.search(folded[max(0, bare.anchor - _VERB_REACH) : bare.anchor])
    if bare.scale >= 1e6:
        near = folded[max(0, bare.start - _NEAR) : bare.end + 14]
        return 0.75 if verb or _LARGE_CUE.search(near) else None
    if verb is None:
        told = (
            (_thousands(folded, bare) and _linked(folded, bare)) or _due(folded, bare) or _changed(folded, last, bare)
        )
        return 0.6 if told else None
    return _after_verb(folded, bare, strong=verb["strong"] is not None)


def _after_verb(folded: str, bare: Bare, *, strong: bool) -> float | None:
    if not strong:
        return 0.6 if bare.scale == 1e3 or bare.value >= 100 else None
    sure = bare.scale == 1e3 or bare.value >= 10 or _PERIOD_AFTER.match(folded, bare.end)
    return 0.7 if sure else 0.5


def _thousands(folded: str, bare: Bare) -> bool:
    """``5 mil``, ``mil quinientos``: hardly anything but sums is told so without a noun."""
    round_ = bare.value >= 1e3 and bare.value % 100 == 0
    return bare.scale == 1e3 or round_ or (bare.value >= 1e3 and " mil" in f" {folded[bare.start : bare.end]}")


def _due(folded: str, bare: Bare) -> bool:
    """``20 lucas de entrada y 800 mensuales``, ``ahora son 30 por faena``: it is due again and again, where sums are told."""
    if not _PERIOD_AFTER.match(folded, bare.end):
        return False
    before = folded[max(0, bare.anchor - _BESIDE) : bare.anchor]
    if _SUM_BEFORE.search(before) is not None:
        return True
    near = max(0, bare.anchor - _AROUND), bare.end + _AROUND
    told = _NOW.search(before) is not None and _MONEY_AROUND.search(folded, *near) is not None
    return told and _COUNTED.search(folded, *near) is None


def _changed(folded: str, last: tuple[int, float] | None, bare: Bare) -> bool:
    """``bajaron la cuota a 300``; ``S/ 100 mil. Bajó a 70 mil``."""
    before = folded[max(0, bare.anchor - _NEAR) : bare.anchor]
    if bare.value >= 10 and _CHANGED.search(before):
        return True
    if last is None or not _alike(last, bare, _SOON):
        return False
    return _SUM_CHANGED.search(before) is not None or _THEN.fullmatch(folded, last[0], bare.anchor) is not None


def means_thousands(folded: str, last: tuple[int, float] | None, bare: Bare) -> bool:
    """Whether a small number after a sum of thousands is short for thousands too: ``treinta mil; dieron nueve``."""
    if (
        last is None
        or last[1] < _THOUSAND
        or bare.scale != 1.0
        or not bare.value.is_integer()
        or bare.value >= _HUNDRED
    ):
        return False
    if not _alike(last, bare._replace(value=bare.value * _THOUSAND), _SOON) or _PERIOD_AFTER.match(folded, bare.end):
        return False
    return _HANDED.search(folded, max(0, bare.anchor - _NEAR), bare.anchor) is not None and (
        _END.match(folded, bare.end) is not None or _GOES_ON.match(folded, bare.end) is not None
    )


def _alike(last: tuple[int, float] | None, bare: Bare, reach: int, times: float = _TIMES) -> bool:
    """Whether a number is near the sum before it, and no much larger or smaller."""
    if last is None or not 0 <= bare.anchor - last[0] <= reach:
        return False
    low, high = sorted((last[1], bare.value))
    return low > 0 and high <= low * times


def _linked(folded: str, bare: Bare) -> bool:
    """``5 mil`` after a preposition, where sums are spoken of."""
    around = _MONEY_AROUND.search(folded, max(0, bare.anchor - 130), bare.end + 60)
    return around is not None and _LINK_BEFORE.search(folded, max(0, bare.anchor - 18), bare.anchor) is not None
