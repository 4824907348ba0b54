"""Stories and incidents of a large archive: all made at once, then those of some new articles, as in a run from cron.

    python -m benchmarks.merging [--articles 100000] [--new 100] [--per-day 500]

The articles are made by rule: every third is another outlet's print of an earlier one, and half of the events are of Lima.
Each step is a process of its own; its peak memory holds the interpreter and its libraries.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from nlp.types import (
    ArticleKind,
    Business,
    Count,
    CountOf,
    DateSpan,
    Event,
    Extraction,
    Gang,
    Method,
    Money,
    MoneyRole,
    Place,
    Triage,
)
from pipeline.archive import Archive
from pipeline.archive.analysed import Analysed, event_row
from pipeline.archive.database import open_engine, writing
from pipeline.archive.schema import article_versions, articles, events, extractions
from pipeline.dedupe import sign
from pipeline.merging import merge_changes
from pipeline.records import encode
from pipeline.settings import Settings
from pipeline.stop import Stop
from scrapers.items import Access, Article, BodySource, article_id, hash_of, text_of

FIRST = datetime(2020, 1, 1, 5, tzinfo=UTC)
PROVINCES = ["1501"] * 10 + ["1301", "0701", "2001", "1401", "1101", "0401", "0801", "2501", "1201", "0218"]
WORDS = [f"palabra{number}" for number in range(5000)]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=100, help="articles that come after the first merge")
    parser.add_argument("--per-day", type=int, default=500, help="articles published in a day")
    arguments = parser.parse_args()
    table = Table(title=f"{arguments.articles} articles, {arguments.per_day} a day, then {arguments.new} new")
    for column in ("step", "seconds", "of the processor", "peak MB", "changed"):
        table.add_column(column, justify="left" if column == "step" else "right")
    total, per_day = arguments.articles, arguments.per_day
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        steps: list[tuple[str, Callable[..., int], tuple[object, ...]]] = [
            ("fill the archive", fill_at_once, (home, 0, total, per_day)),
            ("merge: everything is new", merge, (home,)),
            ("merge: nothing is new", merge, (home,)),
            ("fill: new articles", fill, (home, total, arguments.new, per_day)),
            ("merge: new articles", merge, (home,)),
        ]
        for name, step, values in steps:
            seconds, busy, megabytes, changed = in_a_process(step, *values)
            table.add_row(name, f"{seconds:.1f}", f"{busy:.1f}", f"{megabytes:.0f}", str(changed))
        size = sum(file.stat().st_size for file in home.iterdir() if file.is_file())
    Console().print(table)
    print(f"the archive is of {size / 1e6:.0f} MB")


def in_a_process(step: Callable[..., int], *values: object) -> tuple[float, float, float, int]:
    """Seconds, those of the processor, peak megabytes and outcome of a step."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=measured, args=(theirs, step, values))
    process.start()
    measures: tuple[float, float, float, int] = ours.recv()
    process.join()
    return measures


def measured(answer: object, step: Callable[..., int], values: tuple[object, ...]) -> None:
    """Do a step and send how it went."""
    begun, busy = time.perf_counter(), time.process_time()
    outcome = step(*values)
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    answer.send((seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, outcome))  # type: ignore[attr-defined]


def merge(home: Path) -> int:
    """Bring the archive's stories and incidents up to date; the number of incidents that changed."""
    with Archive.open(Settings(home=home)) as archive:
        return merge_changes(archive.merging, Stop()) or 0


def fill(home: Path, first: int, count: int, per_day: int) -> int:
    """Archive articles, and what was read of them as the reading leaves it."""
    made = list(generated(first, count, per_day))
    with Archive.open(Settings(home=home)) as archive:
        for one in made:
            archive.save_article(one.article, None)
        archive.save_extractions(made)
    return count


def fill_at_once(home: Path, first: int, count: int, per_day: int) -> int:
    """The same a thousand at a time, without marks: the first merge takes everything as new."""
    Archive.open(Settings(home=home)).close()
    engine = open_engine(Settings(home=home).archive_url)
    made = generated(first, count, per_day)
    while batch := list(islice(made, 1000)):
        with writing(engine) as connection:
            connection.execute(insert(articles), [row(one.article) for one in batch])
            connection.execute(insert(article_versions), [version(one.article) for one in batch])
            connection.execute(insert(extractions), [reading(one) for one in batch])
            told = [event_row(one.article, event) for one in batch for event in one.extraction.events]
            connection.execute(insert(events), told)
    engine.dispose()
    return count


