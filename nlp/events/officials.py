"""Officials, as those who ask for money or take it: what they do is bribery, unless words tell an extortion."""

from __future__ import annotations

import re

OFFICE = re.compile(
    r"\b(?:polic[ií]as?|(?:ex)?(?:jefe|director|t[eé]cnico)s? (?:policial|de la comisar[ií]a|de carreteras)(?:es)?|(?:ex)?suboficial(?:es)?|(?:ex)?comisarios?|efectivos?|oficial(?:es)?|agentes?|uniformad[oa]s?|inpe|juez|jueza|fiscal|comandante"
    r"|coronel|mayor|capit[aá]n|teniente|brigadier|t[eé]cnicos? de seguridad|custodios?|regidor(?:es)?|alcalde|funcionari[oa]s?|secretari[oa]s? judicial(?:es)?|serenos?)\b",
    re.IGNORECASE,
)
"""Words for those who hold one."""
_MONEY = r"(?:s/|us\$|\$|dinero|plata|coimas?|sobornos?|mil\b|soles\b|d[oó]lares\b)"
"""A word for money."""
_ASKS = re.compile(
    r"(?P<between>[^,;:.]{0,70}?)\b(?:cobr\w*|(?:ped[ií]|pid|exig|recib|solicit|acept)\w*[^;:.]{0,25}?"
    + _MONEY
    + "|(?:dej|permit)\\w* pasar)",
    re.IGNORECASE,
)
_ACTS_ON_OTHERS = re.compile(
    r"\b(?:captur|det[iu]|deten|interv|desart|desbarat|arrest|atrap|frustr|liber|rescat|investig|denunci|denuncia|busc|hall|incaut)\w*"
    r"|\b(?:polic[ií]as?|serenos?|agentes?) (?:y|a|al|de) ",
    re.IGNORECASE,
)
"""Between an office and the asking: it is others that ask."""
_INSTITUTION = re.compile(
    r"\b(?:la|pnp) polic[ií]a\b|^polic[ií]a\b(?! (?:cae|acusad|condenad|sentenciad|que|en actividad))", re.IGNORECASE
)
"""The police as a body, which takes no money."""
_FALSE = re.compile(r"\bfals[oa]s? $", re.IGNORECASE)


def ask_for_money(title: str) -> bool:
    """Whether a title tells that officials asked for money or took it: "Ocho años para policías que cobraban …"."""
    for office in OFFICE.finditer(title):
        near = max(0, office.start() - 4), office.end() + 12
        if _FALSE.search(title, 0, office.start()) or _INSTITUTION.search(title, *near):
            continue
        asks = _ASKS.match(title, office.end())
        if asks is not None and not _ACTS_ON_OTHERS.search(asks["between"]):
            return True
    return False
