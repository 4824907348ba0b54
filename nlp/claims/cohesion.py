"""How the words before a figure bind it to what was told: as more on the figure before, a total, one of several parts."""

from __future__ import annotations

import re
from enum import StrEnum

from nlp.claims.article import Article
from nlp.claims.attribution import Said

_POINTS_BACK = re.compile(
    r"\b(?:est[ae]|es[ae]|dich[ao]) (?:(?:misma?|alarmante|preocupante) )?(?:cifras?|numero|cantidad|total|monto|porcentaje|indice|aumento"
    r"|alza|incremento|reduccion|disminucion|caida|diferencia|panorama|tendencia)\b"
    r"|\b(?:lo|la) (?:que|cual) (?:representa|equivale|significa|supone|implica)\b"
    r"|\b(?:esto|eso|ello) (?:representa|equivale|significa|supone|implica)\b|\bequivalen?tes? a\b"
)
_SUMS_UP = re.compile(r"\ben total\b|\btotal (?:general|nacional|acumulado)\b")
_RANKS = re.compile(
    r"\b(?:region|departamento|provincia|distrito|ciudad|zona|jurisdiccion|comisaria|sector|rubro)(?:es|s)?"
    r" (?:(?:que|con|donde|en (?:las?|los?) que) (?:mas|mayor)|(?:mas|menos) (?:afectad|golpead|violent|azotad|castigad|peligros))"
    r"|\b(?:encabeza|lidera|concentra|le sigue|seguid[oa] (?:por|de))|\bmayor (?:cantidad|numero|incidencia)"
)


_LISTED = re.compile(r"\)[^().;:\d\n]{2,80}\(")
"""Between bracketed figures."""


class Bond(StrEnum):
    """What a figure is to those told before it."""

    MORE = "more"
    """More on the same: "esta cifra representa"."""
    TOTAL = "total"
    RANKED = "ranked"
    """A part of them, at the same time: "la región más golpeada"."""
    NONE = "none"


_BONDS = ((Bond.MORE, _POINTS_BACK), (Bond.TOTAL, _SUMS_UP), (Bond.RANKED, _RANKS))


def bond(said: Said, article: Article) -> Bond:
    """How its sentence binds a figure to those before."""
    start = article.sentences[said.position].start
    return next((each for each, words in _BONDS if words.search(article.folded, start, said.start)), Bond.NONE)


def is_listed(said: Said, article: Article) -> bool:
    """Whether a figure goes on a list of bracketed ones: "Tumbes (31 %), Ucayali (32 %)"."""
    before = said.before
    return before is not None and _LISTED.fullmatch(article.folded, before.end, said.start) is not None
