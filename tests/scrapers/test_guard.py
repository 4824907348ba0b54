"""The guard around every reading: nothing that outlets send may end a crawl, or hold it up."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections import Counter
from functools import partial

import pytest
from scrapy import Request
from scrapy.http import Response

from scrapers.crawl import CrawlOptions
from scrapers.feeds import NotAFeed
from scrapers.guard import TooSlow, guarded
from scrapers.items import Outcome
from scrapers.layouts import NoText
from scrapers.markup import parse_html
from scrapers.outlet import EntryKind, EntryPoint, Outlet, OutletKind
from scrapers.refusals import Refused
from scrapers.visit import SLOW_BEFORE_STOP, Budget, Visit
from tests.scrapers.crawl_driver import MemoryStore
from tests.scrapers.site import Answer, article, feed, item


def _busy(seconds: float) -> str:
    """Busy for a while, like a parser that takes every fault for a damaged page."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        try:
            sum(range(1_000))
        except Exception:
            return "caught"
    return "read"


def test_what_is_read_comes_back() -> None:
    assert guarded("https://a.pe/1", lambda: "read") == "read"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotAFeed("HTML"), Outcome.NOT_A_FEED),
        (NoText("a gallery"), Outcome.NO_TEXT),
        (ZeroDivisionError("a fault of ours"), Outcome.BROKEN),
        (RecursionError("too deep"), Outcome.BROKEN),
    ],
)
def test_every_fault_is_an_outcome(error: Exception, outcome: Outcome) -> None:
    def read() -> str:
        raise error

    found = guarded("https://a.pe/1", read)
    assert isinstance(found, Refused)
    assert found.outcome is outcome
    assert str(error) in found.detail


def test_what_takes_too_long_is_given_up() -> None:
    begun = time.process_time()
    found = guarded("https://a.pe/1", lambda: _busy(30), longest=0.2)
    assert time.process_time() - begun < 5
    assert isinstance(found, TooSlow)
    assert (found.outcome, found.detail) == (Outcome.BROKEN, "not read to its end within 0.2 s of processor time")


def test_nothing_is_left_behind() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    assert guarded("https://a.pe/1", lambda: _busy(0.01), longest=0.2) == "read"
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
    assert signal.getsignal(signal.SIGVTALRM) is before
    assert _busy(0.5) == "read"


def test_another_thread_reads_without_a_bound() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(guarded("https://a.pe/1", lambda: _busy(0.3), longest=0.1)))
    thread.start()
    thread.join()
    assert found == ["read"]


MANY = 100_000


@pytest.mark.parametrize(
    "attributes",
    [
        " ".join(f"a{n}=1" for n in range(MANY)),
        "/".join(f"a{n}" for n in range(MANY)),
        "".join(f"a{n}=''" for n in range(MANY)),
        " ".join(f'a{n}=">"' for n in range(MANY)),
    ],
    ids=["plain", "slashes", "without spaces", "with tags inside"],
)
def test_a_tag_with_very_many_attributes_loses_them(attributes: str) -> None:
    """libxml2 would need minutes, and no signal reaches it."""
    begun = time.process_time()
    root = parse_html(f"<div {attributes}><p id=uno>Cobran cupos</p></div>")
    assert time.process_time() - begun < 5
    assert root is not None
    assert [element.attrib for element in root.iter("div", "p")] == [{}, {"id": "uno"}]


def test_an_outlet_whose_answers_are_too_slow_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others must get their turn. What is left gets no outcome, and is met again in the next crawl."""
    monkeypatch.setattr("scrapers.visit.guarded", partial(guarded, longest=0.1))
    monkeypatch.setattr("scrapers.visit.from_page", lambda *_: _busy(30))
    listed = feed(*(item(f"/nota-{number}", body="") for number in range(10)))
    store = MemoryStore()
    visit = visited((point("https://a.pe/feed"),), store, {"https://a.pe/feed": listed})
    asyncio.run(visit.run())
    assert Counter(fetch.outcome for fetch in store.fetches) == {Outcome.FEED_READ: 1, Outcome.BROKEN: SLOW_BEFORE_STOP}
    assert visit.left == 10 - SLOW_BEFORE_STOP


def test_nor_are_further_entry_points_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrapers.visit.guarded", partial(guarded, longest=0.1))
    monkeypatch.setattr("scrapers.visit.read_entry", lambda *_: _busy(30))
    store, points = MemoryStore(), tuple(point(f"https://a.pe/{number}") for number in range(10))
    visit = visited(points, store, {each.url: feed() for each in points})
    asyncio.run(visit.run())
    assert [fetch.outcome for fetch in store.fetches] == [Outcome.BROKEN] * SLOW_BEFORE_STOP
    assert visit.left == 10 - SLOW_BEFORE_STOP


def point(url: str) -> EntryPoint:
    return EntryPoint(kind=EntryKind.FEED, url=url, status="checked")


def visited(points: tuple[EntryPoint, ...], store: MemoryStore, answers: dict[str, Answer]) -> Visit:
    """The visit of an outlet that answers without a network."""

    async def download(request: Request) -> Response:
        answer = answers.get(request.url) or article("Cobran cupos")
        body = str(answer.body).replace("{base}", "https://a.pe").encode()
        return Response(request.url, headers=dict(answer.headers), body=body, request=request)

    slow = Outlet(id="a", name="A", domain="a.pe", kind=OutletKind.REGIONAL, confidence="high", entry_points=points)
    return Visit(outlet=slow, store=store, options=CrawlOptions(), download=download, budget=Budget(None))
