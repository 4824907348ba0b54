"""The columns of exports as tables (CSV, Parquet, properties of GeoJSON), with their meaning: docs/data-dictionary.md is made of this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nlp.types import Label
from pipeline.export.records import ExportedArticle, ExportedClaim, ExportedEvent, ExportedIncident


class ColumnType(StrEnum):
    """What a column holds. Every cell may be empty."""

    TEXT = "text"
    TEXTS = "texts"
    """Several: in CSV and GeoJSON parted by ``|`` (one within is written ``/``), in Parquet a list."""
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DAY = "day"
    """Of Lima: ``2025-10-14``."""
    MOMENT = "moment"
    """In UTC: ``2025-10-14T17:00:00+00:00``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column."""

    name: str
    type: ColumnType
    meaning: str


_TEXT, _TEXTS, _INTEGER, _NUMBER = ColumnType.TEXT, ColumnType.TEXTS, ColumnType.INTEGER, ColumnType.NUMBER
_BOOLEAN, _DAY, _MOMENT = ColumnType.BOOLEAN, ColumnType.DAY, ColumnType.MOMENT

_ID = Column("id", _TEXT, "Id of the record.")
_SCORE = Column("score", _NUMBER, "Confidence, 0 to 1.")
_SCHEMA = Column("schema", _TEXT, "Name and version of the record's schema.")

_FACTS = (
    Column("crime_type", _TEXT, "Type of crime: id in `nlp/data/crime_types.csv`."),
    Column("date_start", _DAY, "First day on which it may have happened."),
    Column("date_end", _DAY, "Last day on which it may have happened."),
    Column("date_precision", _TEXT, "How exactly the date is known: day, week, month, year, unknown."),
    Column("place", _TEXT, "Where it happened, as written; an exact address is replaced by its district."),
    Column("ubigeo", _TEXT, "INEI's code of the place: 6 digits a district, 4 a province, 2 a region; `PE`; or a country's code."),
    Column("lat", _NUMBER, "Latitude in degrees, WGS 84."),
    Column("lon", _NUMBER, "Longitude in degrees, WGS 84."),
    Column("coordinates_stand_for", _TEXT, "What the point stands for: neighbourhood, district, province, region, country."),
    Column("gangs", _TEXTS, "Gangs that the press names."),
    Column("businesses", _TEXTS, "Types of business that were hit."),
    Column("business_categories", _TEXTS, "Their categories, in the same order."),
    Column("money", _TEXTS, "Sums: bounds, currency, period and role, as `5000..10000 PEN/week demanded`; `..5000` has no lower bound, `5000..` no upper one."),
    Column("amount_min_pen", _NUMBER, "Smallest bound in soles of the sums that the crime was about."),
    Column("amount_max_pen", _NUMBER, "Greatest bound in soles of the sums that the crime was about."),
    Column("methods", _TEXTS, "How it was done: ids in `nlp/data/methods.csv`."),
    Column("dead", _INTEGER, "People killed."),
    Column("injured", _INTEGER, "People injured."),
    Column("arrested", _INTEGER, "People arrested."),
    Column("kidnapped", _INTEGER, "People kidnapped."),
    Column("prison", _TEXT, "Prison that it is linked to."),
    Column("official_involvement", _TEXT, "Legal state of an official's part in it: alleged, investigated, charged, convicted."),
    Column("modality", _TEXT, "How it is told: asserted, alleged, threatened, hypothetical."),
    Column("polarity", _TEXT, "`negative`: the article says that it did not happen."),
)  # fmt: skip
_SOURCE = (
    Column("outlet", _TEXT, "Id of the outlet."),
    Column("url", _TEXT, "Address of the article."),
    Column("title", _TEXT, "Its headline, with private things covered."),
    Column("published", _MOMENT, "When it was published."),
    Column("article_id", _TEXT, "Id of the article."),
    Column("content_hash", _TEXT, "Names the version of the article that was read."),
)
_REPORTS = (
    Column("articles", _INTEGER, "Articles that tell it."),
    Column("outlets", _TEXTS, "Ids of their outlets."),
    Column("urls", _TEXTS, "Their addresses."),
    Column("title", _TEXT, "Headline of the earliest, with private things covered."),
    Column("published", _MOMENT, "When the earliest was published."),
)
_CLAIM = (
    Column("text", _TEXT, "The figure as written."),
    Column("quantity_min", _NUMBER, "Lower bound; empty: open."),
    Column("quantity_max", _NUMBER, "Upper bound; empty: open."),
    Column("comparator", _TEXT, "How the figure relates to the truth: exactly, around, over, under, between."),
    Column("unit", _TEXT, "What is counted; a currency for sums, `%` for shares."),
    Column("subject", _TEXT, "Type of crime that it is about."),
    Column("scope", _TEXT, "INEI's code of the area that it is about, or `PE`."),
    Column("period", _TEXT, "Time that it is about: an interval or partial date; day, week, month, year for a usual rate."),
    Column("denominator", _TEXT, "What a share is of."),
    Column("speaker", _TEXT, "Who says so."),
    Column("relay", _TEXT, "Who passed it on, when it is not the speaker."),
)  # fmt: skip
_ARTICLE = (
    Column("relevant", _BOOLEAN, "Whether it reports crime in Peru."),
    Column("kind", _TEXT, "Sort of article: incident, roundup, statistics, policy, judicial, explainer, other."),
    Column("crime_types", _TEXTS, "Types of crime that it reports, the most specific first."),
    Column("section", _TEXT, "Section of the outlet."),
    Column("access", _TEXT, "free, metered or locked."),
    Column("story", _TEXT, "Id of the earliest of the articles that print nearly the same text."),
)
_MENTIONS = tuple(
    Column(f"{label.value.lower()}_mentions", _TEXTS, f"Different mentions of the kind {label.value}, as written.")
    for label in Label
)

COLUMNS: dict[type[Any], tuple[Column, ...]] = {
    ExportedEvent: (_ID, *_FACTS, _SCORE, *_SOURCE, _SCHEMA),
    ExportedIncident: (_ID, *_FACTS, _SCORE, *_REPORTS, _SCHEMA),
    ExportedClaim: (_ID, *_CLAIM, _SCORE, *_SOURCE, _SCHEMA),
    ExportedArticle: (
        _ID,
        *_ARTICLE,
        *_MENTIONS,
        *_SOURCE,
        Column("body", _TEXT, "Its text, only with `--full-text`: the outlet's property."),
        _SCHEMA,
    ),
}
"""Columns of each kind of record, in their order. Of an incident the facts are those of its earliest report,
but for the place, which is the best attested: it is the point on the map too."""
