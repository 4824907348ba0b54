"""A server that means harm: whatever it answers, the crawl goes on and every address ends in exactly the state it should."""

from __future__ import annotations

import gzip
import itertools
import re
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import brotli
import pytest

from scrapers.items import Outcome
from tests.scrapers.conftest import RunCrawl
from tests.scrapers.crawl_driver import Result
from tests.scrapers.raw_site import OK, Bytes, RawSite
from tests.scrapers.site import BODY, HTML, PARAGRAPH, RSS, Answer, Site, article, feed, item, outlet
from tests.scrapers.test_crawl_faults import NEW, READ, Case

XML = {"Content-Type": "application/xml"}
JSON = {"Content-Type": "application/json"}
BLANK = b" " * 50_000_000
DEEP = 100_000
LAUGHS = (
    '<?xml version="1.0" encoding="{charset}"?><!DOCTYPE rss [<!ENTITY a "ja">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghij"))
    + "]><rss><channel><title>&j;</title></channel></rss>"
)
REFUSED = (Outcome.BROKEN, "declares XML entities")
TOO_LARGE = (Outcome.TOO_LARGE, "bytes than any feed or page needs")
STRANGE = {"Location": "http://127.0.0.1:80@malo.example/nota-1"}


def one_page(page: Answer, *outcome: object, asked: list[str] | None = None, **more: Answer) -> Case:
    """A feed that lists one page, and the page."""
    answers = {"/feed": feed(item("/nota-1", body="")), "/nota-1": page}
    return Case(
        answers | {f"/{name}": each for name, each in more.items()}, {"/feed": READ, "/nota-1": outcome}, asked=asked
    )  # type: ignore[dict-item]


def one_feed(answer: Answer, *outcome: object, kind: str = "feed", asked: list[str] | None = None) -> Case:
    """An entry point alone."""
    return Case({"/feed": answer}, {"/feed": outcome}, entries=((kind, "/feed"),), asked=asked)  # type: ignore[dict-item]


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": location})


def index(*paths: str) -> Answer:
    return Answer(
        "<sitemapindex>"
        + "".join(f"<sitemap><loc>{{base}}{path}</loc></sitemap>" for path in paths)
        + "</sitemapindex>"
    )


def packed(data: bytes, encoding: str, name: str = "") -> Answer:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda raw: brotli.compress(raw, quality=1)}
    for each in encoding.split(", "):
        data = pack[each](data)
    return Answer(data, headers=HTML | {"Content-Encoding": name or encoding})


def encoded(data: bytes, encoding: str) -> Answer:
    """What says of itself how it was packed."""
    return Answer(data, headers=HTML | {"Content-Encoding": encoding})


def linked(data: str) -> Answer:
    """A page with linked data."""
    return Answer(WHOLE.replace("<h1>", f"<script type='application/ld+json'>{data}</script><h1>"), headers=HTML)


WHOLE = f"<html><h1>Cobran cupos</h1><article>{BODY}</article></html>"
DAMAGED = (Outcome.NETWORK_ERROR, "the answer cannot be taken")
SEVERAL = (
    "/nota-cobran-cupos-en-bodegas",
    "/nota-capturan-banda-tras-balacera",
    "/nota-incendian-mototaxis-durante-paro",
)