def row(article: Article) -> dict[str, object]:
    """An article as it is kept after a crawl."""
    return {
        "id": article.id, "outlet": article.outlet, "url": article.url, "version": 1, "content_hash": article.content_hash,
        "dated": article.published, "checked": article.fetched, "unfinished": False, "revision": 1,
    }  # fmt: skip


def version(article: Article) -> dict[str, object]:
    """Its first version."""
    return {
        "article_id": article.id, "version": 1, "content_hash": article.content_hash, "fetched": article.fetched,
        "record": encode(article).decode(),
    }  # fmt: skip


def reading(one: Analysed) -> dict[str, object]:
    """What was read of it."""
    return {
        "article_id": one.article.id, "version": 1, "models_key": one.models_key, "analysed": one.at, "relevant": True,
        "signature": one.signature, "record": encode(one.extraction).decode(),
    }  # fmt: skip


def generated(first: int, count: int, per_day: int) -> Iterator[Analysed]:
    """Articles with one event or two."""
    for number in range(first, first + count):
        original = number if number % 3 else max(0, number - random.Random(number).randrange(1, per_day))
        chance = random.Random(original)
        body = " ".join(chance.choices(WORDS, k=80))
        published = FIRST + timedelta(days=number / per_day)
        told = FIRST + timedelta(days=original // per_day)
        parts = tuple(event(chance, told, part) for part in range(chance.choice((1, 1, 2))))
        yield analysed(number, body, published, parts)


def event(chance: random.Random, told: datetime, part: int) -> Event:
    """An extortion or a killing."""
    day = (told - timedelta(days=chance.choice((0, 0, 0, 1, 1, 2)))).date()
    amount = chance.choice((500, 1000, 2000, 5000, 10_000, 20_000, 50_000))
    province = chance.choice(PROVINCES)
    return Event(
        id=hash_of(f"{chance.random()}{part}")[:16],
        crime_type=chance.choice(("extorsion", "extorsion", "exigencia_extorsiva", "sicariato")),
        trigger="exigen cupos",
        date=DateSpan(start=day, end=day) if chance.random() < 0.8 else None,
        place=Place(name="x", ubigeo=f"{province}{chance.randrange(1, 15):02d}"),
        gangs=(Gang(name=f"Los {chance.randrange(40)}"),) if chance.random() < 0.3 else (),
        businesses=tuple(
            Business(type=trade, category=trade)
            for trade in chance.sample(("transporte", "comercio", "construccion"), chance.choice((0, 1)))
        ),
        money=(Money(min=amount, max=amount, currency="PEN", role=MoneyRole.DEMANDED),) * chance.choice((0, 1)),
        methods=(Method(type=chance.choice(("mensaje", "llamada", "explosivo")), facet="canal"),),
        counts=(Count(value=1, of=CountOf.DEAD),) if chance.random() < 0.2 else (),
        score=0.9,
    )


def analysed(number: int, body: str, published: datetime, told: tuple[Event, ...]) -> Analysed:
    """As the reading hands it over."""
    url, title = f"https://diario.example.pe/{number}", f"Nota {number}"
    article = Article(
        id=article_id(url), outlet=f"diario{number % 40}", url=url, title=title, body=body, published=published,
        published_raw=published.isoformat(), fetched=published, authors=(), tags=(), body_source=BodySource.FEED,
        access=Access.FREE, content_hash=hash_of(text_of(title, body)),
    )  # fmt: skip
    triage = Triage(relevant=True, kind=ArticleKind.INCIDENT, score=0.9, crime_types=("extorsion",))
    return Analysed(
        article=article,
        version=1,
        models_key="generated",
        extraction=Extraction(text_hash=article.content_hash, published=published, triage=triage, events=told),
        signature=sign(article.id, published, body).hashes,
        at=published,
    )


if __name__ == "__main__":
    main()
