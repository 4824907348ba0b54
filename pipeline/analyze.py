"""Reading what the archive holds and nobody has read: articles in, extractions out, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from nlp.types import Extraction
from pipeline.archive import Analysed, Archive, StoredArticle
from pipeline.archive.analysed import attempt
from pipeline.undated import without_resolved_dates
from pipeline.work import Work

if TYPE_CHECKING:
    from spacy.language import Language

    from nlp.extract import Text

logger = logging.getLogger(__name__)

READ_BATCH: Final = 16
NO_DATE: Final = "no_date"
"""Flag of an extraction of an article that the outlet gives no date: only days written with their year are dated."""


@dataclass(slots=True)
class ReadReport:
    """What came of a step of reading."""

    read: int = 0
    rejected: int = 0
    left: int = 0
    """Not read, because the step was stopped."""


def analyze_step(
    work: Work, regions: Mapping[str, str | None], *, processes: int = 1, share: float = 1.0
) -> ReadReport:
    """Read all articles that were not read, in their newest version, by the models and rules of today.

    ``regions``: outlet -> UBIGEO code that it writes for.

    Raises:
        nlp.extract.ModelError: no Spanish model.
    """
    from nlp.extract import load, pipeline_key

    report, archive = ReadReport(), work.archive
    nlp = load(work.settings.nlp.models)
    key = pipeline_key(nlp)
    total = archive.count_pending_analysis(key)
    wanted = takewhile(lambda _: not work.stop.due(share), archive.pending_analysis(key))
    for stored, extraction in _Reader(nlp, regions, processes).read(wanted):
        if isinstance(extraction, str):
            report.rejected += 1
            _reject_reading(archive, stored, key, extraction)
        else:
            report.read += 1
            archive.save_extractions([_analysed(stored, key, extraction)])
        work.progress("analyze", report.read + report.rejected, total)
    report.left = total - report.read - report.rejected
    if report.left:
        work.left.append(f"{report.left} article(s) wait to be read")
    return report


def _reject_reading(archive: Archive, stored: StoredArticle, key: str, reason: str) -> None:
    article = stored.article
    logger.error("article %s (%s) cannot be read: %s", article.id, article.url, reason)
    archive.reject("analyze", attempt(stored.version, key), article_id=article.id, outlet=article.outlet, reason=reason)


def _analysed(stored: StoredArticle, key: str, extraction: Extraction) -> Analysed:
    from pipeline.dedupe import sign

    article = stored.article
    dated = article.published or article.fetched
    if article.published is None:
        extraction = without_resolved_dates(replace(extraction, flags=(*extraction.flags, NO_DATE)), article.text)
    return Analysed(
        article=article,
        version=stored.version,
        models_key=key,
        extraction=extraction,
        signature=sign(article.id, dated, article.body).hashes if extraction.triage.relevant else None,
        at=datetime.now(UTC),
    )


@dataclass(slots=True)
class _Reader:
    """Reads articles in order, many at a time. One that makes the reading fail, or kills a worker, is found by halving."""

    nlp: Language
    regions: Mapping[str, str | None]
    processes: int

    def read(self, articles: Iterator[StoredArticle]) -> Iterator[tuple[StoredArticle, Extraction | str]]:
        """Each article with what was read out of it, or the reason why it could not be."""
        source = _Source(articles)
        while True:
            try:
                for extraction in self._extract(source):
                    yield source.given.popleft(), extraction
                return
            except Exception:  # the documented guard of one record
                if source.broken:
                    raise
                logger.debug("a batch failed; looking for the article", exc_info=True)
            suspects = list(source.given)
            source.given.clear()
            yield from self._halve(suspects)

    def _halve(self, articles: list[StoredArticle]) -> Iterator[tuple[StoredArticle, Extraction | str]]:
        try:
            done = list(self._extract(articles))
        except Exception as error:  # the documented guard of one record
            if len(articles) == 1:
                logger.debug("article %s", articles[0].article.id, exc_info=True)
                yield articles[0], f"{type(error).__name__}: {error}"
                return
            middle = len(articles) // 2
            yield from self._halve(articles[:middle])
            yield from self._halve(articles[middle:])
        else:
            yield from zip(articles, done, strict=True)

    def _extract(self, articles: Iterable[StoredArticle]) -> Iterator[Extraction]:
        from nlp.extract import extract_many

        texts = (self._text(stored) for stored in articles)
        return extract_many(self.nlp, texts, processes=self.processes, batch_size=READ_BATCH)

    def _text(self, stored: StoredArticle) -> Text:
        from nlp.extract import Text

        article = stored.article
        return Text(
            text=article.text,
            published=article.published or article.fetched,
            region=self.regions.get(article.outlet),
            section=article.section,
        )


class _Source:
    """Articles as they are given out to be read, and whether it was they that failed."""

    def __init__(self, articles: Iterator[StoredArticle]) -> None:
        self._articles = articles
        self.given: deque[StoredArticle] = deque()
        """Without a result yet."""
        self.broken = False

    def __iter__(self) -> Iterator[StoredArticle]:
        self.broken = True
        for article in self._articles:
            self.broken = False
            self.given.append(article)
            yield article
            self.broken = True
        self.broken = False
