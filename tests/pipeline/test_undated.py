"""Articles that nobody knows the day of: nothing is dated by when they were fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.types import Extraction, Label
from pipeline.analyze import NO_DATE
from pipeline.archive import Archive
from pipeline.run import analyze_step
from pipeline.settings import Settings
from pipeline.work import working
from tests.pipeline.archive_samples import article

TOLD = (
    "Extorsionadores dispararon {day} contra una bodega de Comas y exigieron S/ 20 mil a la dueña por WhatsApp. Los sujetos huyeron en "
    "una moto lineal y dejaron una nota con amenazas de muerte. La dueña pidió garantías para su vida en la comisaría del distrito. "
    "En la región se registraron 500 denuncias por extorsión {period}, informó la Policía."
)
RESOLVED = TOLD.format(day="ayer", period="en lo que va del año")
WRITTEN = TOLD.format(day="el 3 de setiembre de 2025", period="en 2018")


@pytest.fixture
def read(tmp_path: Path) -> dict[str, Extraction]:
    settings = Settings(home=tmp_path / "home")
    made = {
        "resolved": article("resolved", body=RESOLVED, published=None),
        "written": article("written", body=WRITTEN, published=None),
        "dated": article("dated", body=RESOLVED),
    }
    with Archive.open(settings) as archive:
        for one in made.values():
            archive.save_article(one, None)
    with working(settings, "analyze") as work:
        analyze_step(work, {})
    with Archive.open(settings) as archive:
        found = {document.article.id: document.extraction for document in archive.documents()}
    return {name: found[one.id] for name, one in made.items()}


def dates(extraction: Extraction) -> tuple[list[str | None], list[str | None], int]:
    """Of its events, of its claims, and how many mentions."""
    return (
        [event.date.iso if event.date else None for event in extraction.events],
        [claim.period for claim in extraction.claims],
        sum(mention.label is Label.DATE for mention in extraction.mentions),
    )


def test_only_what_is_written_with_its_year_is_dated(read: dict[str, Extraction]) -> None:
    assert dates(read["resolved"]) == ([None], [None], 0)
    assert NO_DATE in read["resolved"].flags
    assert not {each.field for event in read["resolved"].events for each in event.evidence} & {"date"}
    assert dates(read["written"])[0] == ["2025-09-03"]
    assert dates(read["written"])[1][0] is not None
    assert dates(read["written"])[1][0].startswith("2018")  # type: ignore[union-attr]


def test_an_article_with_a_day_keeps_its_dates(read: dict[str, Extraction]) -> None:
    events, claims, mentions = dates(read["dated"])
    assert events == ["2025-10-13"]
    assert claims != [None]
    assert mentions