CASES: dict[str, Case] = {
    # more bytes than there should be
    "bomb_gzip": one_page(packed(BLANK, "gzip"), *TOO_LARGE),
    "bomb_deflate": one_page(packed(BLANK, "deflate"), *TOO_LARGE),
    "bomb_br": one_page(packed(BLANK, "br"), *TOO_LARGE),
    "bomb_in_a_bomb": one_page(packed(BLANK, "gzip, gzip"), *TOO_LARGE),
    "bomb_as_a_file": one_feed(
        Answer(gzip.compress(BLANK), headers={"Content-Type": "application/gzip"}),
        Outcome.BROKEN,
        "gzip data that unpacks to more than 20 MB",
        kind="news_sitemap",
    ),
    "page_of_five_megabytes": one_page(Answer(BLANK[:5_000_000], headers=HTML), *TOO_LARGE),
    "feed_of_25_megabytes": one_feed(Answer(BLANK[:25_000_000], headers=RSS), *TOO_LARGE),
    "wrong_encoding": one_page(
        Answer("<p>no es gzip</p>", headers=HTML | {"Content-Encoding": "gzip"}),
        Outcome.NETWORK_ERROR,
        "Not a gzipped file",
    ),
    "damaged_deflate": one_page(encoded(b"x" * 100, "deflate"), *DAMAGED),
    "damaged_br": one_page(encoded(b"x" * 100, "br"), *DAMAGED),
    "encodings_without_end": one_page(
        encoded(gzip.compress(WHOLE.encode()), ", ".join(["gzip"] * 500)), Outcome.NETWORK_ERROR, "Not a gzipped file"
    ),
    "gzip_of_gzip": one_page(packed(WHOLE.encode(), "gzip, gzip"), *NEW),
    "gzip_and_something_more": one_page(encoded(gzip.compress(WHOLE.encode()) + b"x" * 1000, "gzip"), *NEW),
    "unknown_encoding": one_page(encoded(WHOLE.encode(), "rot13"), *NEW),
    "part_of_a_page": one_page(Answer(WHOLE, status=206, headers=HTML), Outcome.HTTP_ERROR, "206 Partial Content"),
    "program_for_a_page": one_page(
        Answer(b"\x7fELF" + bytes(range(256)) * 500, headers=HTML), Outcome.BROKEN, "binary data"
    ),
    "book_for_an_article": Case(
        {"/feed": feed(item("/nota-1", body="".join(f"<p>{n}. {PARAGRAPH}</p>" for n in range(3_000))))},
        {"/feed": READ, "/nota-1": (Outcome.BROKEN, "characters is no article")},
        asked=["/feed"],
    ),
    "robots_of_20_megabytes": Case(
        {"/robots.txt": Answer(b"Disallow: /x\n", repeat=1_600_000), "/feed": feed(item("/nota-1"))},
        {"/feed": (Outcome.TOO_LARGE, "robots.txt could not be read")},
        asked=[],
    ),
    "robots_without_end": Case(
        {"/robots.txt": redirect("{base}/robots.txt?"), "/robots.txt?": redirect("{base}/robots.txt"), "/feed": feed()},
        {"/feed": (Outcome.HTTP_ERROR, "robots.txt could not be read: max redirections reached")},
    ),
    "robots_elsewhere": Case(
        {"/robots.txt": redirect("file:///etc/passwd"), "/feed": feed(item("/nota-1"))},
        {"/feed": (Outcome.OFF_SITE, "robots.txt could not be read: leads to 'file:///etc/passwd'")},
        asked=[],
    ),
    "robots_full_of_stars": Case(
        {
            "/robots.txt": Answer("User-agent: *\nDisallow: /" + "*a" * 60 + "b$\nDisallow: /privado"),
            "/feed": feed(item("/nota-1" + "a" * 300), item("/privado/nota-2", body="")),
        },
        {"/feed": READ, "/nota-1" + "a" * 300: NEW, "/privado/nota-2": (Outcome.FORBIDDEN_BY_ROBOTS, "forbids")},
    ),
    # XML
    "entities": one_feed(Answer(LAUGHS.replace("{charset}", "utf-8"), headers=RSS), *REFUSED),
    "entities_in_utf16": one_feed(
        Answer(LAUGHS.replace("{charset}", "utf-16").encode("utf-16"), headers=XML), *REFUSED
    ),
    "entities_in_a_sitemap": one_feed(
        Answer('<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'),
        *REFUSED,
        kind="news_sitemap",
    ),
    "entities_of_parameters": one_feed(
        Answer('<!DOCTYPE rss [<!ENTITY % x SYSTEM "{base}/mal.dtd"> %x;]><rss><channel/></rss>', headers=RSS),
        *REFUSED,
        asked=["/feed"],
    ),
    "external_dtd": one_feed(
        Answer('<!DOCTYPE rss SYSTEM "{base}/mal.dtd"><rss version="2.0"><channel></channel></rss>', headers=RSS),
        Outcome.FEED_EMPTY,
        None,
        asked=["/feed"],
    ),
    "external_dtd_of_a_sitemap": one_feed(
        Answer('<!DOCTYPE urlset SYSTEM "{base}/mal.dtd"><urlset></urlset>', headers=XML),
        Outcome.FEED_EMPTY,
        None,
        kind="news_sitemap",
        asked=["/feed"],
    ),
    "style_sheet_and_inclusion": one_feed(
        Answer(
            '<?xml version="1.0"?><?xml-stylesheet href="{base}/mal.xsl"?><urlset xmlns:xi="http://www.w3.org/2001/XInclude">'
            '<xi:include href="{base}/mal.xml"/></urlset>',
            headers=XML,
        ),
        Outcome.BROKEN,
        "lists 1 items, none of which has an address",
        kind="news_sitemap",
        asked=["/feed"],
    ),
    # depth
    "deep_feed": one_feed(
        Answer("<rss><channel>" + "<a>" * DEEP + "</a>" * DEEP + "</channel></rss>", headers=RSS),
        Outcome.FEED_EMPTY,
        None,
    ),
    "deep_sitemap": one_feed(
        Answer("<urlset>" + "<url>" * DEEP + "</url>" * DEEP + "</urlset>", headers=XML),
        Outcome.BROKEN,
        "cannot be read",
        kind="news_sitemap",
    ),
    "deep_json": one_feed(Answer("[" * DEEP, headers=JSON), Outcome.BROKEN, "JSON that cannot be read", kind="wp_json"),
    "deep_html": one_page(
        Answer(f"<html><h1>Hondo</h1>{'<div>' * DEEP}{BODY}{'</div>' * DEEP}</html>", headers=HTML),
        Outcome.NO_TEXT,
        "no text",
    ),
    "deep_list": one_feed(
        Answer("<html>" + "<div>" * DEEP + '<a href="/otra">x</a>' + "</div>" * DEEP, headers=HTML),
        Outcome.BROKEN,
        "without links",
        kind="listing",
    ),
    "deep_linked_data": one_page(
        Answer(
            f"<html><script type='application/ld+json'>{'[' * DEEP}{']' * DEEP}</script><h1>Hondo</h1><article>{BODY}</article></html>",
            headers=HTML,
        ),
        *NEW,
    ),
    "deep_body_in_a_feed": Case(
        {"/feed": feed(item("/nota-1", body="<div>" * DEEP + BODY + "</div>" * DEEP))},
        {"/feed": READ, "/nota-1": (Outcome.HTTP_ERROR, "404 Not Found")},
        asked=["/feed", "/nota-1"],
    ),
    "many_attributes": one_page(
        Answer(
            f"<html><h1>Ancho</h1><article {' '.join(f'a{n}=1' for n in range(300_000))}>{BODY}</article></html>",
            headers=HTML,
        ),
        *NEW,
    ),
    "many_titles": one_page(
        Answer(f"<html><head>{'<title>x</title>' * 100_000}</head><h1>Uno</h1><article>{BODY}</article>", headers=HTML),
        *NEW,
    ),
    "linked_data_of_strange_types": one_page(
        linked(
            '{"@type": ["NewsArticle", 5, null], "headline": ["a", {"b": 1}], "articleBody": {"x": [1]}, "author": [[["a"]]], '
            '"datePublished": [1e400], "keywords": {"a": 1}, "url": 7, "mainEntityOfPage": [1], "isAccessibleForFree": []}'
        ),
        *NEW,
    ),
    "linked_data_with_a_long_number": one_page(linked('{"@type": "NewsArticle", "x": ' + "9" * 10_000 + "}"), *NEW),
    "linked_data_of_itself": one_page(
        linked(
            '{"@graph": [{"@id": "#a", "@type": "NewsArticle", "author": {"@id": "#a"}, "headline": {"@id": "#a"}}]}'
        ),
        *NEW,
    ),
    "many_paragraphs": one_page(
        Answer(WHOLE.replace("</article>", "<p>a" * 300_000 + "</article>"), headers=HTML), Outcome.NO_TEXT, "no text"
    ),
    "many_elements": one_page(Answer("<html><h1>Ancho</h1>" + "<b></b>" * 300_000 + BODY, headers=HTML), *NEW),
    # characters
    "charset_utf7": one_page(
        Answer(
            f"<html><h1>Siete</h1>+ADw-script+AD4-<article>{BODY}</article>",
            headers={"Content-Type": "text/html; charset=utf-7"},
        ),
        *NEW,
    ),
    "charset_of_escapes": one_page(
        Answer(
            WHOLE.encode("latin-1") + b"<p>\\u003cscript\\u003e \xe1</p>",
            headers={"Content-Type": "text/html; charset=unicode_escape"},
        ),
        *NEW,
    ),
    "charset_utf16_and_is_not": one_page(
        Answer(WHOLE.encode("latin-1"), headers={"Content-Type": "text/html; charset=utf-16"}), *NEW
    ),
    "charset_unknown": one_page(
        Answer(
            f"<html><h1>Otro</h1><article>{BODY}</article>", headers={"Content-Type": "text/html; charset=x-klingon"}
        ),
        *NEW,
    ),
    "charset_codec_of_python": one_page(
        Answer(
            f"<html><h1>Zip</h1><article>{BODY}</article>", headers={"Content-Type": "text/html; charset=zlib_codec"}
        ),
        *NEW,
    ),
    "charset_mixed": one_page(
        Answer(
            f"<html><h1>Dos</h1><article>{BODY}".encode() + "<p>Extorsión en Áncash</p></article>".encode("latin-1"),
            headers=HTML,
        ),
        *NEW,
    ),
    "controls": Case(
        {
            "/feed": Answer(
                "<rss><channel><item><title>Roban\x1b[31m banco\u202e\r\n2026 CRITICAL: todo</title>"
                f"<link>{{base}}/nota-1\u202e\x1b</link><description><![CDATA[{BODY}\u2066\x07]]></description>"
                "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>",
                headers=RSS,
            ),
            "/nota-1": article("Roban\x1b[31m banco\u202e\r\n2026 CRITICAL: todo\x00", BODY + "\u2066\x07"),
        },
        {"/feed": READ, "/nota-1": NEW},
    ),
    # addresses
    "one_address_for_all": Case(
        {"/feed": feed(*(item(path, body="") for path in SEVERAL))}
        | {path: article(path, head=f"<link rel=canonical href='{{base}}{SEVERAL[0]}'>") for path in SEVERAL},
        {"/feed": READ} | dict.fromkeys(SEVERAL, NEW),
    ),
    "base_of_a_feed": Case(
        {
            "/feed": Answer(
                "<rss xml:base='http://malo.example/'><channel><item><title>Uno</title><link>/nota-1</link></item></channel></rss>",
                headers=RSS,
            )
        },
        {"/feed": READ, "http://malo.example/nota-1": (Outcome.OFF_SITE, "lists it")},
    ),
    "user_before_the_host": one_page(
        Answer(status=302, headers=STRANGE), Outcome.OFF_SITE, "malo.example", asked=["/feed", "/nota-1"]
    ),
    "without_a_scheme": one_page(redirect("//malo.example/nota-1"), Outcome.OFF_SITE, "malo.example"),
    "backslashes": one_page(
        redirect("\\\\malo.example\\nota-1"),
        Outcome.HTTP_ERROR,
        "404",
        asked=["/feed", "/nota-1", "/%5C%5Cmalo.example%5Cnota-1"],
    ),
    "javascript": one_page(redirect("javascript:alert(1)"), Outcome.OFF_SITE, "javascript:alert(1)"),
    "data": one_page(redirect("data:text/html,<h1>x"), Outcome.OFF_SITE, "data:text/html"),
    "another_port": one_page(redirect("http://127.0.0.1:22/nota-1"), Outcome.OFF_SITE, "127.0.0.1:22"),
    "address_of_the_cloud": one_page(
        redirect("http://169.254.169.254/latest/meta-data"), Outcome.OFF_SITE, "169.254.169.254"
    ),
    "control_characters_in_a_redirect": one_page(
        redirect("http://malo.example/\x1b[2J\x0bx"), Outcome.OFF_SITE, "malo.example"
    ),
    "redirect_to_nowhere": one_page(Answer(status=302), Outcome.HTTP_ERROR, "302 Found"),
    "redirects_in_a_chain": one_page(
        redirect("/nota-2"),
        Outcome.HTTP_ERROR,
        "max redirections reached",
        **{f"nota-{n}": redirect(f"/nota-{n + 1}") for n in range(2, 12)},
    ),
    "refresh": one_page(
        Answer(
            f'<html><meta http-equiv="refresh" content="0; url=http://127.0.0.1:22/"><h1>Uno</h1><article>{BODY}</article>',
            headers=HTML | {"Refresh": "0; url=http://127.0.0.1:22/"},
        ),
        *NEW,
        asked=["/feed", "/nota-1"],
    ),
    "cookies": one_page(
        Answer(status=302, headers={"Location": "/nota-2", "Set-Cookie": "a=b; Path=/"}),
        *NEW,
        **{"nota-2": article("Dos")},
    ),
    "address_as_a_file": Case(
        {
            "/feed": feed(item("/nota-1/..%2f..%2f..%2fetc%2fpasswd%00", body=BODY), item("/nota-" + "x" * 1900)),
        },
        {"/feed": READ, "/nota-1/..%2F..%2F..%2Fetc%2Fpasswd%00": NEW, "/nota-" + "x" * 1900: NEW},
    ),
    "index_of_itself": Case(
        {"/feed": index("/feed", "/b.xml"), "/b.xml": index("/feed", "/b.xml", "/c.xml"), "/c.xml": index("/d.xml")},
        {"/feed": READ, "/b.xml": READ, "/c.xml": (Outcome.FEED_EMPTY, None)},
        entries=(("news_sitemap", "/feed"),),
        asked=["/feed", "/b.xml", "/c.xml"],
    ),
    "index_of_thousands": Case(
        {"/feed": index(*(f"/{n}.xml" for n in range(5000)))} | {f"/{n}.xml": Answer("<urlset/>") for n in range(50)},
        {"/feed": READ} | {f"/{n}.xml": (Outcome.FEED_EMPTY, None) for n in range(50)},
        entries=(("news_sitemap", "/feed"),),
    ),
    "status_of_nothing": one_feed(Answer("x", status=999), Outcome.HTTP_ERROR, "999"),
}


