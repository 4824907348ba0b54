"""Businesses and trades -> :class:`~nlp.types.Business`: who is hit, what serves as a front, what is merely named.

Only articles that tell crimes are read: a trade in any other text is nobody's victim.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from nlp.lexicon import fold
from nlp.phrases import Covered, Found, words_of
from nlp.recognizers import Recognizer, text_of
from nlp.recognizers.businesses.companies import Company, named_companies
from nlp.recognizers.businesses.lexicon import Strength, Term, business_types, near, terms
from nlp.recognizers.businesses.roles import NEXT_DOOR, Scene, does_it, is_passed, places_of, role_of, scene
from nlp.recognizers.businesses.weighed import PARTS, SCENE, Part, business_features, business_weights
from nlp.recognizers.crimes import crime_cues
from nlp.recognizers.gangs.evidence import surroundings
from nlp.recognizers.situation import Neighbours
from nlp.sentences import sentence_spans
from nlp.types import Business, BusinessRole, Label, Mention
from nlp.weighing import Features

_NAME = re.compile(
    r" (?:[\"“‘«'](?P<quoted>[^\"“”‘’«»\n]{2,40})[\"”’»']|(?P<name>(?:N\.?[°º] ?\d+|[A-ZÁÉÍÓÚÑ][\w&'-]*(?:\.[\w&'-]+)*)"
    r"(?: (?:(?:de|del|y|la|los) )?(?:[A-ZÁÉÍÓÚÑ][\w&'-]*|\d+))*))"
)
_POINTER = re.compile(
    r"(?:LEE|LEA|MIRA|VEA|TE PUEDE INTERESAR|TAMBIÉN|VER MÁS|MÁS INFORMACIÓN|Lee también|Lea también)\b"
)
_EXTORTION = frozenset({"extorsion", "exigencia_extorsiva", "prestamo_extorsivo"})
_AGAINST_PEOPLE = frozenset(
    {
        "sicariato",
        "homicidio",
        "homicidio_calificado",
        "homicidio_tentativa",
        "feminicidio",
        "parricidio",
        "lesiones_graves",
    }
    | {"secuestro"}
)
_OVER_EXTORTION = 1.5
"""So many times as often as of extortion an article about crimes against people speaks of those."""
_EXTORTION_CUES = 2
"""So many words for extortion make an article one about it."""
_BESIDE = 15
"""Characters between a trade and the name of the company that it belongs to."""
_INSTITUTION = re.compile(r"[A-ZÁÉÍÓÚÑ]\w+ (?:de |del |de la )?[A-ZÁÉÍÓÚÑ]\Z")
"""A trade's word inside the name of an institution: "Autoridad de Transporte Urbano"."""
_MARKETS = frozenset({Strength.SURE, Strength.WEAK})
_BLOCKING = frozenset({Label.GANG, Label.PERSON, Label.PRISON})
LIKELY = 0.4
"""Likelihood from which a word is said to name a business that the crime touches."""


def find_businesses(doc: Doc) -> Iterator[Mention]:
    """Every business or trade of an article about crime, in text order."""
    seen = read_businesses(doc)
    folded = words_of(text_of(doc)).folded
    doers = {fold(mention.text) for mention, _ in seen if does_it(folded, mention.start, mention.end)}
    shares = business_weights().probabilities([features for _, features in seen])
    for (mention, features), share in zip(seen, shares, strict=True):
        likely = 1.0 - float(share[PARTS.index(Part.NOT)])
        assert isinstance(mention.value, Business)
        if likely >= LIKELY:
            likeliest = BusinessRole(PARTS[int(share[: len(BusinessRole)].argmax())])
            role = BusinessRole.CONTEXT if SCENE in features else likeliest
            if role is BusinessRole.VICTIM and fold(mention.text) in doers:
                continue
            yield replace(mention, value=replace(mention.value, role=role), score=round(likely, 3))


def read_businesses(doc: Doc) -> list[tuple[Mention, Features]]:
    """Every word for a business or trade, with what tells its part, in text order."""
    words = words_of(text_of(doc))
    sentences = sentence_spans(doc)
    starts = [start for start, _ in sentences]
    if not _about_crime(doc, starts):
        return []
    around = scene(words, starts)
    known, triage = doc._.mentions or (), doc._.triage
    blocked = Covered(len(words.text), ((m.start, m.end) for m in known if m.label in _BLOCKING))
    extortion = _about_extortion(doc)
    found = [*_trades(around, extortion=extortion), *_companies(around, extortion=extortion)]
    places = places_of(around) if _hits_people(doc) else frozenset()
    seen: list[tuple[Mention, Features]] = []
    near = Neighbours(known)
    told: set[str] = set()
    last = 0
    for mention, part in sorted(found, key=lambda each: (each[0].start, -each[0].end)):
        overlaps = blocked.meets(mention.start, mention.end)
        if mention.start >= last and not overlaps and not _elsewhere(words.text, mention.start):
            last = mention.end
            sentence = sentences[bisect_right(starts, mention.start) - 1]
            features = business_features(words, mention, part, near.about(mention.start), sentence, triage, told)
            assert isinstance(mention.value, Business)
            if mention.value.category in places or NEXT_DOOR.match(words.folded, mention.end):
                features[SCENE] = 1.0
            seen.append((mention, features))
    return seen


