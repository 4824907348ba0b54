"""The vocabulary of extraction: mentions and their values, events, claims, and the Extraction that holds them.

The terms and their meaning follow the project's annotation guide. Offsets are character offsets (Python ``str``)
into the article's text, ``title + "\\n\\n" + body``; for every mention ``text[start:end] == mention.text``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field


class Label(StrEnum):
    """Kinds of mention."""

    MONEY = "MONEY"
    PLACE = "PLACE"
    GANG = "GANG"
    BUSINESS = "BUSINESS"
    CRIME = "CRIME"
    PRISON = "PRISON"
    PERSON = "PERSON"
    METHOD = "METHOD"
    DATE = "DATE"
    COUNT = "COUNT"


class MoneyRole(StrEnum):
    """What a sum of money was for. ``INCOME`` is a gang's; a civil reparation is a ``FINE``."""

    DEMANDED = "demanded"
    PAID = "paid"
    STOLEN = "stolen"
    SEIZED = "seized"
    RANSOM = "ransom"
    LOAN = "loan"
    REWARD = "reward"
    CONTRACT_KILLING = "contract_killing"
    DAMAGE = "damage"
    INCOME = "income"
    FINE = "fine"
    BUDGET = "budget"
    PRICE = "price"
    OTHER = "other"


class MoneyPeriod(StrEnum):
    """How often a sum is due; ``None`` in a field means that the text does not say."""

    ONCE = "once"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    YEAR = "year"
    PER_TRIP = "per_trip"


class Comparator(StrEnum):
    """How a stated quantity relates to the true one."""

    EXACTLY = "exactly"
    AROUND = "around"
    OVER = "over"
    UNDER = "under"
    BETWEEN = "between"


class PlaceLevel(StrEnum):
    """Administrative level of the code of a place."""

    COUNTRY = "country"
    REGION = "region"
    PROVINCE = "province"
    DISTRICT = "district"


class Precision(StrEnum):
    """What the coordinates of a place stand for."""

    POINT = "point"
    NEIGHBOURHOOD = "neighbourhood"
    DISTRICT = "district"
    PROVINCE = "province"
    REGION = "region"
    COUNTRY = "country"


class PlaceRole(StrEnum):
    """What happened, or is, at a place, according to the sentence that names it."""

    INCIDENT = "incident"
    OPERATION = "operation"
    GANG_BASE = "gang_base"
    ROUTE = "route"
    PRISON = "prison"
    ORIGIN = "origin"
    DATELINE = "dateline"
    CONTEXT = "context"


class BusinessRole(StrEnum):
    """Part that a business plays: hit by the crime, used by criminals, or merely named."""

    VICTIM = "victim"
    FRONT = "front"
    CONTEXT = "context"


class PersonRole(StrEnum):
    """Part that a person plays in the article."""

    SUSPECT = "suspect"
    VICTIM = "victim"
    AUTHORITY = "authority"
    WITNESS = "witness"
    OTHER = "other"


class CountOf(StrEnum):
    """What is counted."""

    DEAD = "dead"
    INJURED = "injured"
    ARRESTED = "arrested"
    KIDNAPPED = "kidnapped"
    VEHICLES = "vehicles"
    COMPLAINTS = "complaints"
    MEMBERS = "members"
    SHOTS = "shots"
    OTHER = "other"


class DatePrecision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class Modality(StrEnum):
    """How the article presents an event: as a fact, an allegation, a threat, or a thing to come."""

    ASSERTED = "asserted"
    ALLEGED = "alleged"
    THREATENED = "threatened"
    HYPOTHETICAL = "hypothetical"


class Polarity(StrEnum):
    """Whether the article says that it happened, or denies it."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class LegalStatus(StrEnum):
    """Legal state of an official's involvement in a crime."""

    ALLEGED = "alleged"
    INVESTIGATED = "investigated"
    CHARGED = "charged"
    CONVICTED = "convicted"


