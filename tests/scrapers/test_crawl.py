"""Crawls again and again: what is asked for, what is not, at which pace, and how a crawl ends early."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scrapers.items import Access, Outcome, Validators, article_id, hash_of
from scrapers.outlet import EntryPoint, Outlet, load_outlets
from scrapers.robots import FRESH
from tests.newsroom.server import FORBIDDEN_PATH, Newsroom
from tests.scrapers.conftest import RunCrawl, StartCrawl
from tests.scrapers.crawl_driver import MemoryStore, Result
from tests.scrapers.site import BODY, HTML, Answer, Site, article, feed, item, outlet

OLD = "Mon, 05 Oct 2026 10:00:00 GMT"
EDITED_FIRST = "<atom:updated>2026-11-03T08:00:00Z</atom:updated>"
EDITED = "<atom:updated>2026-11-03T10:00:00Z</atom:updated>"
EDITED_AGAIN = "<atom:updated>2026-11-03T12:00:00Z</atom:updated>"


def states(result: Result, site: Site, since: int = 0) -> list[tuple[str, Outcome]]:
    """Path and outcome of every address, in the order of recording, from a number of records on."""
    return [(fetch.url.removeprefix(site.base), fetch.outcome) for fetch in result.store.fetches[since:]]


class TestAgain:
    """Several crawls of one site into one store."""

    def test_a_feed_that_did_not_change(self, run_crawl: RunCrawl) -> None:
        served = feed(item("/nota-1"), headers={"ETag": '"a1"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"})
        with Site({"/feed": served}) as site:
            first = run_crawl([outlet("uno", site)])
            assert first.store.kept == {
                f"{site.base}/feed": Validators(etag='"a1"', last_modified="Mon, 02 Nov 2026 10:00:00 GMT")
            }
            second = run_crawl([outlet("uno", site)], first.store)
        assert states(second, site, since=2) == [("/feed", Outcome.NOT_MODIFIED)]
        asked = site.asked[-1].headers
        assert (asked["if-none-match"], asked["if-modified-since"]) == ('"a1"', "Mon, 02 Nov 2026 10:00:00 GMT")

    def test_robots_txt_is_asked_for_again_when_it_is_old(self, run_crawl: RunCrawl) -> None:
        forbidding = Answer("User-agent: *\nDisallow: /feed\n")
        with Site({"/robots.txt": Answer(status=404), "/feed": feed(item("/nota-1"))}) as site:
            store = run_crawl([outlet("uno", site)]).store
            site.answers["/robots.txt"] = forbidding
            store = run_crawl([outlet("uno", site)], store).store
            assert site.paths.count("/robots.txt") == 1
            kept = store.files[site.base]
            store.files[site.base] = replace(kept, fetched=kept.fetched - FRESH)
            last = run_crawl([outlet("uno", site)], store)
        assert [outcome for path, outcome in states(last, site) if path == "/feed"] == [
            Outcome.FEED_READ,
            Outcome.FEED_READ,
            Outcome.FORBIDDEN_BY_ROBOTS,
        ]
        assert last.store.files[site.base].text == forbidding.body

    def test_rules_that_cannot_be_read_are_not_kept(self, run_crawl: RunCrawl) -> None:
        with Site({"/robots.txt": Answer(status=503), "/feed": feed(item("/nota-1"))}) as site:
            store = run_crawl([outlet("uno", site)]).store
            assert store.files == {}
            site.answers["/robots.txt"] = Answer("")
            assert states(run_crawl([outlet("uno", site)], store), site)[-1] == ("/feed", Outcome.FEED_READ)

    def test_every_request_is_counted(self, run_crawl: RunCrawl) -> None:
        moved = Answer(status=301, headers={"Location": "{base}/nota-2"})
        answers = {"/feed": feed(item("/nota-1", body="")), "/nota-1": moved, "/nota-2": article("Dos")}
        with Site(answers) as site:
            assert run_crawl([outlet("uno", site)]).summary.requests == {"uno": 4}
            assert site.paths == ["/robots.txt", "/feed", "/nota-1", "/nota-2"]

    def test_an_edit_in_the_feed_is_a_new_version(self, run_crawl: RunCrawl) -> None:
        with Site({"/feed": feed(item("/nota-1"), item("/nota-2"))}) as site:
            first = run_crawl([outlet("uno", site)])
            site.answers["/feed"] = feed(item("/nota-1", body=f"{BODY}<p>Ya hay tres detenidos.</p>"), item("/nota-2"))
            second = run_crawl([outlet("uno", site)], first.store)
        assert states(second, site, since=3) == [
            ("/nota-1", Outcome.CHANGED),
            ("/nota-2", Outcome.UNCHANGED),
            ("/feed", Outcome.FEED_READ),
        ]
        versions = second.store.articles[article_id(f"{site.base}/nota-1")]
        assert [version.body.endswith("Ya hay tres detenidos.") for version in versions] == [False, True]

    def test_the_feeds_summary_stands_in_while_the_page_cannot_be_had(self, run_crawl: RunCrawl) -> None:
        summary = (
            "<p>Dos hombres dejaron una granada en la puerta de una panadería del distrito y huyeron en una moto.</p>"
        )
        listed = feed(item("/nota-2", body=summary), item("/nota-1", body=summary))
        with Site({"/feed": listed, "/nota-1": Answer(status=403)}) as site:
            first = run_crawl([outlet("uno", site)])
            second = run_crawl([outlet("uno", site)], first.store)
            (provisional,) = second.store.articles[article_id(f"{site.base}/nota-1")]
            site.answers["/nota-1"] = article("Uno")
            third = run_crawl([outlet("uno", site)], second.store)
        assert states(third, site) == [
            *[("/feed", Outcome.FEED_READ), ("/nota-2", Outcome.HTTP_ERROR), ("/nota-1", Outcome.BLOCKED)] * 2,
            ("/feed", Outcome.FEED_READ),
            ("/nota-2", Outcome.HTTP_ERROR),
            ("/nota-1", Outcome.CHANGED),
        ]
        assert set(third.store.articles) == {provisional.id}
        assert provisional.unfinished
        assert provisional.body.startswith("Dos hombres dejaron una granada")
        versions = third.store.articles[provisional.id]
        assert [version.unfinished for version in versions] == [True, False]

    @pytest.mark.parametrize("mine", [frozenset(), frozenset({"uno"})], ids=["reader", "subscriber"])
    def test_of_paid_articles_only_the_beginning_is_kept(self, run_crawl: RunCrawl, mine: frozenset[str]) -> None:
        locked = '<meta property="article:content_tier" content="locked">'
        paid = article("Uno", head=locked)
        with Site({"/feed": feed(item("/nota-1", body="")), "/nota-1": paid}) as site:
            store = run_crawl([outlet("uno", site)], subscriptions=mine).store
        ((kept,),) = store.articles.values()
        assert kept.access is Access.LOCKED
        assert kept.content_hash == hash_of(kept.text)
        raw = [exchange.url for exchange in store.exchanges]
        if mine:
            assert kept.body.count("Párrafo") == 4
            assert raw == [f"{site.base}/feed", f"{site.base}/nota-1"]
        else:
            assert kept.body.startswith("Párrafo 1.")
            assert kept.body.count("Párrafo") == 2
            assert (raw, store.raw_of) == ([f"{site.base}/feed"], {kept.id: None})

    def test_pages_are_asked_for_again_only_after_an_edit(self, run_crawl: RunCrawl) -> None:
        with Site({"/feed": feed(item("/nota-1", body="", more=EDITED_FIRST)), "/nota-1": article("Uno")}) as site:
            store = run_crawl([outlet("uno", site)]).store
            store = run_crawl([outlet("uno", site)], store).store
            site.answers["/feed"] = feed(item("/nota-1", body="", more=EDITED))
            site.answers["/nota-1"] = article("Uno", body=f"{BODY}<p>Hay un segundo herido.</p>")
            store = run_crawl([outlet("uno", site)], store).store
            store = run_crawl([outlet("uno", site)], store).store
            site.answers["/feed"] = feed(item("/nota-1", body="", more=EDITED_AGAIN))
            store = run_crawl([outlet("uno", site)], store).store
            last = run_crawl([outlet("uno", site)], store)
        assert [outcome for path, outcome in states(last, site) if path == "/nota-1"] == [
            Outcome.NEW,
            Outcome.UNCHANGED,
            Outcome.CHANGED,
            Outcome.UNCHANGED,
            Outcome.UNCHANGED,  # dated later, but the same text
            Outcome.UNCHANGED,
        ]
        assert [path for path in site.paths if path == "/nota-1"] == ["/nota-1"] * 3

    def test_an_unfinished_article_is_fetched_until_it_is_finished(self, run_crawl: RunCrawl) -> None:
        unfinished = f"<p>NOTA EN DESARROLLO</p>{BODY}"
        with Site({"/feed": feed(item("/nota-1", body=unfinished)), "/nota-1": article("Uno", unfinished)}) as site:
            store = run_crawl([outlet("uno", site)]).store
            assert store.articles[article_id(f"{site.base}/nota-1")][-1].unfinished
            store = run_crawl([outlet("uno", site)], store).store
            site.answers["/feed"] = feed(item("/nota-1"))
            site.answers["/nota-1"] = article("Uno")
            last = run_crawl([outlet("uno", site)], store)
        assert not last.store.articles[article_id(f"{site.base}/nota-1")][-1].unfinished
        assert [path for path in site.paths if path == "/nota-1"] == ["/nota-1"] * 2

    def test_pages_without_an_article_of_their_own_are_left_alone(self, run_crawl: RunCrawl) -> None:
        gallery = article("Galería", body="<p>Mira las fotos</p>")
        twin = Answer('<link rel="canonical" href="{base}/nota-1">' + str(article("Uno").body), headers=HTML)
        links = "".join(f'<a href="/nota-{name}">Título</a>' for name in ("galeria", "gemela"))
        with Site({"/lista": Answer(links, headers=HTML), "/nota-galeria": gallery, "/nota-gemela": twin}) as site:
            store = MemoryStore()
            for _ in range(5):
                store = run_crawl([outlet("uno", site, ("listing", "/lista"))], store).store
            site.answers["/nota-1"] = twin
            last = run_crawl([outlet("uno", site, ("listing", "/lista"))], store)
        outcomes = states(last, site)
        assert [outcome for path, outcome in outcomes if path == "/nota-galeria"] == (
            [Outcome.NO_TEXT] * 3 + [Outcome.UNCHANGED] * 3
        )
        assert [outcome for path, outcome in outcomes if path == "/nota-gemela"] == (
            [Outcome.NEW] + [Outcome.UNCHANGED] * 5
        )
        assert [kept.url for (kept,) in last.store.articles.values()] == [f"{site.base}/nota-1"]
        assert site.paths.count("/nota-galeria") == 3
        assert site.paths.count("/nota-gemela") == 1

    def test_pages_that_are_gone_are_left_alone(self, run_crawl: RunCrawl) -> None:
        with Site({"/feed": feed(item("/nota-1", body=""))}) as site:
            store = MemoryStore()
            for _ in range(5):
                result = run_crawl([outlet("uno", site)], store)
                store = result.store
        assert site.paths.count("/nota-1") == 3
        assert [outcome for path, outcome in states(result, site) if path == "/nota-1"] == (
            [Outcome.HTTP_ERROR] * 3 + [Outcome.UNCHANGED] * 2
        )

    def test_too_old_is_not_fetched_and_not_hidden(self, run_crawl: RunCrawl) -> None:
        served = feed(
            item("/nota-1", body="", date=OLD),
            item("/nota-2", date=OLD, more=EDITED),
            item("/nota-3"),
            headers={"ETag": '"a1"'},
        )
        since = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
        with Site({"/feed": served, "/nota-1": article("Uno")}) as site:
            first = run_crawl([outlet("uno", site)], since=since)
            assert states(first, site) == [
                ("/nota-1", Outcome.TOO_OLD),
                ("/nota-2", Outcome.NEW),
                ("/nota-3", Outcome.NEW),
                ("/feed", Outcome.FEED_READ),
            ]
            second = run_crawl([outlet("uno", site)], first.store)
        assert states(second, site, since=4) == [
            ("/nota-2", Outcome.UNCHANGED),
            ("/nota-3", Outcome.UNCHANGED),
            ("/feed", Outcome.FEED_READ),
            ("/nota-1", Outcome.NEW),
        ]


class TestPace:
    """Delays between the requests to one site."""

    @staticmethod
    def _assert_paced(site: Site, began: float, pause: float) -> None:
        """No request came before its time. On a busy machine one comes late and the next follows close, but none comes early."""
        for number, asked in enumerate(site.asked):
            assert asked.at - began >= number * pause, asked.path

    def test_crawl_delay_is_kept(self, run_crawl: RunCrawl) -> None:
        pages = {f"/nota-{n}": article(f"Nota {n}") for n in (1, 2)}
        robots = Answer("User-agent: *\nCrawl-delay: 1\n")
        listed = feed(*(item(path, body="") for path in pages))
        with Site({"/robots.txt": robots, "/feed": listed} | pages) as site, Site({"/feed": listed} | pages) as other:
            began = time.monotonic()
            run_crawl([outlet("uno", site), outlet("dos", other)])
        assert site.paths == ["/robots.txt", "/feed", "/nota-1", "/nota-2"]
        self._assert_paced(site, began, pause=1.0)
        assert other.paths == site.paths

    def test_two_outlets_on_one_site_wait_for_one_another(self, run_crawl: RunCrawl) -> None:
        answers = {"/a": feed(item("/nota-1")), "/b": feed(item("/nota-2"))}
        with Site(answers | {"/robots.txt": Answer("User-agent: *\nCrawl-delay: 1\n")}) as site:
            began = time.monotonic()
            run_crawl([outlet("uno", site, ("feed", "/a")), outlet("dos", site, ("feed", "/b"))])
        assert sorted(site.paths) == ["/a", "/b", "/robots.txt"]
        self._assert_paced(site, began, pause=1.0)

    def test_without_an_option_the_pause_is_two_seconds(self, run_crawl: RunCrawl) -> None:
        with Site({"/feed": feed(item("/nota-1"))}) as site:
            began = time.monotonic()
            run_crawl([outlet("uno", site)], delay=None)
        self._assert_paced(site, began, pause=1.0)  # two seconds, give or take half of them


class TestEnds:
    """Bounds, signals, and a store that fails."""

    def test_pages(self, run_crawl: RunCrawl) -> None:
        pages = {f"/nota-{n}": article(f"Nota {n}") for n in range(1, 5)}
        with Site({"/feed": feed(*(item(path, body="") for path in pages))} | pages) as site:
            first = run_crawl([outlet("uno", site)], max_pages=3)
            second = run_crawl([outlet("uno", site)], first.store)
        assert (first.summary.stopped, first.summary.complete, first.summary.left) == ("pages", False, {"uno": 1})
        assert first.summary.counts == {"uno": {Outcome.FEED_READ: 1, Outcome.NEW: 3}}
        assert second.summary.counts == {"uno": {Outcome.FEED_READ: 1, Outcome.UNCHANGED: 3, Outcome.NEW: 1}}

    def test_time(self, run_crawl: RunCrawl) -> None:
        answers = {
            "/feed": feed(item("/nota-1"), item("/nota-2", body=""), item("/nota-3", body="")),
            "/nota-2": Answer("<html>", headers=HTML, seconds=30, drop=True),
        }
        with Site(answers) as site:
            result = run_crawl([outlet("uno", site)], max_seconds=6.0, timeout=60.0)
        assert (result.summary.stopped, result.summary.left) == ("time", {"uno": 2})
        assert result.summary.counts == {"uno": {Outcome.FEED_READ: 1, Outcome.NEW: 1}}

    def test_signal(self, start_crawl: StartCrawl) -> None:
        answers = {
            "/feed": feed(item("/nota-1"), item("/nota-2", body="")),
            "/nota-2": Answer("<html>", headers=HTML, seconds=30, drop=True),
        }
        with Site(answers) as site:
            process = start_crawl([outlet("uno", site)], timeout=60.0)
            for _ in range(600):
                if "/nota-2" in site.paths:
                    break
                time.sleep(0.05)
            process.terminate()
            result = process.end()
        assert (result.summary.stopped, result.summary.left) == ("signal", {"uno": 1})
        assert result.summary.counts == {"uno": {Outcome.FEED_READ: 1, Outcome.NEW: 1}}

    def test_a_store_that_fails_ends_the_crawl(self, run_crawl: RunCrawl) -> None:
        with Site({"/feed": feed(item("/nota-1"))}) as site, pytest.raises(OSError, match="disk full"):
            run_crawl([outlet("uno", site)], MemoryStore(broken=True))

    def test_no_outlets(self, run_crawl: RunCrawl) -> None:
        result = run_crawl([])
        assert (result.summary.counts, result.summary.complete) == ({}, True)


class TestSafety:
    """Where a crawl never goes."""

    def test_private_addresses(self, run_crawl: RunCrawl) -> None:
        with Site({"/feed": feed(item("/nota-1"))}) as site:
            port = site.host.partition(":")[2]
            outlets = [
                outlet(f"o{n}", site, ("feed", f"http://{host}:{port}/feed"), domain=f"{host}:{port}")
                for n, host in enumerate(["127.0.0.1", "localhost", "2130706433"])
            ]
            outlets.append(outlet("o3", site, ("feed", "http://[::1]:9/feed"), hosts=("[::1]:9",)))
            result = run_crawl(outlets, allow_private_addresses=False)
        assert site.paths == []
        assert {fetch.outlet: fetch.outcome for fetch in result.store.fetches} == {
            f"o{n}": Outcome.OFF_SITE for n in range(4)
        }
        assert all("a private address" in str(fetch.detail) for fetch in result.store.fetches)

    def test_unknown_host_and_closed_port(self, run_crawl: RunCrawl) -> None:
        with Site({}) as gone:
            nobody = outlet("nobody", gone)
        with Site({}) as site:
            unknown = outlet("unknown", site, ("feed", "http://ninguno.invalid/feed"), domain="ninguno.invalid")
            result = run_crawl([nobody, unknown])
        assert {fetch.outlet: fetch.outcome for fetch in result.store.fetches} == {
            "nobody": Outcome.NETWORK_ERROR,
            "unknown": Outcome.NETWORK_ERROR,
        }

    def test_certificates_are_verified(self, run_crawl: RunCrawl, tmp_path: Path) -> None:
        with Site({"/feed": feed(item("/nota-1"))}, context=_self_signed(tmp_path)) as site:
            result = run_crawl([outlet("uno", site)])
        assert [(fetch.outcome, "certificate" in str(fetch.detail)) for fetch in result.store.fetches] == [
            (Outcome.NETWORK_ERROR, True)
        ]
        assert site.paths == []

    def test_contact_in_the_user_agent(self, run_crawl: RunCrawl) -> None:
        with Site({"/feed": feed()}) as site:
            run_crawl([outlet("uno", site)], contact="prensa@vigia.example")
        assert {asked.headers["user-agent"] for asked in site.asked} == {"Vigia/0.1.0 (+prensa@vigia.example)"}


class TestGuesses:
    """Entry points that nobody has seen answer."""

    def test_their_failures_say_so(self, run_crawl: RunCrawl) -> None:
        with Site({}) as site:
            given = outlet("uno", site)
            guess = EntryPoint(kind=given.entry_points[0].kind, url=given.entry_points[0].url, status="guess")
            result = run_crawl([outlet("uno", site, entry_points=(guess,))])
        assert [fetch.detail for fetch in result.store.fetches] == ["404 Not Found (this entry point is a guess)"]


@pytest.fixture(scope="module")
def crawls(run_crawl: RunCrawl, tmp_path_factory: pytest.TempPathFactory) -> tuple[Newsroom, list[Result]]:
    with Newsroom() as room:
        outlets: list[Outlet] = list(load_outlets(room.write_outlets(tmp_path_factory.mktemp("outlets"))).values())
        results = [run_crawl(outlets)]
        results.append(run_crawl(outlets, results[-1].store))
        room.publish(edition=2)
        results.append(run_crawl(outlets, results[-1].store))
        results.append(run_crawl(outlets, results[-1].store))
    return room, results


class TestNewsroom:
    """All formats of the local newsroom, in two editions."""

    def test_first_crawl(self, crawls: tuple[Newsroom, list[Result]]) -> None:
        room, (first, *_) = crawls
        assert first.summary.failed == 1
        assert [fetch.url for fetch in first.store.fetches if fetch.outcome is Outcome.FORBIDDEN_BY_ROBOTS] == [
            room.sites["exitosa"].base + FORBIDDEN_PATH
        ]
        for name, counts in first.summary.counts.items():
            stories = {path for path in room.sites[name].resources if path != "/robots.txt"}
            assert counts[Outcome.NEW] == len(stories) - 1, name  # one of them is the entry point

    def test_second_crawl_finds_nothing(self, crawls: tuple[Newsroom, list[Result]]) -> None:
        _, (_, second, *_) = crawls
        assert set(second.summary.counts) == set(crawls[0].sites)
        assert all(counts == {Outcome.NOT_MODIFIED: 1} for counts in second.summary.counts.values())

    def test_second_edition_brings_edits_only_once(self, crawls: tuple[Newsroom, list[Result]]) -> None:
        _, (_, _, third, fourth) = crawls
        assert third.summary.total(Outcome.CHANGED) >= 2
        assert third.summary.total(Outcome.NEW) == third.summary.failed == 0
        assert fourth.summary.total(Outcome.CHANGED) == fourth.summary.total(Outcome.NEW) == 0


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