def drip(*begin: bytes, part: bytes = b"x") -> Bytes:
    """Something, then a little again and again."""

    def answer() -> Iterable[bytes]:
        yield from begin
        for _ in range(200):
            time.sleep(0.1)
            yield part

    return answer


def forever(*begin: bytes, part: bytes) -> Bytes:
    """Something, then 400 MB."""
    return lambda: itertools.chain(begin, itertools.repeat(part * (100_000 // len(part)), 4_000))


SLOW = (Outcome.NETWORK_ERROR, "no complete answer in time")
HEADERS = (Outcome.NETWORK_ERROR, "over 500,000 bytes of headers")
BROKEN_OFF = (Outcome.NETWORK_ERROR, "")
RAW: dict[str, tuple[Bytes, tuple[Outcome, str]]] = {
    "slow_body": (drip(OK + b"Content-Type: text/html\r\n\r\n"), SLOW),
    "slow_body_in_chunks": (drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", part=b"1\r\nx\r\n"), SLOW),
    "slow_headers": (drip(OK, part=b"X: y\r\n"), SLOW),
    "slow_first_line": (drip(b"HTTP/1.1 200 "), SLOW),
    "one_long_header": (forever(OK + b"X-Long: ", part=b"x"), BROKEN_OFF),
    "headers_without_end": (forever(OK, part=b"X-Many: " + b"y" * 92 + b"\r\n"), HEADERS),
    "continue_without_end": (forever(part=b"HTTP/1.1 100 Continue\r\n\r\n"), HEADERS),
    "says_little_sends_much": (
        lambda: [OK + b"Content-Length: 12\r\n\r\n", b"<rss></rss> " + b"y" * 30_000_000],
        (Outcome.FEED_EMPTY, ""),
    ),
    "says_much_sends_little": (lambda: [OK + b"Content-Length: 99999999999\r\n\r\n<rss>"], TOO_LARGE),
    "says_less_than_nothing": (lambda: [OK + b"Content-Length: -5\r\n\r\n<rss>"], BROKEN_OFF),
    "chunk_of_the_size_of_the_world": (
        lambda: [OK + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n<rss>"],
        BROKEN_OFF,
    ),
    "chunk_extensions_without_end": (forever(OK + b"Transfer-Encoding: chunked\r\n\r\n1;", part=b"x"), BROKEN_OFF),
    "early_hints_without_end": (forever(part=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), HEADERS),
    "early_hints": (
        lambda: [b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", OK + b"Content-Length: 11\r\n\r\n<rss></rss>"],
        (Outcome.FEED_EMPTY, ""),
    ),
    "switching_protocols": (lambda: [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"], BROKEN_OFF),
    "two_lengths": (lambda: [OK + b"Content-Length: 5\r\nContent-Length: 11\r\n\r\n<rss></rss>"], BROKEN_OFF),
    "trailers_without_end": (
        forever(OK + b"Transfer-Encoding: chunked\r\n\r\nb\r\n<rss></rss>\r\n0\r\n", part=b"X: " + b"y" * 95 + b"\r\n"),
        BROKEN_OFF,
    ),
    "chunks_without_end": (forever(OK + b"Transfer-Encoding: chunked\r\n\r\n", part=b"1\r\nx\r\n"), SLOW),
    "unknown_transfer": (
        lambda: [OK + b"Transfer-Encoding: gzip, chunked\r\n\r\nb\r\n<rss></rss>\r\n0\r\n\r\n"],
        BROKEN_OFF,
    ),
    "header_without_a_name": (lambda: [OK + b": x\r\n\x00: x\r\nContent-Length: 11\r\n\r\n<rss></rss>"], BROKEN_OFF),
    "no_http": (lambda: [b"SSH-2.0-OpenSSH_9.6\r\n"], BROKEN_OFF),
    "nothing": (list, BROKEN_OFF),
}


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, Site]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(Site(case.answers)) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def raw_sites() -> Iterator[dict[str, RawSite]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(RawSite({"/feed": answer})) for name, (answer, _) in RAW.items()}


@pytest.fixture(scope="module")
def result(sites: dict[str, Site], run_crawl: RunCrawl) -> Result:
    outlets = [outlet(name, sites[name], *case.entries, **case.more) for name, case in CASES.items()]
    return run_crawl(outlets, timeout=20.0)


@pytest.fixture(scope="module")
def raw_result(raw_sites: dict[str, RawSite], run_crawl: RunCrawl) -> Result:
    return run_crawl([outlet(name, site) for name, site in raw_sites.items()], timeout=6.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CASES)
def test_what_becomes_of_it(name: str, sites: dict[str, Site], result: Result) -> None:
    site, case = sites[name], CASES[name]
    fetches = [fetch for fetch in result.store.fetches if fetch.outlet == name]
    states = [(fetch.url.removeprefix(site.base), fetch.outcome) for fetch in fetches]
    assert sorted(states) == sorted((path, outcome) for path, (outcome, _) in case.outcomes.items()), fetches
    for fetch in fetches:
        expected = case.outcomes[fetch.url.removeprefix(site.base)][1]
        assert fetch.detail == expected if expected is None else expected in str(fetch.detail), fetch
    if case.asked is not None:
        assert [path for path in site.paths if path != "/robots.txt"] == case.asked


@pytest.mark.parametrize("name", RAW)
def test_what_becomes_of_bytes(name: str, raw_sites: dict[str, RawSite], raw_result: Result) -> None:
    outcome, detail = RAW[name][1]
    fetches = [fetch for fetch in raw_result.store.fetches if fetch.outlet == name]
    assert [(fetch.url, fetch.outcome) for fetch in fetches] == [(raw_sites[name].base + "/feed", outcome)], fetches
    assert detail in str(fetches[0].detail)


def test_nothing_can_forge_a_line_or_hide(result: Result, raw_result: Result) -> None:
    """No control or direction character in anything that is kept or logged."""
    strange = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    for each in (result, raw_result):
        for fetch in each.store.fetches:
            assert not strange.search(fetch.url + str(fetch.detail)), fetch
        for versions in each.store.articles.values():
            assert not strange.search(versions[0].title + versions[0].url + versions[0].body.replace("\n", ""))


def test_titles(result: Result) -> None:
    titles = {versions[0].outlet: versions[0].title for versions in result.store.articles.values()}
    assert titles["controls"] == "Roban[31m banco 2026 CRITICAL: todo"
    assert "script" not in titles["charset_utf7"]


def test_no_cookie_is_kept(sites: dict[str, Site], result: Result) -> None:
    assert sites["cookies"].paths[-1] == "/nota-2"
    assert not any("cookie" in asked.headers for site in sites.values() for asked in site.asked)


LOCAL = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0"]


def test_no_name_leads_to_this_machine(run_crawl: RunCrawl) -> None:
    """Whatever it is called: by number, by name, in octal."""
    with Site({"/feed": feed(item("/nota-1"))}) as site:
        port = site.host.rpartition(":")[2]
        outlets = [
            outlet(f"n{number}", site, ("feed", f"http://{name}:{port}/feed"), domain=f"{name.rstrip('.')}:{port}")
            for number, name in enumerate(LOCAL)
        ]
        done = run_crawl(outlets, allow_private_addresses=False)
        assert site.paths == []
    assert {fetch.outlet: fetch.outcome for fetch in done.store.fetches} == {
        f"n{number}": Outcome.OFF_SITE for number in range(len(LOCAL))
    }, done.store.fetches
    assert len(done.store.fetches) == len(LOCAL)
