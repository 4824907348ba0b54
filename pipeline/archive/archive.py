"""The archive: the system of record that everything else is rebuilt from, and the store that a crawl writes to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, func, select

from pipeline.archive import analysed, crawled, runs
from pipeline.archive.alerting import Alerting
from pipeline.archive.analysed import ARTICLES, Analysed, Pending, PendingIncident, StoredArticle
from pipeline.archive.crawled import FetchState
from pipeline.archive.database import open_engine, reading, writing
from pipeline.archive.keeping import Keeping
from pipeline.archive.merging import Merging
from pipeline.archive.outbox import Outbox
from pipeline.archive.runs import Issue, Reject, Run, RunState
from pipeline.archive.schema import article_versions, articles
from pipeline.archive.warc import WarcFolder
from pipeline.archive.watching import Watching
from pipeline.records import ClaimRecord, Document, EventRecord, Incident, decode
from pipeline.settings import Settings
from scrapers.items import FAILURES, Article, Asked, Exchange, Fetch, Known, Outcome, RobotsFile, Validators

CRAWL = "crawl"


class Archive:
    """Everything that is kept, behind one door. Each method that writes is one transaction, so that a process can be killed
    at any moment. It is a :class:`scrapers.items.CrawlStore`.
    """

    def __init__(self, engine: Engine, raw: WarcFolder) -> None:
        self._engine = engine
        self._raw = raw
        self._run_id: int | None = None
        self._answers = crawled.FeedAnswers()

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the archive of the settings; made, or brought to the newest schema, if need be.

        Raises:
            ArchiveError: cannot be opened; the message says what to do.
        """
        return cls(open_engine(settings.archive_url), WarcFolder(settings.warc_dir))

    def close(self) -> None:
        """Close files and connections."""
        self._raw.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # What a crawl asks for and leaves (CrawlStore)

    def validators(self, url: str) -> Validators | None:
        """Validators of the last good answer of an entry point whose articles were all worked off."""
        with reading(self._engine) as connection:
            return crawled.find_validators(connection, url)

    def known(self, article_id: str) -> Known | None:
        """The newest version of an article, if it is stored."""
        with reading(self._engine) as connection:
            return crawled.find_known(connection, article_id)

    def asked(self, url: str) -> Asked | None:
        """The last outcome that was recorded of an address, if any."""
        with reading(self._engine) as connection:
            state = next(crawled.find_states(connection, [url]), None)
        if state is None:
            return None
        return Asked(outcome=state.outcome, at=state.at, failures=state.failures, status=state.status)

    def robots(self, origin: str) -> RobotsFile | None:
        """The robots.txt of a site as it was last read, if it ever was."""
        with reading(self._engine) as connection:
            return crawled.find_robots(connection, origin)

    def save_robots(self, file: RobotsFile) -> None:
        """Keep a robots.txt in place of the one before."""
        with writing(self._engine) as connection:
            crawled.save_robots(connection, file)

    def save_exchange(self, exchange: Exchange) -> str:
        """Keep a raw response, once; return its pointer, ``file#offset``."""
        sha256 = hashlib.sha256(exchange.body).hexdigest()
        with writing(self._engine) as connection:
            pointer = crawled.find_exchange(connection, exchange.url, sha256)
            if pointer is None:
                pointer = self._raw.write(exchange, crawled.last_exchange(connection))
            crawled.save_exchange(connection, exchange, sha256, pointer)
        return str(pointer)

    def save_article(self, article: Article, raw: str | None) -> Outcome:
        """Keep an article durably: ``NEW``, ``CHANGED`` (a new version) or ``UNCHANGED``."""
        with writing(self._engine) as connection:
            outcome = crawled.save_article(connection, article, raw)
        if article.unfinished:
            self._answers.unsettled.add(article.outlet)  # to be fetched again, though its feed may not change
        return outcome

    def record(self, fetch: Fetch) -> None:
        """Keep the outcome of one address and, within a run, count it."""
        with writing(self._engine) as connection:
            crawled.save_fetch(connection, fetch)
            if self._run_id is not None:
                runs.count(connection, self._run_id, {(CRAWL, fetch.outlet, fetch.outcome.value): 1})
                if fetch.outcome in FAILURES or fetch.detail is not None:
                    runs.add_issue(connection, self._run_id, _issue(fetch))
        self._answers.note(fetch)

    def settle_crawl(self, unfinished: Collection[str] = (), visited: Collection[str] = ()) -> None:
        """After a crawl: from now on ask conditionally where nothing is left to fetch.

        Args:
            unfinished: outlets that were cut short.
            visited: outlets of which all that they list now was asked for.
        """
        self._answers.unsettled.update(unfinished)
        with writing(self._engine) as connection:
            crawled.keep_validators(connection, self._answers.settled())
            crawled.keep_visits(connection, self._answers.worked_off(visited), datetime.now(UTC))
        self._answers = crawled.FeedAnswers()

    def forget_validators(self, outlets: Collection[str] | None = None) -> None:
        """Let the next crawl read every entry point (of some outlets) in full."""
        with writing(self._engine) as connection:
            crawled.forget_validators(connection, outlets)

    def worked_off(self) -> dict[str, datetime]:
        """Outlet -> when a crawl last worked off all that it listed, as far as it let us."""
        with reading(self._engine) as connection:
            return crawled.find_visits(connection)

    def pauses(self, now: datetime) -> dict[str, datetime]:
        """Outlet -> until when its sites asked to be left alone; without what is over."""
        with reading(self._engine) as connection:
            return crawled.find_pauses(connection, now)

    def raw(self, pointer: str) -> Exchange:
        """The raw response of a pointer.

        Raises:
            RawMissing: it is not there, or not readable.
        """
        file, _, offset = pointer.rpartition("#")
        return self._raw.read(file, int(offset))

    # Runs

    def begin_run(self, command: str) -> int:
        """Begin a run; outcomes are counted in it from now on. The caller holds the lock."""
        with writing(self._engine) as connection:
            self._run_id = runs.begin(connection, command, datetime.now(UTC))
        return self._run_id

    def end_run(self, state: RunState) -> Run:
        """End the run; what it came to."""
        assert self._run_id is not None, "no run was begun"
        with writing(self._engine) as connection:
            runs.end(connection, self._run_id, state, datetime.now(UTC))
            done = runs.find_run(connection, self._run_id)
        assert done is not None
        self._run_id = None
        return done

    def count(self, stage: str, outlet: str, outcome: str, n: int = 1) -> None:
        """Add to the counts of the run."""
        if self._run_id is not None:
            with writing(self._engine) as connection:
                runs.count(connection, self._run_id, {(stage, outlet, outcome): n})

    def run(self, run_id: int) -> Run | None:
        """One run."""
        with reading(self._engine) as connection:
            return runs.find_run(connection, run_id)

    def runs(self, limit: int = 20) -> list[Run]:
        """The newest runs, newest first."""
        with reading(self._engine) as connection:
            return runs.find_runs(connection, limit)

    def issues(self, run_id: int) -> list[Issue]:
        """What went wrong in a run, or needs a look."""
        with reading(self._engine) as connection:
            return runs.find_issues(connection, run_id)

    def last_counts(self, stage: str = CRAWL) -> dict[str, dict[str, int]]:
        """Outlet -> outcome -> n of the newest run in which the outlet was counted."""
        with reading(self._engine) as connection:
            return runs.last_counts(connection, stage)

    def reject(self, stage: str, key: str, *, article_id: str, outlet: str, reason: str) -> None:
        """Keep that a stage could not take a record, and count it."""
        now = datetime.now(UTC)
        with writing(self._engine) as connection:
            runs.save_reject(connection, Reject(stage=stage, id=article_id, key=key, reason=reason, at=now))
            if self._run_id is not None:
                short = stage.partition(":")[0]
                runs.count(connection, self._run_id, {(short, outlet, "rejected"): 1})
                issue = Issue(stage=short, outlet=outlet, subject=article_id, outcome="rejected", detail=reason, at=now)
                runs.add_issue(connection, self._run_id, issue)

    def rejects(self, stage: str | None = None) -> list[Reject]:
        """Records that a stage, or any, could not take and has not taken since."""
        with reading(self._engine) as connection:
            return runs.find_rejects(connection, stage)

    def clear_rejects(self, stage: str, ids: list[str] | None = None) -> None:
        """Let rejected records be tried again."""
        with writing(self._engine) as connection:
            runs.clear_rejects(connection, stage, ids)

    # Articles and what was read out of them

    def article(self, article_id: str) -> Article | None:
        """The newest version of an article, read or not."""
        return next(reversed(self.versions(article_id)), None)

    def versions(self, article_id: str) -> list[Article]:
        """All versions of an article, the first published first."""
        table = article_versions.c
        chosen = select(table.record).where(table.article_id == article_id).order_by(table.version)
        with reading(self._engine) as connection:
            return [decode(Article, record) for record in connection.scalars(chosen)]

    def pending_analysis(self, models_key: str) -> Iterator[StoredArticle]:
        """Articles whose newest version was neither read nor rejected with these models; those that none has read first."""
        for unread in (True, False):
            yield from analysed.stored_articles(self._engine, analysed.to_analyse(models_key, unread=unread))

    def forget_readings(self) -> None:
        """Let every article be read again, those rejected too; until then what was read stays."""
        with writing(self._engine) as connection:
            analysed.forget_readings(connection)

    def count_pending_analysis(self, models_key: str) -> int:
        """How many they are."""
        pending = analysed.to_analyse(models_key).with_only_columns(articles.c.id).subquery()
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(pending)).scalar_one()

    def save_extractions(self, batch: Iterable[Analysed]) -> None:
        """Keep what was read, each article in a transaction of its own."""
        for one in batch:
            with writing(self._engine) as connection:
                analysed.save_extraction(connection, one)
                runs.clear_rejects(connection, "analyze", [one.article.id])
                if self._run_id is not None:
                    outcome = "relevant" if one.extraction.triage.relevant else "not_relevant"
                    runs.count(connection, self._run_id, {("analyze", one.article.outlet, outcome): 1})

    def documents(
        self, ids: Iterable[str] | None = None, *, since: datetime | None = None, outlets: Collection[str] = ()
    ) -> Iterator[Document]:
        """Articles with what was read out of them: those asked for, in that order; or all, or all since a time."""
        if ids is not None:
            return analysed.documents_by_id(self._engine, ids)
        return analysed.documents(self._engine, since=since, outlets=outlets)

    def document(self, article_id: str) -> Document | None:
        """One article with what was read out of it."""
        return next(self.documents([article_id]), None)

    def events(self) -> Iterator[EventRecord]:
        """All events, article by article."""
        return analysed.event_records(self._engine)

    def claims(self) -> Iterator[ClaimRecord]:
        """All claims, article by article."""
        return analysed.claim_records(self._engine)

    # Stories and incidents

    @property
    def merging(self) -> Merging:
        """What makes them."""
        return Merging(self._engine)

    def incidents(self) -> Iterator[Incident]:
        """All incidents."""
        return analysed.stored_incidents(self._engine)

    # Indexes

    def pending_index(self, target: str) -> Iterator[Pending]:
        """Documents that an index lacks or has in an older form."""
        return analysed.pending_documents(self._engine, target)

    def count_pending_index(self, target: str) -> int:
        """How many documents that are."""
        with reading(self._engine) as connection:
            return analysed.count_lacking(connection, target)

    def pending_incidents(self, target: str) -> Iterator[PendingIncident]:
        """Incidents that an index lacks, has in an older form, or is to forget."""
        return analysed.pending_incidents(self._engine, target)

    def mark_indexed(self, target: str, revisions: Mapping[str, int], *, kind: str = ARTICLES) -> None:
        """Enter which revision of its records an index now has durably: id -> revision."""
        with writing(self._engine) as connection:
            analysed.mark_indexed(connection, target, kind, revisions)
            runs.clear_rejects(connection, analysed.index_stage(target, kind), list(revisions))

    def forget_index(self, target: str) -> None:
        """Enter that an index is empty: everything is pending again."""
        with writing(self._engine) as connection:
            analysed.forget_index(connection, target)

    @property
    def keeping(self) -> Keeping:
        """Raw responses, and what points to them."""
        return Keeping(self._engine, self._raw)

    # State, for people

    @property
    def watching(self) -> Watching:
        """How outlets are doing."""
        return Watching(self._engine)

    @property
    def alerting(self) -> Alerting:
        """Saved searches, and what they are matched against."""
        return Alerting(self._engine)

    @property
    def outbox(self) -> Outbox:
        """Alerts on their way."""
        return Outbox(self._engine)

    def numbers(self) -> dict[str, int]:
        """How many records of each sort there are."""
        with reading(self._engine) as connection:
            return analysed.numbers(connection)

    def outlets(self) -> dict[str, tuple[int, datetime]]:
        """Outlet -> number of its articles, and when the newest was published."""
        with reading(self._engine) as connection:
            return {outlet: (n, newest) for outlet, n, newest in crawled.outlets_seen(connection)}

    def fetch_states(self, urls: Iterable[str]) -> list[FetchState]:
        """How some addresses answered when they were last asked; those never asked are left out."""
        with reading(self._engine) as connection:
            return list(crawled.find_states(connection, urls))


def _issue(fetch: Fetch) -> Issue:
    return Issue(
        stage=CRAWL,
        outlet=fetch.outlet,
        subject=fetch.url,
        outcome=fetch.outcome.value,
        status=fetch.status,
        detail=fetch.detail,
        at=fetch.at,
    )
