"""Who says something in a sentence: names, offices, guilds and institutions that its words let speak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from nlp.claims.times import months
from nlp.claims.units import units
from nlp.gazetteer import PERU
from nlp.lexicon import fold, read_table
from nlp.patterns import PatternTable, any_of
from nlp.phrases import words_of
from nlp.qualify import Sentence
from nlp.types import Person, PersonRole, Place

_SAYS = any_of(
    [
        "acumul",
        "admiti",
        "adviert",
        "advirti",
        "afirm",
        "agreg",
        "alert",
        "apunt",
        "argument",
        "asegur",
        "atend",
        "atribuy",
        "añadi",
        "calcul",
        "cifr",
        "coment",
        "concluy",
        "confirm",
        "conoc",
        "consider",
        "cont",
        "confes",
        "contabiliz",
        "cre",
        "cuent",
        "declar",
        "denunci",
        "desarticul",
        "describ",
        "destac",
        "detall",
        "detect",
        "dic",
        "dij",
        "document",
        "estim",
        "explic",
        "grafic",
        "identific",
        "indic",
        "inform",
        "lament",
        "manej",
        "manifest",
        "matiz",
        "opin",
        "precis",
        "present",
        "proyect",
        "public",
        "recib",
        "recogi",
        "reconoc",
        "record",
        "refier",
        "refiri",
        "registr",
        "report",
        "respond",
        "revel",
        "señal",
        "sosten",
        "sostien",
        "sostuv",
        "subray",
        "vincul",
    ]
)
_SPEECH = PatternTable([rf"{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en)?\b"], cased=True)
_NAMED = r"(?!(?:El|La|Los|Las|Se|Le|Les|Lo|No|Un|Una|Su|Sus|En|Ya|Al|Este|Esta|Estos|Estas|Ese|Esa|Esos|Esas|Otro|Otra|Otros|Otras|Cada|Entre|Desde|Hasta|Según|Para|Por|Con|Sin|Durante|Tras|Además|Solo|Hay|Como|Así|Quien|Esto|Eso|Todo|Asimismo|También|Uno|Dos|Tres|Cuatro|Cinco|Seis|Siete|Ocho|Nueve|Diez|Once|Doce|Más|Casi|Unos|Unas|Cerca|Apenas|Mientras|Aunque|Cuando|Pero|Sobre|Tras|Conforme|Hoy|Ayer|Enero|Febrero|Marzo|Abril|Mayo|Junio|Julio|Agosto|Septiembre|Setiembre|Octubre|Noviembre|Diciembre)\b)[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+(?:\s(?:(?:de|del|de la|de los|de las|y|e|para|contra la|contra el)\s)?[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+){0,7}"
_HAS_SAID = rf"(?:ha|han|había|habían) (?:ya )?(?:{_SAYS}(?:ado|ido)|abierto|visto|dicho)"
_BODY_SAYS = re.compile(
    rf"(?:^|(?<=[.,;:“\"] )|(?<=[yY] )|(?<=[qQ]ue )|(?<=[pP]ero ))(?:(?:[Ee]l|[Ll]a|[Ll]os|[Ll]as)\s)?(?P<who>{_NAMED}(?:\s\([^()]{{2,20}}\)| 20\d\d)?)(?:, [^,.;:“”]{{3,60}},)?\s(?:(?:le |lo |la |se |ya |también )?{_SAYS}"
    rf"(?:ó|o|a|e|ió|aron|an|ieron|en)|{_HAS_SAID})\b"
)
_ACTS = (
    "(?:abr|analiz|atrap|captur|cerr|decomis|deten|detuv|dict|emit|encontr|hall|impus|incaut|intervin|investig|liber|rescat|revis|sancion"
    "|tien|tramit|tuv)"
)
_BODY_ACTS = re.compile(
    rf"(?:^|(?<=[.,;:“\"] )|(?<=[yY] )|(?<=[qQ]ue )|(?<=[pP]ero ))(?:(?:[Ee]l|[Ll]a|[Ll]os|[Ll]as)\s)?(?P<who>{_NAMED}(?:\s\([^()]{{2,20}}\))?)"
    rf"\s(?:(?:ya |solo |apenas ){{0,2}}{_ACTS}(?:ó|o|e|ió|aron|ieron|en)|(?:ha|han|había|habían) (?:(?:ya|solo|apenas) ){{0,2}}(?:{_ACTS}(?:ado|ido)|abierto|impuesto))\b"
)
"""An institution of whose doings the figures are: "la Fiscalía ha abierto 34 carpetas"."""
_BY_WHICH = re.compile(
    r"\b(?P<who>(?:informe|reporte|estudio|documento|balance|encuesta|sondeo|registro|recuento|análisis)s?(?: [^\s,.;:()“”]+){0,8}?),? (?:según|de acuerdo (?:con|a)) (?:el|la|los|las) cual(?:es)?\b"
)
"""``un informe policial según el cual``."""
_SAYS_BODY = re.compile(
    rf"\b{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en)\s(?:el|la|los|las)\s(?P<who>{_NAMED}(?:\s\([^()]{{2,20}}\))?)"
)
_SAYS_NAME = re.compile(rf"\b{_SAYS}(?:ó|ió|aron|ieron|a|e|en|an)\s(?P<who>{_NAMED})")
QUOTE_SAID = re.compile(rf"[^“”«»\n]*[”»],?\s{_SAYS}(?:ó|ió|a|e)\s(?P<who>{_NAMED})")
"""Behind a figure in a quotation: who is named right after it."""
_FOR = re.compile(r"Para (?:el|la|los|las) ")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_ACRONYM = re.compile(r"\s\((?P<short>[A-ZÁÉÍÓÚÑ][\wÁÉÍÓÚÑáéíóúñ-]{1,14})\)")
_ACCORDING = PatternTable(
    [
        r"(?:[Ss]egún|[Dd]e acuerdo (?:con|a)|[Cc]onforme(?: a)?|[Ee]n palabras de|(?:[Dd]atos|[Cc]ifras|[Rr]eporte|[Ii]nforme) de(?=\s(?:el|la|los|las|un|una|su|[A-ZÁÉÍÓÚÑ]))"
        r"|[Ff]uente:)\s(?:(?:lo )?(?:que )?(?:ha(?:n)? )?(?:inform|report|revel|precis|detall|indic|señal|asegur|afirm|explic|manifest|declar|estim|confirm|cont|denunci|coment|advirti|public|registr|calcul|sosten|dij|refiri)(?:ó|o|aron|a|an|ad[oa]|id[oa]|eron|ieron)\s(?:por )?"
        r"(?:a (?:este (?:diario|medio)|[A-ZÁÉÍÓÚÑ]{2,10})\s)?|lo (?:dio|dieron) a conocer\s)?(?:(?:(?:datos|cifras|información|reportes|un informe|el reporte|el balance|fuentes) (?:de|del)"
        r"|(?:un|el) (?:informe|estudio|reporte|análisis) (?:elaborado|realizado|publicado|difundido|presentado) por) )?"
        r"(?:(?:el|la|los|las|un|una|su|del)\s)?(?P<who>(?:[^,.;:()“”\n]|(?<=\b(?:Crl|Cnl|Col|Cmd|Cap|May|Ing|Abg|Lic|Gra))\.|(?<=\b(?:Gral|Cmdt|Tnte))\.|(?<=\b(?:Dr|Sr|My))\.|(?<=\b(?:Dra|Sra))\.){3,80})"
    ],
    cased=True,
)
_VERBAL = re.compile(
    rf"(?:se|lo|le|les|ha|han|había|habían)\s|{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en)(?: (?:ayer|hoy|este \w+))?$"
)
_WHO_END = re.compile(
    r"\s(?:que|quien|quienes|en el|en la|en lo|en un|en una|durante|entre|desde|hasta|se|solo|hay|hubo|ya|(?:realiz|elabor|public|difund|divulg|present|obten|encarg)[ai]d[oa]s?)\b.*$"
)
_INSTITUTION = re.compile(
    r"\b(?:[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+)(?:\s(?:(?:de|del|de la|de los|y|e|para|contra la|contra el)\s)?[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+){0,6}"
)
_GENERIC = re.compile(
    r"(?:balance|bolet[ií]n|informe|recuento|conteo|tesis|gremio|entidad|instituci[oó]n|organizaci[oó]n$|organismo|medio|titular|voceros?|voceras?|presidente|presidenta"
    r"|director|directora|contador|mism[oa]s?|propi[oa]s?|dich[oa]s?|citad[oa]s?|sondeo$|encuesta$|reporte|cifras|datos|estad[ií]sticas|registros?|fuentes?"
    r"|[úu]ltim[oa]s? (?:informe|reporte|balance|bolet[ií]n|estudio|encuesta)$|protocolos?|normas?|c[oó]digo|decreto|reglamento|procedimientos?|cronograma|contrato"
    r"|versi[oó]n|ley|ellos|ellas|est[aeo]s?|es[aeo]s?|otr[oa]s|a[ñn]os?|(?:la )?cual(?:es)?|quien(?:es)?"
    r"|g[eé]nero|sexo|edad(?:es)?|tipos?|modalidad(?:es)?|nacionalidad(?:es)?|rubros?|monto|caso|gravedad|peligrosidad|tama[ñn]o|ubicaci[oó]n|zonas?|fecha|hora)\b",
    re.IGNORECASE,
)
_GENERIC_SUBJECT = re.compile(
    r"\b(?:[Ee]l|[Ll]a|[Ss]u|[Ee]ste|[Ee]sta|[Dd]el) (?:(?:mism[oa]|propi[oa]|citad[oa]) )?(?:balance|bolet[ií]n|informe|recuento|conteo|tesis|gremio|entidad|instituci[oó]n|organizaci[oó]n"
    r"|organismo|medio|titular|vocer[oa]|president[ea]|director|directora|dirigente|documento|estudio|encuesta|sondeo|reporte|funcionari[oa]|oficial|especialista|fiscal|ministr[oa]|alcalde|alcaldesa|coronel|general"
    r"|investigador|investigadora|asociaci[oó]n|c[aá]mara|acusaci[oó]n|experto|experta|economista)\b(?! (?:del? )?[A-ZÁÉÍÓÚÑ])"
)
"""Someone whom another sentence has named: "el gremio calcula", "según el mismo informe"."""
_GOES_ON = re.compile(
    rf"(?:^|[,;”\"] |\b[YyQq](?:ue)? )(?:[Aa]simismo,? |[Aa]demás,? |[Tt]ambién )?{_SAYS}(?:ó|io|ió)\b|\b(?:agregó|añadió|precisó|detalló|indicó|dijo)\b",
    re.IGNORECASE,
)
"""Someone goes on to say."""
_POLICE_COUNT = re.compile(r"\b(?:conteo|cifras?|datos|estad[ií]sticas?|registros?|reportes?) policial(?:es)?\b")
_OFFICE_BEFORE = re.compile(r"(?:\s?\([^()]{1,30}\))?,?\s(?:[^\W\d]+\.?\s){0,4}")
_OFFICE_AFTER = re.compile(r"(?!,\s(?:el|la|los|las)\s\Z),?\s[^.;:“”]{0,80}?")
"""Between the name of a person and that of the institution that it speaks for."""
_ITS_HEAD = re.compile(
    r"\bsu (?:jef[ea]|director[a]?|president[ea]|titular|vocer[oa]|secretari[oa]|gerente|comandante|decan[oa]|coordinador[a]?),? (?:(?:el|la) )?(?:[^\W\d]+ ){0,3}\Z"
)
"""Right before the name of a person: it speaks for the institution that the sentence has named."""
_ARTICLE = re.compile(r"^(?:El|La|Los|Las|Un|Una)\s")


@lru_cache(maxsize=1)
def _national() -> re.Pattern[str]:
    """Institutions whose figures are of the country."""
    return _any_of(row["pattern"] for row in _speakers() if row["reach"] == PERU)


@lru_cache(maxsize=1)
def _known_institution() -> re.Pattern[str]:
    return _any_of(row["pattern"] for row in _speakers())


def _speakers() -> Iterator[dict[str, str]]:
    return read_table("speakers.csv", frozenset({"pattern", "reach", "note"}))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})\b")


def named_speaker(sentence: Sentence, text: str) -> str | None:
    """The speaker that a sentence names, as written: after "según", who speaks, or whose figures they are."""
    told = text[sentence.start : sentence.end]
    unquoted = _QUOTED.sub(lambda match: " " * len(match[0]), told)
    according = _ACCORDING.search(words_of(told))
    if according:
        who = _WHO_END.sub("", according["who"]).strip()
        if who and not _is_no_source(who):
            start = sentence.start + according.start("who")
            named = _person_in(sentence, start, start + len(who))
            return with_office(named, told) if named else _with_acronym(who, told, according.start("who"))
    if according or _SPEECH.search(words_of(told)) or _FOR.match(told):
        people = [
            m.text for m in sentence.mentions if isinstance(m.value, Person) and m.value.role is not PersonRole.SUSPECT
        ]
        if people:
            return with_office(people[0], told)
    if _POLICE_COUNT.search(told):
        return "Policía Nacional"
    for pattern in (_BODY_SAYS, _SAYS_BODY):
        body = pattern.search(unquoted)
        if body and not _is_place(sentence, sentence.start + body.start("who"), sentence.start + body.end("who"), text):
            return body["who"]
    subject = _subjects().search(words_of(unquoted))
    return subject["who"] if subject else _institution(unquoted)


def _person_in(sentence: Sentence, start: int, end: int) -> str | None:
    """The first person named in a stretch."""
    return next((m.text for m in sentence.mentions if isinstance(m.value, Person) and start <= m.start < end), None)


def _is_no_source(who: str) -> bool:
    """Whether what stands after "según" or "datos de" names nobody: "el mismo informe", "otros años", "homicidios"."""
    return bool(_GENERIC.match(who) or _VERBAL.match(who)) or fold(who.split(maxsplit=1)[0]) in units()


def kind_of(name: str | None) -> str:
    """What a source is, by the first word of its name that tells: police, guild, study … ; ``person`` when none does."""
    if name is None:
        return "nobody"
    folded = fold(name)
    found = _kinds_pattern().search(folded)
    return _kinds()[found[1]] if found else "person" if " " in folded else "other"


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {row["beginning"]: row["kind"] for row in read_table("speaker_kinds.csv", frozenset({"beginning", "kind"}))}


@lru_cache(maxsize=1)
def _kinds_pattern() -> re.Pattern[str]:
    beginnings = sorted(_kinds(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, beginnings))})")


def saying(told: str) -> str:
    """How a sentence attributes what it tells: to someone ``generic``, ``goes on`` without a subject, ``silent``."""
    if _GENERIC_SUBJECT.search(told):
        return "generic"
    return "goes on" if _GOES_ON.search(told) else "told" if speaks(told) else "silent"


@lru_cache(maxsize=256)
def speaks(told: str) -> bool:
    """Whether a sentence says that someone says something. The last answers are kept: each figure asks again."""
    return (
        _SPEECH.search(words_of(told)) is not None
        or _ACCORDING.search(words_of(told)) is not None
        or _FOR.match(told) is not None
    )


def according_to(sentence: Sentence, text: str) -> Iterator[tuple[int, int, str]]:
    """Whom a sentence names after "según" and its like, with offsets."""
    told = text[sentence.start : sentence.end]
    for match in _ACCORDING.finditer(words_of(told)):
        who = _WHO_END.sub("", match["who"]).strip()
        if who and not _is_no_source(who):
            start = sentence.start + match.start("who")
            yield start, start + len(who), _with_acronym(who, told, match.start("who"))


def is_bare(who: str) -> bool:
    """Whether a source is told by a common noun alone, which another sentence may have named: ``el dirigente``, ``el informe``."""
    return _GENERIC.match(who) is not None or (" " not in who and who.islower())


def bodies_speaking(sentence: Sentence, text: str) -> Iterator[tuple[int, int, str, str]]:
    """Names, guilds and offices that a sentence lets speak, with offsets and how."""
    told = _QUOTED.sub(lambda match: " " * len(match[0]), text[sentence.start : sentence.end])
    for how, found in (
        ("speaking", _BODY_SAYS.finditer(told)),
        ("acting", _BODY_ACTS.finditer(told)),
        ("said by", _SAYS_BODY.finditer(told)),
        ("by which", _BY_WHICH.finditer(told)),
        ("name said", _SAYS_NAME.finditer(told)),
        ("office", _subjects().finditer(words_of(told))),
        ("office behind", _saying_heads().finditer(words_of(told))),
    ):
        for match in found:
            start, end = sentence.start + match.start("who"), sentence.start + match.end("who")
            if not _is_place(sentence, start, end, text):
                yield start, end, match["who"], how
    if count := _POLICE_COUNT.search(told):
        yield sentence.start + count.start(), sentence.start + count.end(), "Policía Nacional", "police count"


def institutions_in(sentence: Sentence, text: str) -> Iterator[tuple[int, int, str]]:
    """Institutions that a sentence names, in their longest form, with offsets."""
    for start, end, who in _institutions(text[sentence.start : sentence.end]):
        yield sentence.start + start, sentence.start + end, who


def _institutions(told: str) -> Iterator[tuple[int, int, str]]:
    for match in _INSTITUTION.finditer(told):
        if _known_institution().search(match[0]):
            yield match.start(), match.end(), _ARTICLE.sub("", _with_acronym(match[0], told, match.start()))


def with_office(person: str, told: str) -> str:
    """A person with the institution that the sentence names beside: "el jefe de la Región Policial, Luis Rojas"."""
    at = told.find(person)
    for start, end, who in _institutions(told.replace(person, "·" * len(person))):
        gap = told[end:at] if end <= at else told[at + len(person) : start]
        if end <= at and _ITS_HEAD.search(gap):
            return f"{person}, {who}"
        beside = (_OFFICE_BEFORE if end <= at else _OFFICE_AFTER).fullmatch(gap)
        if beside and not _SPEECH.search(words_of(gap)):
            return f"{person}, {who}"
    return person


@lru_cache(maxsize=1)
def _subjects() -> PatternTable:
    """Who speaks without a name: ``el gremio de transportistas contabiliza``, ``los armadores de Loreto denuncian``."""
    times = "|".join(f"(?<={word} )" for word in ("año", "mes", "semana", *months()))
    heads = "|".join(row["word"] for row in read_table("speaker_heads.csv", frozenset({"word"})))
    return PatternTable(
        [
            rf"(?:^|(?<=[.,;:“\"] )|(?<=[yY] )|(?<=\d )|{times})(?:[Ee]l|[Ll]a|[Ll]os|[Ll]as|[Uu]na?|[Ss]u(?! (?:gremio|asociación|federación|sindicato|junta|comité)\b)) (?P<who>(?:{heads})(?: (?:que (?:l[oa]s )?(?:agrup|re[uú]n|represent|congreg)\w+|(?!(?:es|son|fue|fueron|ha|han|que|se|no|da|dan|dio|dieron)\b)[^\s,.;:“”]+)){{0,9}}?)"
            rf"(?:, [^,.;:“”]{{3,60}},)? (?:(?:(?:le|les|ya|también|solo|no) ){{0,2}}{_SAYS}(?:ó|o|a|e|ió|aron|an|ieron|en)"
            rf"|(?:han?|había|habían) (?:ya )?{_SAYS}(?:ado|ido)|(?<!informe )(?<!reporte )(?<!documento )(?<!balance )(?:da|dan|dio|dieron) cuenta)\b"
        ],
        cased=True,
    )


@lru_cache(maxsize=1)
def _saying_heads() -> PatternTable:
    """Who speaks without a name, behind its verb: ``reveló un socio``, ``indicó hace poco un informe periodístico``."""
    heads = "|".join(row["word"] for row in read_table("speaker_heads.csv", frozenset({"word"})))
    return PatternTable(
        [
            rf"{_SAYS}(?:ó|ió|aron|ieron|a|e|an|en)(?: (?!que\b|el\b|la\b|un\b|una\b)[^\s,.;:“”]+){{0,3}} (?:el|la|los|las|una?|su) (?P<who>(?:{heads})(?: (?!que\b|en\b|al?\b|tras\b|y\b)[^\s,.;:()“”]+){{0,6}})"
        ],
        cased=True,
    )


def _is_place(sentence: Sentence, start: int, end: int, text: str) -> bool:
    """Whether a name is that of places alone: "Puno y Junín"."""
    places = [m for m in sentence.mentions if isinstance(m.value, Place) and start < m.end and m.start < end]
    inside = "".join(
        character
        for offset, character in enumerate(text[start:end], start)
        if not any(m.start <= offset < m.end for m in places)
    )
    return bool(places) and inside == inside.lower()


def _with_acronym(who: str, told: str, start: int) -> str:
    """``Sistema de Denuncias (Sidpol)``: later sentences use either."""
    short = _ACRONYM.match(told, start + len(who))
    return f"{who}{short[0]}" if short else who


def _institution(told: str) -> str | None:
    known: str | None = max(_known_institution().findall(told), key=len, default=None)
    if known is None:
        return None
    longer = next((match for match in _INSTITUTION.finditer(told) if known in match[0]), None)
    if longer is None:
        return known
    return _ARTICLE.sub("", _with_acronym(longer[0], told, longer.start()))


def is_national(speaker: str) -> bool:
    """Whether figures of such an institution are of the country, unless another area is named."""
    return _national().search(speaker) is not None