class ArticleKind(StrEnum):
    """What sort of article it is."""

    INCIDENT = "incident"
    ROUNDUP = "roundup"
    STATISTICS = "statistics"
    POLICY = "policy"
    JUDICIAL = "judicial"
    EXPLAINER = "explainer"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A sum or a range. One value has ``min == max``; an open bound is ``None``; never both.

    ``min_pen`` … ``max_usd`` are the bounds converted at the rate of the article's month (``nlp/data/exchange_rates.csv``),
    ``None`` where the bound is open or the currency has no rate.
    """

    kind: Literal["money"] = "money"
    min: float | None
    """Lower bound, in its currency."""
    max: float | None
    """Upper bound, in its currency."""
    currency: str
    """ISO 4217 code."""
    period: MoneyPeriod | None = None
    """How often it is due."""
    role: MoneyRole = MoneyRole.OTHER
    """What it was for."""
    comparator: Comparator = Comparator.EXACTLY
    """How the stated sum relates to the true one."""
    min_pen: float | None = None
    """Lower bound in soles."""
    max_pen: float | None = None
    """Upper bound in soles."""
    min_usd: float | None = None
    """Lower bound in US dollars."""
    max_usd: float | None = None
    """Upper bound in US dollars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as written, linked to INEI's code when the link is sure.

    ``ubigeo`` has 6 digits for a district, 4 for a province, 2 for a region; ``PE`` for Peru; an ISO 3166 alpha-2 code for
    another country; ``None`` when it cannot be told, and then ``candidates`` holds the codes that it could be.
    """

    kind: Literal["place"] = "place"
    name: str
    """As written."""
    ubigeo: str | None = None
    """INEI's code, or a country's."""
    level: PlaceLevel | None = None
    """Administrative level of the code."""
    lat: float | None = None
    """Degrees, WGS 84."""
    lon: float | None = None
    """The same."""
    precision: Precision | None = None
    """What the point stands for."""
    role: PlaceRole = PlaceRole.CONTEXT
    """What happened there."""
    candidates: tuple[str, ...] = ()
    """Codes that it could be, when it cannot be told which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gang:
    """A criminal group, according to the press. ``id`` is a row of ``nlp/data/gangs.csv`` or ``None``."""

    kind: Literal["gang"] = "gang"
    name: str
    """Its fullest form in the article."""
    id: str | None = None
    """Id in the registry, when it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A business or trade, as a lemma of ``nlp/data/business_types.csv`` with its category and CIIU rev. 4 class."""

    kind: Literal["business"] = "business"
    type: str
    """Lemma of the type of business."""
    category: str
    """Category of the type."""
    ciiu: str | None = None
    """Class of CIIU rev. 4."""
    role: BusinessRole = BusinessRole.CONTEXT
    """Part that it plays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crime:
    """A crime type (``nlp/data/crime_types.csv``) with its article of the Penal Code of Peru and its ICCS code."""

    kind: Literal["crime"] = "crime"
    type: str
    """Id of the type of crime."""
    penal_code: str | None = None
    """Article of the Penal Code of Peru."""
    iccs: str | None = None
    """Code of the International Classification of Crime for Statistical Purposes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prison:
    """A prison; ``id`` is a row of ``nlp/data/prisons.csv`` or ``None`` when it is not known which."""

    kind: Literal["prison"] = "prison"
    name: str
    """As written."""
    id: str | None = None
    """Id in the table of prisons, when it is known which."""
    ubigeo: str | None = None
    """INEI's code of where it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person named in full, with the nicknames that the article gives."""

    kind: Literal["person"] = "person"
    name: str
    """In full, as written."""
    role: PersonRole = PersonRole.OTHER
    """Part that the person plays."""
    aliases: tuple[str, ...] = ()
    """Nicknames that the article gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a crime was done: channel, weapon, symbolic threat, payment (``nlp/data/methods.csv``)."""

    kind: Literal["method"] = "method"
    type: str
    """Id of the method."""
    facet: str
    """What it tells: channel, weapon, symbolic threat, payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """When something happened: first and last possible day in Lima, with the precision that the text supports."""

    kind: Literal["date"] = "date"
    start: date
    """First possible day."""
    end: date
    """Last possible day."""
    precision: DatePrecision = DatePrecision.DAY
    """How exactly the text tells it."""

    @property
    def iso(self) -> str:
        """``2025-10-14``, ``2025-10`` (a month), ``2025`` (a year), else the interval ``start/end``."""
        match self.precision:
            case DatePrecision.DAY if self.start == self.end:
                return self.start.isoformat()
            case DatePrecision.MONTH if (self.start.year, self.start.month) == (self.end.year, self.end.month):
                return f"{self.start:%Y-%m}"
            case DatePrecision.YEAR if self.start.year == self.end.year:
                return f"{self.start:%Y}"
            case _:
                return f"{self.start.isoformat()}/{self.end.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of people or things."""

    kind: Literal["count"] = "count"
    value: int
    """The number."""
    of: CountOf
    """What is counted."""
    comparator: Comparator = Comparator.EXACTLY
    """How the stated number relates to the true one."""


