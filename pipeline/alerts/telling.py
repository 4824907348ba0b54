"""An alert in words, for e-mails and feeds. In Spanish, and as the press's word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Final

from nlp.lexicon import read_table
from nlp.types import Business, DateSpan, Gang, Money, MoneyPeriod, MoneyRole, Place
from pipeline.alerts.records import Alert, Span
from pipeline.export.records import ExportedIncident
from pipeline.index.names import default_names
from pipeline.records import Attested

PARTS: Final = {
    "crime": "delito",
    "place": "lugar",
    "gangs": "banda",
    "businesses": "negocio",
    "money": "monto",
    "methods": "modalidad",
    "counts": "víctimas o detenidos",
    "prison": "penal",
    "officials": "funcionarios",
    "denied": "desmentido",
    "trigger": "hecho",
    "title": "titular",
    "date": "fecha",
    "official_involvement": "funcionarios",
}
"""What matters of an incident, and fields of evidence, as readers know them."""
_ROLES: Final[Mapping[MoneyRole, str]] = {
    MoneyRole.DEMANDED: "exigidos",
    MoneyRole.PAID: "pagados",
    MoneyRole.STOLEN: "robados",
    MoneyRole.SEIZED: "incautados",
    MoneyRole.RANSOM: "de rescate",
    MoneyRole.LOAN: "prestados",
    MoneyRole.CONTRACT_KILLING: "por encargo",
    MoneyRole.DAMAGE: "en daños",
    MoneyRole.INCOME: "recaudados",
}
_PERIODS: Final[Mapping[MoneyPeriod, str]] = {
    MoneyPeriod.HOUR: "por hora",
    MoneyPeriod.DAY: "por día",
    MoneyPeriod.WEEK: "por semana",
    MoneyPeriod.FORTNIGHT: "por quincena",
    MoneyPeriod.MONTH: "por mes",
    MoneyPeriod.YEAR: "por año",
    MoneyPeriod.PER_TRIP: "por viaje",
}
_CURRENCIES: Final = {"PEN": "S/", "USD": "US$", "EUR": "€"}
ACCORDING: Final = "Es lo que informa la prensa: nadie es culpable por figurar aquí."


def plain(text: str) -> str:
    """A text on one line, without characters that steer a terminal, a reader or XML."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def headline(incident: ExportedIncident) -> str:
    """An incident in one line: ``Extorsión · Comas, Lima · 14/10/2025 · Los Pulpos · bodega · S/ 5,000 por semana exigidos``."""
    crime = _crimes().get(incident.crime_type, incident.crime_type.replace("_", " "))
    denied = ["desmentido"] if all(one.event.polarity == "negative" for one in incident.events) else []
    parts = [
        crime[:1].upper() + crime[1:],
        *denied,
        *(_place(value) for value in _some(incident.places, 1) if isinstance(value, Place)),
        *(_day(value) for value in _some(incident.dates, 1) if isinstance(value, DateSpan)),
        ", ".join(value.name for value in _some(incident.gangs, 3) if isinstance(value, Gang)),
        ", ".join(value.type for value in _some(incident.businesses, 3) if isinstance(value, Business)),
        "; ".join(_sum(value) for value in _some(incident.money, 2) if isinstance(value, Money)),
    ]
    return plain(" · ".join(part for part in parts if part))


def told(alert: Alert) -> str:
    """An alert in some lines: what is new, and the words of each report that it was found by."""
    reports = len({one.article.id for one in alert.incident.events})
    changed = ", ".join(PARTS.get(part, part) for part in alert.changed)
    news = "Nuevo" if alert.news == "new" else f"Cambió: {changed}"
    lines = [headline(alert.incident), f"{news}. {reports} {'nota' if reports == 1 else 'notas'}."]
    for url, spans in _by_report(alert.spans):
        lines += [f"  {plain(url)}", *(f"    {_quoted(span)}" for span in spans)]
    return "\n".join([*lines, f"  Aviso {alert.id}"])


def _quoted(span: Span) -> str:
    return f"{PARTS.get(span.field, span.field)}: «{plain(span.text)}» (caracteres {span.start}-{span.end})"


def _by_report(spans: Iterable[Span]) -> Iterator[tuple[str, list[Span]]]:
    grouped: dict[str, list[Span]] = {}
    for span in spans:
        grouped.setdefault(span.url, []).append(span)
    yield from grouped.items()


@cache
def _crimes() -> Mapping[str, str]:
    columns = frozenset({"id", "label", "penal_code", "iccs"})
    return {row["id"]: row["label"] for row in read_table("crime_types.csv", columns)}


def _some(attested: Sequence[Attested], most: int) -> list[object]:
    return [one.value for one in attested[:most]]


def _place(place: Place) -> str:
    return default_names().place_label(place.ubigeo) if place.ubigeo else place.name


def _day(span: DateSpan) -> str:
    first, last = f"{span.start:%d/%m/%Y}", f"{span.end:%d/%m/%Y}"
    return first if span.end - span.start < timedelta(days=1) else f"{first} a {last}"


def _sum(money: Money) -> str:
    currency = _CURRENCIES.get(money.currency, money.currency)
    low, high = (None if bound is None else f"{bound:,.0f}" for bound in (money.min, money.max))
    if low is None or high is None:
        amount = f"más de {currency} {low}" if low is not None else f"hasta {currency} {high}"
    else:
        amount = f"{currency} {low}" if low == high else f"{currency} {low} a {high}"
    period = _PERIODS.get(money.period, "") if money.period else ""
    return " ".join(part for part in (amount, period, _ROLES.get(money.role, "")) if part)
