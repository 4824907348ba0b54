"""When an event happened: the day of the act, as exact as the text has it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from nlp.events.acts import is_act
from nlp.events.kinds import Told
from nlp.events.scenes import Scene
from nlp.qualify import Sentence
from nlp.types import Crime, DatePrecision, DateSpan, Mention

Found = tuple[DateSpan, Mention]

_LONG_CAPTIVITY = timedelta(days=45)
_BESIDE = 45
_REPORTED_ON = re.compile(
    r"\b(?:present(?:ó|aron)|denuncia que|denunci(?:ó|aron)|inform(?:ó|aron)|acus(?:ó|aron)|solicit(?:ó|aron)|sentenci(?:ó|aron)"
    r"|conden(?:ó|aron)|pidi(?:ó|eron)|anunci(?:ó|aron)|confirm(?:ó|aron)|declar(?:ó|aron)|le[ií]d[oa]|emitid[oa]s?|dictad[oa]s?|enterr(?:ó|aron)|sepult(?:ó|aron)|vel(?:ó|aron)"
    r"|(?:señal|indic|remarc|precis|detall|explic|coment|agreg|revel|record|lament|asegur|afirm|manifest)(?:ó|aron)|dijo|dijeron|sostuvo|refirió"
    r"|(?:reportad|denunciad|notificad|comunicad)[oa]s?(?: (?:al?|ante) (?:la |las |el )?[^\W\d_]+)?)"
    r"(?: (?:la (?:polic[ií]a|pnp|fiscal[ií]a)|las autoridades|el (?:ministro|ministerio|general|coronel|alcalde|gobierno))(?: [^\W\d_]+){0,2}?)?"
    r"(?: (?:el|este|esta|en|la (?:noche|tarde|mañana) de(?:l)?))? $",
    re.IGNORECASE,
)
_ON_IT_REPORTED = re.compile(
    r",? (?:(?:el|la|los|las|un|una|su|sus) (?:[^\W\d_]+ ){1,3})?(?:present(?:ó|aron)|denunci(?:ó|aron)|inform(?:ó|aron)|anunci(?:ó|aron)|acus(?:ó|aron)|según|de acuerdo con)\b"
    r"|,? (?:el|la|los) (?:juez|jueza|jueces|juzgado|sala|fiscal|fiscalía|tribunal|corte|poder judicial|ministerio público)\b",
    re.IGNORECASE,
)
_OCCURRED = re.compile(
    r"\b(?:ocurri(?:ó|eron|d[oa]s?)|se (?:registr|produj|perpetr|remont)\w+|sucedi(?:ó|eron|d[oa]s?)|tuv(?:o|ieron) lugar|acontec\w+)\b[^.;:]{0,25}$",
    re.IGNORECASE,
)
"""Before the day that something happened on, as against those of who was caught or told of it."""
_RULE = re.compile(r"\bemergencia\b[^.;]*\b(?:desde|hasta)(?: el)? $", re.IGNORECASE)
"""Before the day from which, or until which, a state of emergency holds."""
_LASTING = re.compile(
    r"\b(?:oper|funcion|trabaj|labor|viv|resid|atiend|existe|dirig|administr|conduc|lidera|llev|tien|vend|empez|comenz|inici)\w*(?: [^\W\d_]+){0,4}? (?:desde )?$"
    r"|\bdesde $",
    re.IGNORECASE,
)
"""Before "hace 22 años": how long something has been so, and no day that anything was done on."""
_OTHERS = re.compile(
    r"\b(?:otr[oa]s? (?:(?:dos|tres|cuatro|cinco|varios|presunt[oa]s?) )*(?:extorsionador[ae]?s?|sujetos?|delincuentes?|integrantes?|negocios?|v[ií]ctimas?|locales|local|empresas?|vecin[oa]s?|comerciantes?|transportistas?|colegios?|bodegas?)|(?:ataques?|hechos?|casos?|atentados?) similar(?:es)?)\b",
    re.IGNORECASE,
)
"""In a sentence with vague words for a time: what happened to others then."""
_CAUGHT_IN = re.compile(
    r"\b(?:fue|fueron|estuvo|ha sido|hab[ií]an? sido) (?:[^\W\d_]+ )?(?:detenid|capturad|intervenid|retenid|apresad|arrestad|recluid)[oa]s? (?:en |el )$",
    re.IGNORECASE,
)
"""Before the month in which somebody was caught at another time."""
_SIGNED = re.compile(r"\W*[A-ZÁÉÍÓÚÑ][^\W\d]*(?: [^\W\d]+){0,4}, (?:el )?")
"""What stands before the date of a press release in a line of its own: "Puerto Maldonado, 31 de agosto de 2023."."""
_VAGUE = ("dates/ago", "dates/back", "dates/week")
_SURE_DATE, _DOUBTFUL_DATE = 0.45, 0.2
_FAR = 10_000


def when(scene: Scene, told: Told, text: str, published: datetime) -> Found | None:
    """The day of the act: past, no background, as exact as the text has it; the first, and nearest to the act.

    A kidnapping has the earliest day of its story. A year dates an act of its own sentence only; so does a month, unless
    no other sure words date it. A month in which somebody "had already been" caught dates nothing.
    """
    dated = []
    for sentence in scene.sentences:
        acting = [mention.start for mention in sentence.mentions if is_act(mention)]
        abducted = told.family == "kidnapping" and any(_is_abduction(mention) for mention in sentence.mentions)
        for mention in sentence.mentions:
            value = mention.value
            if not isinstance(value, DateSpan) or not _can_date(mention, value, published, told=bool(acting)):
                continue
            if (
                is_of_report(text, mention)
                or _RULE.search(text, sentence.start, mention.start)
                or _is_vague(text, mention, sentence)
                or _is_signature(text, mention, sentence)
                or (value.precision is not DatePrecision.DAY and _is_of_record(scene, sentence, mention, text))
            ):
                continue
            distance = min((abs(mention.start - start) for start in acting), default=_FAR)
            order = (
                mention.score < _SURE_DATE,
                value.precision is DatePrecision.MONTH and not acting,
                not abducted,
                sentence.background,
                value.precision is not DatePrecision.DAY,
                _OCCURRED.search(text, max(sentence.start, mention.start - 2 * _BESIDE), mention.start) is None,
            )
            dated.append(((*order, sentence.index, distance), value, mention))
    if not dated:
        return None
    if told.family == "kidnapping":
        recent = published.date() - _LONG_CAPTIVITY
        days = [item for item in dated if item[1].precision is DatePrecision.DAY and item[1].start >= recent]
        if days:
            _, value, mention = min(days, key=lambda item: (item[1].start, item[0]))
            return value, mention
    _, value, mention = min(dated, key=lambda item: item[0])
    return value, mention


def is_of_report(text: str, mention: Mention) -> bool:
    """Whether a day is that of a complaint, a charge or a statement."""
    before, after = text[max(0, mention.start - _BESIDE) : mention.start], text[mention.end : mention.end + _BESIDE]
    return _REPORTED_ON.search(before) is not None or _ON_IT_REPORTED.match(after) is not None


def _is_vague(text: str, mention: Mention, sentence: Sentence) -> bool:
    """Whether vague words tell how long something has been so, or when something happened to others."""
    if mention.source not in _VAGUE:
        return False
    lasts = mention.source == "dates/ago" and _LASTING.search(text, sentence.start, mention.start) is not None
    return lasts or _OTHERS.search(text, sentence.start, sentence.end) is not None


def _is_of_record(scene: Scene, sentence: Sentence, mention: Mention, text: str) -> bool:
    """Whether a month is one in which somebody was caught before, or one of a background, and the scene tells no such act."""
    caught = _CAUGHT_IN.search(text, max(sentence.start, mention.start - _BESIDE), mention.start) is not None
    return sentence.background or (caught and scene.main)


def _is_signature(text: str, mention: Mention, sentence: Sentence) -> bool:
    """Whether a sentence is nothing but a place and a day: that of the press release."""
    before, after = text[sentence.start : mention.start], text[mention.end : sentence.end]
    return _SIGNED.fullmatch(before) is not None and not re.search(r"\w", after)


def _is_abduction(mention: Mention) -> bool:
    return isinstance(mention.value, Crime) and mention.value.type == "secuestro"


def _can_date(mention: Mention, value: DateSpan, published: datetime, *, told: bool) -> bool:
    if value.start > published.date() or mention.score < _DOUBTFUL_DATE:
        return False
    if value.precision is DatePrecision.MONTH:
        return mention.score >= _SURE_DATE
    return told or value.precision is not DatePrecision.YEAR