def _hits_people(doc: Doc) -> bool:
    """Whether the article tells of killed, hurt or kidnapped people more than of extortion."""
    told = Counter(cue.value.crime.type for cue in crime_cues(words_of(text_of(doc))))
    people = sum(told[crime] for crime in _AGAINST_PEOPLE)
    return people > _OVER_EXTORTION * sum(told[crime] for crime in _EXTORTION)


def _trades(around: Scene, *, extortion: bool) -> Iterator[tuple[Mention, Part]]:
    text = around.words.text
    transport = _most_common(around, prefix="transporte")
    market = any(hit.value.business.category == "mercado" and hit.value.strength in _MARKETS for hit in around.hits)
    roles = [(hit, role_of(hit, around, extortion=extortion)) for hit in around.hits if not is_passed(hit, around)]
    victims = {hit.value.business.category for hit, role in roles if role is BusinessRole.VICTIM}
    for hit, role in roles:
        strength = hit.value.strength
        if strength is Strength.COMPANY and not text[hit.start].isupper():
            continue
        shouted = text[hit.start : hit.end].isupper()  # in a headline in capitals every word looks like a name's
        if (
            strength is not Strength.COMPANY
            and not shouted
            and _INSTITUTION.search(text, max(0, hit.start - 40), hit.start + 1)
        ):
            continue
        also = role is BusinessRole.CONTEXT and hit.value.business.category in victims
        lost = (strength is Strength.MARKET and not market) or (strength is Strength.DRIVER and transport is None)
        part = Part.NOT if role is None or lost else Part.VICTIM if also else Part(role)
        yield _mention(text, hit, transport), part


def _about_extortion(doc: Doc) -> bool:
    triage = doc._.triage
    if triage is not None and _EXTORTION & set(triage.crime_types):
        return True
    return sum(cue.value.crime.type in _EXTORTION for cue in crime_cues(words_of(text_of(doc)))) >= _EXTORTION_CUES


def _companies(around: Scene, *, extortion: bool) -> Iterator[tuple[Mention, Part]]:
    """Companies known by nothing but a name: of the type of business that the article speaks of."""
    carrier = _most_common(around, prefix="transporte")
    main = carrier or _most_common(around) if extortion else None
    line = business_types()["empresa de transporte"]
    for start, end, kind in named_companies(around.words.text):
        if kind is Company.LINE:
            business: Business | None = line
        elif kind is Company.CARRIER:
            business = carrier or line
        else:
            business = _trade_before(around, start) or main
        if business is not None:
            mention = Mention(
                label=Label.BUSINESS,
                start=start,
                end=end,
                text=around.words.text[start:end],
                value=business,
                source="business/named",
                score=0.0,
            )
            yield mention, Part.VICTIM


def _trade_before(around: Scene, start: int) -> Business | None:
    """The trade named right before a company: "mototaxistas de Mico SAC"."""
    at = bisect_right(around.hit_ends, start)
    near = at > 0 and start - around.hit_ends[at - 1] <= _BESIDE
    return around.hits[at - 1].value.business if near else None


def _elsewhere(text: str, start: int) -> bool:
    """Whether the line only points to another article."""
    line = text.rfind("\n", 0, start) + 1
    return _POINTER.match(text, line) is not None


def _about_crime(doc: Doc, starts: list[int]) -> bool:
    triage = doc._.triage
    if triage is not None:
        return bool(triage.relevant)
    return surroundings(words_of(text_of(doc)), starts).tells_crime


def _most_common(around: Scene, prefix: str = "") -> Business | None:
    """The business that the article speaks of most; the drivers and the nameless companies in it are then of that kind."""
    kinds = Counter(
        hit.value.business
        for hit in around.hits
        if hit.value.business.category.startswith(prefix)
        and hit.value.strength in (Strength.SURE, Strength.VEHICLE, Strength.COMPANY)
    )
    return kinds.most_common(1)[0][0] if kinds else None


def _mention(text: str, hit: Found[Term], transport: Business | None) -> Mention:
    business = hit.value.business
    if hit.value.strength is Strength.DRIVER and transport is not None:
        business = transport
    end = hit.end
    shouted = text[hit.start : hit.end].isupper()
    name = _NAME.match(text, hit.end) if hit.value.strength is Strength.SURE and not shouted else None
    if name:
        end = name.end()
    return Mention(
        label=Label.BUSINESS,
        start=hit.start,
        end=end,
        text=text[hit.start : end],
        value=business,
        source=f"business/{hit.value.strength}",
        score=0.0,
    )


@Language.factory("business_recognizer")
def create(nlp: Language, name: str) -> Recognizer:
    """Make the component; reads the tables."""
    del nlp, name
    terms()
    near()
    business_weights()
    return Recognizer(find_businesses)
