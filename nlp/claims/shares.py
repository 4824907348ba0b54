"""Figures that are shares: "tres de cada diez negocios", "más de la mitad de las víctimas", and what a share is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.claims.bounds import bound_before
from nlp.claims.units import Quantity, Unit, UnitClass
from nlp.numbers import Number
from nlp.patterns import PatternTable
from nlp.phrases import words_of
from nlp.qualify import Sentence
from nlp.types import Comparator

_OF_EACH = re.compile(r"(?P<one>\b(?:un|una|uno) )?(?:de|por) cada $")
_OUT_OF_EACH = re.compile(r"\s(?P<of>[^,.;\d]{3,60}?)(?:,\s(?:solo |apenas )?|\s(?:solo|apenas)\s)")
"""Between "de cada diez" and how many of them."""
_FRACTION = PatternTable(
    [
        r"(?:(?P<bound>mas|menos|cerca|casi|alrededor)(?: de)? )?(?:la (?P<half>mitad)|(?:un|el) (?P<third>tercio)|(?:una|la) (?P<quarter>cuarta parte)"
        r"|(?:la|una) (?P<third_part>tercera parte)|(?:la|una) (?P<fifth>quinta parte)|(?:la|una) (?P<tenth>decima parte)|dos (?P<two_thirds>tercios)|tres (?P<three_quarters>cuartos))\b"
    ]
)
_FRACTIONS = {
    "half": 50,
    "third": 33.3,
    "third_part": 33.3,
    "quarter": 25,
    "fifth": 20,
    "tenth": 10,
    "two_thirds": 66.7,
    "three_quarters": 75,
}
MANY_HEADS = 10_000
"""Heads from which on "por cada" tells a rate, not a share."""
_DENOMINATOR = re.compile(
    r"\s(?P<full>(?:de|del) (?P<of>(?:[^,.;:()“”\n]|(?<=\d)[.,](?=\d{3})){3,70})|(?:más|menos|respecto|frente a)\b[^,.;:()“”\n]{0,80})"
)
_OWN_FIGURE = re.compile(r"\s(?:que|a|frente a) (?:los|las|el|la) (?!20\d\d)\d")
"""In a comparison: where another figure begins."""
_NEXT_FIGURE = re.compile(r"\sy (?=[^\d]{3,60}\b(?:el|un) \d)")
"""Where the next share of a row begins: "el 3 % de las denuncias y devolución del auto en el 2 %"."""
_OF_NOUN = re.compile(r"\s(?P<full>(?:de )?(?P<of>[^,.;:()“”\n]{3,70}))")
_BEHIND_PLURAL = re.compile(
    r"(?<=s)\s(?!(?:de|del|en|con|por|a|al|y|e|o|u|sin|para|entre|que|ante|contra|sobre|desde|hasta|bajo|mayor|menor)\b)[a-záéíóúñ]*[^\Ws\d]\b.*$"
)
"""Behind a plural noun a lower-case word without an s is its verb: "encuestados conoce a …", "extorsiones ocurren en …"."""
_CHANGES = re.compile(
    r"(?:^\W{0,3}|[,;:] |\b(?:los|las|sus|de) )(?!(?:los|las|sus|mas|menos|anos|meses|dias|horas|entre|tras)\b)(?P<what>\w{5,}s)\b"
)
"""Before a share: a plural noun, as which what it is a share of is told ("las ventas han caído 45 %")."""
MORE = frozenset({"más", "menos"})
"""Of a comparison with another figure: they tell not what a share is of."""
_ARTICLE = re.compile(r"^(?:los|las|el|la)\s")
_DANGLING = re.compile(r"(?:(?:^|\s)(?:que|quien(?:es)?|para|y|e|o|en|de|del|a|al|con|por|el|la|los|las|un|una))+$")
"""At its end, where its verb was cut off: "obras que se ejecutan"."""
_VERB = re.compile(
    r"\s(?:(?:pag(?:a|an|o|ó|aron|aba|aban)|fue(?:ron)?|son|es|est[aá]n?|han?|admit\w+|reconoc\w+|sufr\w+|se|no|reporta\w*|afirm\w+|cree[n]?|creía\w*|consider\w+|en su"
    r"|corresponden?|tienen?|salen?|llegan?|duran?|dicen?|y \d\w*)\b"
    r"|y (?:el |un |otro |casi |hasta )\d\w*\b|a \w{2,}[aei]r\b|\w+(?:ó|aron|ieron|aba|aban|[ií]an|ará|arán)\b).*$"
)


def of_each(number: Number, following: Number | None, folded: str, text: str) -> Quantity | None:
    """``tres de cada diez negocios``."""
    if following is None or not following.value:
        return None
    between = folded[number.end : following.start]
    if between.strip() not in ("de cada", "por cada") or following.value >= MANY_HEADS:
        return None
    start, comparator = bound_before(number, folded)
    return _share(start, following.end, number.value, following.value, text, comparator)


def each_of(number: Number, following: Number | None, folded: str, text: str) -> Quantity | None:
    """``de cada diez bodegueros amenazados, ocho no denuncian``."""
    if following is None or not number.value or following.value > number.value:
        return None
    joined = _OUT_OF_EACH.fullmatch(folded, number.end, following.start)
    if joined is None or not folded.endswith("de cada ", 0, number.start):
        return None
    percent = round(100 * following.value / number.value, 1)
    return Quantity(
        start=number.start - len("de cada "),
        end=following.end,
        core=following.end,
        low=percent,
        high=percent,
        comparator=Comparator.EXACTLY,
        unit=Unit(unit="%", subject=None, kind=UnitClass.SHARE),
        denominator=text[joined.start("of") : joined.end("of")],
    )


def fractions(sentence: Sentence, folded: str, text: str) -> Iterator[Quantity]:
    """``más de la mitad de las víctimas``, ``cerca de un tercio``."""
    for match in _FRACTION.finditer(words_of(folded), sentence.start, sentence.end):
        name = next(name for name in _FRACTIONS if match[name])
        value: float = _FRACTIONS[name]
        if re.match(
            r"\s(?:de (?:la )?(?:semana|manana|noche|tarde|pista|via|calle|cuadra|cancha|camino)|\()",
            folded[match.end() :],
        ):
            continue
        denominator, end = whole_after(text, match.end())
        bound = match["bound"]
        yield Quantity(
            start=match.start(),
            end=end,
            core=match.end(),
            low=None if bound == "menos" else value,
            high=None if bound == "mas" else value,
            comparator={"mas": Comparator.OVER, "menos": Comparator.UNDER}.get(
                bound, Comparator.AROUND if bound else Comparator.EXACTLY
            ),
            unit=Unit(unit="%", subject=None, kind=UnitClass.SHARE),
            denominator=denominator,
            fraction=True,
        )


def one_of_each(sentence: Sentence, folded: str, text: str, numbers: Sequence[Number]) -> Iterator[Quantity]:
    """``uno de cada tres``: a lone "uno" is no number elsewhere."""
    for number in numbers:
        match = _OF_EACH.search(folded, max(sentence.start, number.start - 16), number.start)
        if match and match["one"] and number.value:
            yield _share(match.start(), number.end, 1.0, number.value, text, Comparator.EXACTLY)


def _share(start: int, end: int, part: float, whole: float, text: str, comparator: Comparator) -> Quantity:
    percent = round(100 * part / whole, 1)
    denominator, wide = whole_after(text, end, noun=True)
    return Quantity(
        start=start,
        end=wide,
        core=end,
        low=None if comparator is Comparator.UNDER else percent,
        high=None if comparator is Comparator.OVER else percent,
        comparator=comparator,
        unit=Unit(unit="%", subject=None, kind=UnitClass.SHARE),
        denominator=denominator,
    )


def whole_after(text: str, end: int, *, noun: bool = False) -> tuple[str | None, int]:
    """What a share is of, up to its verb, and where that ends; a comparison ("más que en 2024") stands for it."""
    match = (_OF_NOUN if noun else _DENOMINATOR).match(text, end)
    if match is None:
        return None, end
    name = "of" if match["of"] else "full"
    of = _BEHIND_PLURAL.sub("", _VERB.sub("", " " + match[name]))[1:].rstrip()
    of = _DANGLING.sub("", of)
    if not of:
        return None, end
    own = _OWN_FIGURE.search(of) or _NEXT_FIGURE.search(of)
    of = of[: own.start()] if own else of
    return _ARTICLE.sub("", of, count=1), match.start(name) + len(of)


def what_changes(told: str) -> str | None:
    """What a share without a whole of its own is of, by the folded words before it: the plural noun named last."""
    found = list(_CHANGES.finditer(told))
    return found[-1]["what"] if found else None
