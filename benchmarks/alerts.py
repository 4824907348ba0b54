"""How fast saved searches are matched against new incidents: one table.

    python -m benchmarks.alerts [--searches 10000] [--incidents 1000] [--repeat 3]

Incidents and searches are made by rule, the same ones each time: a third of the searches name a district and a crime, a third a
business and a sum, the others words with a place, a gang or a method. Each measure is the median of some repeats; the whole, from
the archive and back into it, is what the last step of a run does before it sends.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from benchmarks.incidents import World, incidents
from nlp.gazetteer import gazetteer
from pipeline.alerts.matching import Sifted, match_news, prepare
from pipeline.alerts.records import SavedSearch
from pipeline.archive import Archive
from pipeline.archive.alerting import News, NewsItem, StoredSearch
from pipeline.archive.database import open_engine, writing
from pipeline.archive.schema import incident_news, saved_searches
from pipeline.archive.schema import incidents as stored_incidents
from pipeline.asked import Asked
from pipeline.index.names import default_names
from pipeline.records import Incident, encode
from pipeline.settings import Settings
from pipeline.stop import Stop

Times = tuple[float, float]
"""Seconds on the clock, and of the processor."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("cupos", "extorsión", "explosivo", "amenaza*", '"exigen cupos"', "balean OR detonan", "muerte -explosivo")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, default=10_000)
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    searches, new = _searches(arguments.searches), list(incidents(arguments.incidents))
    table = Table(title=f"{arguments.searches:,} saved searches, {arguments.incidents:,} new incidents, embedded")
    for column in ("step", "seconds", "of CPU", "of it"):
        table.add_column(column, justify="left" if column == "step" else "right")
    for step, times, found in _measured(searches, new, arguments.repeat):
        table.add_row(step, *(f"{statistics.median(column):.2f}" for column in zip(*times, strict=True)), found)
    Console().print(table)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _searches(count: int) -> list[StoredSearch]:
    chance, world = random.Random(3), World.read()
    made = []
    for number in range(count):
        saved = SavedSearch(name=f"s{number}", asked=_asked(chance, world, number % 3), targets=(), within=None)
        key = str(uuid.UUID(int=number + 1))
        made.append(StoredSearch(id=key, name=saved.name, record=encode(saved).decode(), created=NOW, seen=0))
    return made


def _asked(chance: random.Random, world: World, sort: int) -> Asked:
    if sort == 0:
        crime = chance.choice(("extorsion", "extortion", "sicariato", "robo", "secuestro"))
        return Asked(crimes=(crime,), places=(world.district(chance)["code"],))
    if sort == 1:
        business = chance.choice(world.businesses)["lemma"]
        return Asked(businesses=(business,), min_amount=float(chance.choice((500, 1000, 5000))))
    more: list[dict[str, Any]] = [
        {"places": (world.district(chance)["code"][:4],)},
        {"gangs": (chance.choice(world.gangs)["name"],)},
        {"methods": (chance.choice(world.methods)["id"],)},
    ]
    return Asked(text=chance.choice(WORDS), **chance.choice(more))


def _measured(searches: list[StoredSearch], new: list[Incident], repeat: int) -> list[tuple[str, list[Times], str]]:
    news = [
        NewsItem(seq=at, at=NOW, news=News(incident=one.id, is_new=True), incident=one) for at, one in enumerate(new, 1)
    ]
    gazetteer()
    prepare(searches[:10], now=NOW, names=default_names())  # tables are read once
    planned, standing = _timed(repeat, lambda: prepare(searches, now=NOW, names=default_names())[0])
    indexed, _ = _timed(repeat, lambda: Sifted(news, gazetteer()))
    asked, found = _timed(repeat, lambda: _ask(Sifted(news, gazetteer()), list(standing.values())))
    whole, alerts = _timed(repeat, lambda: _whole(searches, new), prepared=True)
    return [
        ("searches are read and planned", planned, f"{len(standing):,} searches"),
        ("incidents are indexed in memory", indexed, f"{len(new):,} incidents"),
        ("the same, asked by all, with the words found by", asked, f"{found:,} alerts"),
        ("the whole step, archive included", whole, f"{alerts:,} alerts"),
    ]


def _ask(sifted: Sifted, standing: list[Any]) -> int:
    return sum(1 for one in standing for _ in sifted.found(one))


def _clocks() -> Times:
    return time.perf_counter(), time.process_time()


def _since(begun: Times) -> Times:
    now = _clocks()
    return now[0] - begun[0], now[1] - begun[1]


def _timed(repeat: int, work: Callable[[], Any], *, prepared: bool = False) -> tuple[list[Times], Any]:
    """Times and outcome; with ``prepared`` the work gives the time itself."""
    times, outcome = [], None
    for _ in range(repeat):
        begun = _clocks()
        outcome = work()
        took = _since(begun)
        if prepared:
            took, outcome = outcome
        times.append(took)
    return times, outcome


def _whole(searches: list[StoredSearch], new: list[Incident]) -> tuple[Times, int]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        engine = open_engine(settings.archive_url)
        with writing(engine) as connection:
            rows = [{"id": one.id, "revision": 1, "record": encode(one).decode()} for one in new]
            connection.execute(insert(stored_incidents), rows)
            told = [{"incident": one.id, "at": NOW, "is_new": True, "changed": "[]"} for one in new]
            connection.execute(insert(incident_news), told)
            kept = [{"id": s.id, "name": s.name, "record": s.record, "created": NOW, "seen": 0} for s in searches]
            connection.execute(insert(saved_searches), kept)
        engine.dispose()
        with Archive.open(settings) as archive:
            begun = _clocks()
            matched = match_news(archive.alerting, Stop(), now=NOW)
            assert not matched.broken, matched.broken
            return _since(begun), matched.alerts


if __name__ == "__main__":
    main()