Value = Annotated[
    Money | Place | Gang | Business | Crime | Prison | Person | Method | DateSpan | Count, Field(discriminator="kind")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span of the text and what it means."""

    label: Label
    """Kind of mention."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last character."""
    text: str
    """The words."""
    value: Value
    """What they mean."""
    source: str
    """Component and rule that found it, e.g. ``money/symbol`` or ``ner/es_core_news_sm``."""
    score: float
    """Confidence, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The characters that a field of an event or claim came from."""

    field: str
    """Name of the field, e.g. ``money``; ``trigger`` for the words that tell the event."""
    index: int
    """Position in the field when it holds several values, else 0."""
    start: int
    """Offset of the first character."""
    end: int
    """Offset after the last character."""
    text: str
    """The words."""
    source: str
    """Component and rule that found them."""
    score: float
    """Confidence, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialInvolvement:
    """An official (police officer, mayor, prosecutor…) said to take part in the crime, with the legal status of that."""

    status: LegalStatus
    """Legal state of the involvement."""
    office: str
    """The office as written, e.g. ``suboficial de la PNP``; never a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that one article says happened at one place and time.

    Every value in it has an :class:`Evidence` row. ``businesses`` are victims only. A field that the article does not tell
    is ``None``, empty or, for counts, absent.
    """

    id: str
    """Hash of article text, crime type and trigger offsets: the same text gives the same id."""
    crime_type: str
    """Id of the type of crime."""
    trigger: str
    """The words that tell it."""
    date: DateSpan | None = None
    """When it happened."""
    place: Place | None = None
    """Where it happened."""
    gangs: tuple[Gang, ...] = ()
    """Gangs that are said to have done it."""
    businesses: tuple[Business, ...] = ()
    """Businesses that were hit."""
    money: tuple[Money, ...] = ()
    """Sums that it was about."""
    methods: tuple[Method, ...] = ()
    """How it was done."""
    counts: tuple[Count, ...] = ()
    """Numbers of people and things."""
    prison: Prison | None = None
    """Prison that it is linked to."""
    official_involvement: OfficialInvolvement | None = None
    """The part of an official in it."""
    modality: Modality = Modality.ASSERTED
    """How the article presents it."""
    polarity: Polarity = Polarity.POSITIVE
    """Whether the article says that it happened, or denies it."""
    evidence: tuple[Evidence, ...] = ()
    """The characters that each value came from."""
    score: float = 0.0
    """Confidence, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An attributed figure about many events, e.g. "over 500 businesses, says the chamber". Never added up with events."""

    id: str
    """Hash of article text and offsets."""
    text: str
    """The figure as written, with its unit."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last character."""
    quantity_min: float | None
    """Lower bound."""
    quantity_max: float | None
    """Upper bound."""
    comparator: Comparator
    """How the stated figure relates to the true one."""
    unit: str
    """What is counted, as written (``denuncias``); a currency code for sums; ``%`` for shares."""
    subject: str | None = None
    """A crime type that the figure is about."""
    scope: str | None = None
    """UBIGEO code of the area, or ``PE``."""
    period: str | None = None
    """ISO interval or partial date, or ``day``, ``week``, ``month``, ``year`` for a usual rate."""
    denominator: str | None = None
    """What a share is of."""
    speaker: str | None = None
    """Who says so."""
    relay: str | None = None
    """Who passed the figure on, when it is not the speaker."""
    evidence: tuple[Evidence, ...] = ()
    """The characters that each value came from."""
    score: float = 0.0
    """Confidence, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Whether an article reports crime in Peru, and how it does so."""

    relevant: bool
    """Whether it reports crime in Peru."""
    kind: ArticleKind
    """Sort of article."""
    score: float
    """Confidence that it is relevant, 0 to 1."""
    crime_types: tuple[str, ...] = ()
    """Most specific first."""
    reasons: tuple[str, ...] = ()
    """Cues that decided, for ``vigia explain``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A component that took part in an extraction, as loaded: what is recorded is what ran."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was read out of one version of one text."""

    text_hash: str
    """SHA-256 (hex) of the UTF-8 text that the offsets refer to."""
    published: datetime
    """Aware; relative dates were resolved against it."""
    triage: Triage
    mentions: tuple[Mention, ...] = ()
    """In text order; they do not overlap within one label."""
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()
    models: tuple[ModelVersion, ...] = field(default=())
    flags: tuple[str, ...] = ()
    """Things to know about the text or the run: ``not_spanish``, ``no_accents``, ``truncated``, ``downgrade:…``."""
