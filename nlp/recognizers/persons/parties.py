"""Who is told of together: the people of one list, and one person named again. They play one part.

"Los detenidos son Ana Roca Paz (34), Luis Soto Inga y Eva Luna Díaz": what is said before the first is said of all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nlp.lexicon import fold
from nlp.types import Mention, Person, PersonRole

_NAME = r"[A-ZÁÉÍÓÚÑ][\wáéíóúñü'’-]+(?: (?:de |del |de la )?[A-ZÁÉÍÓÚÑ][\wáéíóúñü'’-]+){1,3}"
_KIN = (
    r"sus? (?:herman[oa]s?|prim[oa]s?|pareja|espos[oa]|conviviente|cónyuge|hij[oa]s?|padre|madre|sobrin[oa]s?|tí[oa]s?|cuñad[oa]s?"
    r"|enamorad[oa]|cómplices?|compañer[oa]s?|amig[oa]s?|soci[oa]s?),? "
)
"""One of a list by who they are to another. Not after a comma: there the family speaks, ", su esposa Ana Roca pidió justicia"."""
_RANK = (
    r"(?:(?:(?:el|la|los|las|al) )?(?:suboficial(?:es)?|alf[eé]rez|tenientes?|capit[aá]n(?:es)?|mayor(?:es)?|comandantes?|coronel(?:es)?|t[eé]cnicos?|brigadier(?:es)?)"
    r"(?: (?:de la )?(?:PNP|EP)| (?:de )?(?:primera|segunda|tercera|brigadier|\d\.?[ªra]*\.?))* )?"
)
"""Before the next of a list of policemen: ``y los suboficiales PNP``."""
_CALLED = (
    r"(?:(?:los|las) (?:herman|espos|prim|ciudadan|venezolan|peruan|colombian|ecuatorian)[oa]s|(?:el|la|al) (?:ciudadan[oa]|adolescente|menor|joven)(?: [a-záéíóúñ]+n[oa])?"
    r"|(?:el|la|al) (?:presunt[oa]|supuest[oa]|encargad[oa]|responsable) [^.;:,()\n]{2,50},?) "
)
"""Before the next of a list, who they are: ``y los hermanos ``, ``y el encargado de cobrar, ``."""
_WHO_IS = (
    r", (?!que\b|quien|cuy[oa]|cuando\b|donde\b|mientras\b|tras\b|por\b|su\b|y\b|de \d)[a-záéíóúñ][^.,;:()\n]{2,80}"
)
"""Between one of a list and the next: who the first is, ``, jefe de logística de una comisaría, y a los suboficiales ``."""
_NEXT_OFFICE = r"del?(?: la| las| los)? [A-ZÁÉÍÓÚÑ][^.;:,()\n]{2,40}, "
"""Before the next of a list of those who hold office: ``; de la Producción, ``."""
_BESIDE = (
    r"(?:(?<= [A-ZÁÉÍÓÚÑ])\.)?(?:(?:\s?\([^()\n]{1,40}\)|, de \d{1,2} años)?, (?:quien(?:es)?|presunt[oa]s?|sindicad[oa]s?|detenid[oa]s?|capturad[oa]s?|intervenid[oa]s?|este último|esta última) [^.;:\n]{3,90}?|(?:\s?\([^()\n]{1,40}\))?, de [A-ZÁÉÍÓÚÑ][^.;:,()\n]{1,30}(?=;)|\s?\([^()\n]{1,40}\)|,? de \d{1,2}(?: años)?|(?:\s?\(\d[^()\n]{0,12}\))?,? (?:alias|\(a\)) [“\"‘'«]?[^,;\n]{2,25}?[”\"’'»]?)?"
    rf"(?:(?:;|,? [ye]) (?:a )?{_KIN}|,? [ye] (?:a )?{_CALLED}|{_WHO_IS}, y (?:al? )?{_RANK}|(?:;|;? [ye]|, [ye]) {_NEXT_OFFICE}|(?:(?:,| [ye]|, [ye]|;)(?: también)?|[,;]? (?:así como|además de|junto (?:a|con))|\. (?:Asimismo|También|Además|Igualmente),?)(?: a)?\s?{_RANK}|[.,;]?\n\s*(?:[-•–*·]|\d{{1,2}}[.)])\s*(?:\w+ )?)"
)
_LISTED = re.compile(rf"{_BESIDE}(?:{_NAME}{_BESIDE}){{0,3}}")
"""What stands between two people of a list, in a line or one below the other: marks, ages, and names that nobody has read."""
_ITEM_OF = re.compile(rf"\n[ \t]*(?:[-•–*·]|\d{{1,2}}[.)])[ \t]*(?:S[BOT0-9]\d? )?(?:PNP )?{_RANK}\Z")
"""Before a name that heads an item of a list."""
_NEXT_ITEM = re.compile(
    rf"[^\n]{{0,140}}\n[ \t\n]*(?:[A-ZÁÉÍÓÚÑ ]{{4,40}}:?\n[ \t\n]*)?(?:[-•–*·]|\d{{1,2}}[.)])[ \t]*(?:S[BOT0-9]\d? )?(?:PNP )?{_RANK}"
)
"""Between two who head items of one list: what more is said of the first, and what the next are: ``BRAZO ARMADO``."""
_ITEM_REACH = 60

_RANKED = (
    r"(?:(?:el|la|los|las) )?(?:suboficial|alf[eé]rez|teniente|capit[aá]n|mayor|comandante|coronel|t[eé]cnico|brigadier|agente|sereno|señora?|ciudadan[oa])(?:s|es)?"
    r"(?: de (?:primera|segunda|tercera|\d\.?[ªra]*\.?))?(?: (?:brigadier|superior|de la|PNP|EP))* "
)
_ARE = (
    r"[^.;\n]{0,60}?(?:\b(?:son|eran|era|es|identificad\w+(?: \w+mente)? como|se trata de|figuran?|responde[n]? al? (?:los )?nombres? de)\s*:?|:)"
    r"\s*(?:[-•–*·]|\d{1,2}[.)])?\s*"
    rf"(?:{_RANKED}|\w+ )?\Z"
)
_HURT = (
    r"\b(?:fallec|muert|muri|asesinad|v[ií]ctim|herid|lesionad|secuestrad|raptad|rescatad|liberad|desaparecid|occis|agraviad|ejecutad|acribillad"
    r"|pasajer)\w*"
)
_HURT_ARE = re.compile(_HURT + _ARE, re.IGNORECASE)
"""Before the first of a list: those named are the ones who were hurt, "los fallecidos fueron identificados como"."""
_DONE_TO = re.compile(
    r"\b(?:en agravio|asesinato|homicidio|secuestro|rapto|plagio) de(?:l| la| los)?(?: (?!que\b|por\b|contra\b)[a-záéíóúñ]+){0,5} ?\Z"
)
"""Right before somebody to whom it was done, whoever did it: "por el asesinato del dirigente de construcción civil"."""
_CAUGHT_ARE = re.compile(
    r"\b(?:los|las|el|la) (?:\w+ )?(?:detenid|capturad|arrestad|intervenid|imputad|implicad|procesad|aprehendid|sentenciad|condenad|recapturad)[oa]s?\b"
    + _ARE,
    re.IGNORECASE,
)
"""The same of those who were caught."""
_ON_BOARD = re.compile(
    r"\b(?:polic[ií]as?|agentes|efectivos|personal|patrulla|serenos|ronderos|Depincri|Divincri|Dirandro|Dirincri)\b[^.;\n]{0,80}\b(?:intercept|intervin|intervien|detuv|hall)\w+"
    r"[^.;\n]{0,120}\. (?:A bordo|Dentro|En el interior|Adentro|En su interior|En (?:[ée]l|ella)|All[ií]|Ah[ií])"
    r" (?:se encontraba|iba|viajaba|estaba|se hallaba|se desplazaba)n? \Z"
)
"""Before those who were in what the police stopped: "interceptó un auto. A bordo se encontraban "."""
_STOPPED = 260
"""Characters before them that may tell that it was stopped."""
_OFFICIALS_ARE = re.compile(
    r"\b(?:los|las) (?:\w+ )?(?:jueces|juezas|magistrad[oa]s|fiscales|vocales|ministr[oa]s|congresistas)\b" + _ARE,
    re.IGNORECASE,
)
"""The same of those who hold an office: "los jueces que verán el caso son"."""
_SAID_HURT = re.compile(_HURT, re.IGNORECASE)
_ACCUSED = re.compile(
    r"\b(?:deteni|captur|presunt|sospech|implicad|acusad|intervenid|sicari|extorsionador|investigad|imputad|responsabl|autor|asesinos?\b|delincuent|hampon|recluid)\w*",
    re.IGNORECASE,
)
_ILL = (
    r"(?:llevad|trasladad|conducid|derivad|evacuad|ingresad)[oa]s? (?:\w+ ){0,6}?(?:hospital|cl[ií]nica|nosocomio|posta|centro m[eé]dico|emergencia)"
    r"|(?:herid|grave|delicad|hospitalizad|baj[oa] pron[oó]stico)"
)
_HURT_NEXT = re.compile(
    r"(?:\s?\([^()\n]{1,30}\))?(?:,? (?:de )?\d{1,2}(?: años)?)?,? quien(?:es)? (?:"
    r"(?:fue(?:ron)?|ha sido|han sido|había sido|habían sido|habría sido|resultó|resultaron|terminó|terminaron|quedó|quedaron) (?:\w+ ){0,3}?"
    r"(?:asesinad|acribillad|balead|ultimad|atacad|secuestrad|plagiad|muert|ejecutad|víctima|privad[oa]s? de (?:su |la )?libertad|extorsionad"
    rf"|golpead|agredid|raptad|torturad|asaltad|estrangulad|{_ILL})|(?:se encuentra|se encontraba|permanece) {_ILL}"
    r"|(?:murió|murieron|falleció|fallecieron|perdió la vida|perdieron la vida)|recibió (?:\w+ ){0,2}(?:disparos|balazos|impactos|tiros))"
)
"""Right after somebody to whom it was done: ``(51), quien fue privado de su libertad``."""
_CAUGHT_NEXT = re.compile(
    r"(?:\s?\([^()\n]{1,30}\))?(?:,? de \d{1,2} años)?,? (?:y )?(?:quien(?:es)? (?:fue(?:ron)?|había sido|habían sido|ha sido|han sido) )?"
    r"(?:detenid|capturad|arrestad|aprehendid|esposad|enmarrocad)[oa]s?\b"
)
"""The same of somebody who was caught: ``, de 32 años, detenido en su casa``."""
_CALLED_NEXT = re.compile(
    r", (?:un|una|el|la) (?:\w+ )?(?:delincuente|sicari[oa]|extorsionador|extorsionadora|asesin[oa]|hamp[oó]n|cabecilla)\b(?! de (?:un|una|la v[ií]ctima))"
)
_DONE_BY = re.compile(
    r"\bpor (?:el|la|los|su) (?:\w+ )?(?:sicari[oa]s?|asesin[oa]s?|delincuentes?|extorsionador(?:es|a|as)?|cabecillas?|hamp[oó]n(?:es)?) \Z"
)
"""Right before, or after, who did it: ``asesinado por el sicario …``."""
_HIGH = (
    r"(?<!\bex )(?<!\w)(?:(?:vice)?ministr[oa]s?|premier|primer ministro|primera ministra|canciller|contralora?|mandatari[oa]"
    r"|president[ea] (?:de la rep[uú]blica|del (?:consejo de ministros|congreso|poder judicial))|jef[ea] (?:de|del) (?:estado|gabinete)"
    r"|fiscal(?:es)? de la naci[oó]n|defensora? del pueblo)"
)
_OF_LAW = (
    r"(?<!\w)(?:fiscal(?:es)?|jue(?:z|za|ces)|procuradora?|magistrad[oa]s?)"
    r"(?: (?:provincial|adjunt[oa]|suprem[oa]|superior|provisional|titular|penal|especializad[oa]|anticorrupci[oó]n|antidrogas|p[uú]blic[oa])(?:es)?)*"
)
_HEADS = (
    r"(?:president[ea]|jef[ea]|titular|directora?|superintendent[ea])(?: (?:ejecutiv[oa]|nacional|institucional))? (?:del?|de la) (?:INPE|Inpe|Reniec|RENIEC|Sucamec|SUCAMEC"
    r"|JNE|ONPE|Sunat|SUNAT|SBS|UIF|Migraciones|PNP|Polic[ií]a Nacional|Mininter|Minjus|Ministerio P[uú]blico|Junta Nacional de Justicia|Contralor[ií]a|Defensor[ií]a"
    r"|Dirincri|Diviac|DIVIAC|Dirandro|DIRANDRO|Divincri|Depincri|Regi[oó]n Policial)"
)
_OFFICE = rf"(?:{_HIGH}|{_OF_LAW}|{_HEADS})"
_IN_OFFICE = re.compile(
    rf"(?i:{_OFFICE})\b(?:(?: (?:del?|de la|de las|de los|el|la|y|e|para|en|[A-ZÁÉÍÓÚÑ]\w+)){{0,12}},|(?: del?(?: la)? [A-ZÁÉÍÓÚÑ]\w+)?) \Z"
)
"""Right before who holds a high office of state, or one of law: "ministro del Interior, "; mayors are hurt and accused as others are."""
_OFFICE_NEXT = re.compile(rf", (?:el |la |quien es |actual )?(?i:{_HIGH} del?|{_HEADS})\b")
"""The same right after the name."""
_HEAD = 130
"""Characters before the first of a list that may say what its people are."""

Span = tuple[int, int]


def parties(people: Sequence[Span], text: str) -> list[int]:
    """A number for each of ``people``, offsets in text order; those told of together have the same, the index of the first."""
    first_of = list(range(len(people)))
    of_name: dict[str, int] = {}
    fullest = _fullest({fold(text[start:end]) for start, end in people})
    for index, (start, end) in enumerate(people):
        if index > 0 and are_listed(people[index - 1], start, text):
            _join(first_of, index - 1, index)
        name = fold(text[start:end])
        _join(first_of, of_name.setdefault(fullest.get(name, name), index), index)
    return [_first(first_of, index) for index in range(len(people))]


def are_listed(one: Span, next_start: int, text: str) -> bool:
    """Whether the next one stands in one list with somebody."""
    if _LISTED.fullmatch(text, one[1], next_start):
        return True
    heads = _ITEM_OF.search(text, max(0, one[0] - _ITEM_REACH), one[0])
    return heads is not None and _NEXT_ITEM.fullmatch(text, one[1], next_start) is not None


def _fullest(names: Iterable[str]) -> dict[str, str]:
    """A name -> the only longer one that has all its words, in their order and from the first: ``Iván Díaz``, ``Iván José Díaz Poma``."""
    of_given: dict[str, list[list[str]]] = defaultdict(list)
    for words in sorted(name.split() for name in names):
        of_given[words[0]].append(words)
    found = {}
    for alike in of_given.values():
        for words in alike:
            longer = [other for other in alike if len(other) > len(words) and _goes_through(words, other)]
            if len(longer) == 1:
                found[" ".join(words)] = " ".join(longer[0])
    return found


def _goes_through(words: Sequence[str], longer: Sequence[str]) -> bool:
    rest = iter(longer)
    return all(word in rest for word in words)


def _join(first_of: list[int], one: int, other: int) -> None:
    first, later = sorted((_first(first_of, one), _first(first_of, other)))
    first_of[later] = first


def _first(first_of: list[int], index: int) -> int:
    """The first of a party, with the way to it made short."""
    while first_of[index] != index:
        first_of[index] = first_of[first_of[index]]
        index = first_of[index]
    return index


def said_beside(people: Sequence[Span], numbers: Sequence[int], text: str) -> dict[int, PersonRole]:
    """By number of a party: what the words before a list, or right after one of it, say of all who are in it.

    Nothing is worse than a victim told as a suspect.
    """
    said: dict[int, PersonRole] = {}
    for (start, end), number in zip(people, numbers, strict=True):
        head = text[max(0, start - _HEAD) : start]
        if _DONE_TO.search(head) or _are_hurt(head):
            said[number] = PersonRole.VICTIM
        elif _OFFICIALS_ARE.search(head):
            said.setdefault(number, PersonRole.AUTHORITY)
        elif _are_caught(head) or _ON_BOARD.search(text, max(0, start - _STOPPED), start):
            said.setdefault(number, PersonRole.SUSPECT)
        elif _HURT_NEXT.match(text, end):
            said.setdefault(number, PersonRole.VICTIM)
        elif _CAUGHT_NEXT.match(text, end) or _CALLED_NEXT.match(text, end) or _DONE_BY.search(head):
            said.setdefault(number, PersonRole.SUSPECT)
    return said


def in_office(people: Sequence[Span], numbers: Sequence[int], text: str) -> set[int]:
    """The numbers of the parties of which one is named with a high office of state, or one of law."""
    return {
        number
        for (start, end), number in zip(people, numbers, strict=True)
        if _IN_OFFICE.search(text, max(0, start - _HEAD), start) or _OFFICE_NEXT.match(text, end)
    }


def _are_hurt(head: str) -> bool:
    """Whether those named next were hurt, and nobody in the sentence is said to have done it."""
    told = _HURT_ARE.search(head)
    if told is None:
        return False
    sentence = max(head.rfind(mark, 0, told.start()) for mark in (". ", ".\n", "\n"))
    return _ACCUSED.search(head, max(0, sentence)) is None


def _are_caught(head: str) -> bool:
    """Whether those named next were caught, and nobody is said to have been hurt between."""
    told = _CAUGHT_ARE.search(head)
    return told is not None and _SAID_HURT.search(head, told.start()) is None


def agreed(mentions: Sequence[Mention], text: str) -> Iterator[Mention]:
    """The mentions, those of people told of together with the role that most of them have, else the first one's."""
    people = sorted((m.start, m.end, m.value.role) for m in mentions if isinstance(m.value, Person))
    numbers = parties([(start, end) for start, end, _ in people], text)
    roles: dict[int, Counter[PersonRole]] = defaultdict(Counter)
    for (_, _, role), number in zip(people, numbers, strict=True):
        roles[number][role] += 1
    number_of = {start: number for (start, _, _), number in zip(people, numbers, strict=True)}
    for mention in mentions:
        value = mention.value
        if isinstance(value, Person):
            (role, _), *_ = roles[number_of[mention.start]].most_common(1)
            yield mention if role is value.role else replace(mention, value=replace(value, role=role))
        else:
            yield mention
