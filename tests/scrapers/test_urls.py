"""One article, one canonical URL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.outlet import EntryKind, EntryPoint, Outlet
from scrapers.urls import AddressError, canonical_url, is_loopback, is_web_address, may_be_same, same_site
from tests.scrapers.pages_read import ANY, outlet, shipped

ARTICLE = "https://elcomercio.pe/lima/policiales/una-nota-noticia/"


@pytest.mark.parametrize(
    "url",
    [
        ARTICLE,
        "https://elcomercio.pe/lima/policiales/una-nota-noticia",
        "http://elcomercio.pe/lima/policiales/una-nota-noticia/",
        "https://www.elcomercio.pe/lima/policiales/una-nota-noticia/",
        "https://m.elcomercio.pe/lima/policiales/una-nota-noticia/",
        "HTTPS://ElComercio.PE:443/lima/policiales/una-nota-noticia/",
        "https://elcomercio.pe./lima//policiales/una-nota-noticia/",
        f"{ARTICLE}?ref=rss",
        f"{ARTICLE}?outputType=amp",
        f"{ARTICLE}?utm_source=x&utm_medium=y&fbclid=z#comentarios",
        f" {ARTICLE}\n",
        f"{ARTICLE}amp/",
        "https://elcomercio.pe/amp/lima/policiales/una-nota-noticia/",
        f"\u200b{ARTICLE}",
        "https://www.m.elcomercio.pe/lima/policiales/una-nota-noticia/",
        "https://elcomercio.pe/lima/policiales/una%2dnota-noticia/",
        "https://elcomercio.pe/lima/%70oliciales/una-nota-noticia/%20",
        "https://elcomercio.pe/lima/politica/../policiales/./una-nota-noticia/",
        "https://elcomercio.pe/lima/policiales/Una-Nota-Noticia/",
        f"{ARTICLE}AMP/",
        f"{ARTICLE}index.html",
        f"{ARTICLE}print/",
        f"{ARTICLE}embed/#?secret=x",
        f"{ARTICLE}feed/",
        f"{ARTICLE}comment-page-2/#comment-77",
    ],
)
def test_one_article_is_one_address(url: str) -> None:
    assert canonical_url(url, shipped()["elcomercio"]) == ARTICLE


@pytest.mark.parametrize(
    ("name", "url", "canonical"),
    [
        (
            "radiorsd",
            "https://radiorsd.pe/index.php/noticias/una-nota-de-chimbote",
            "https://radiorsd.pe/noticias/una-nota-de-chimbote",
        ),
        (
            "infobae_peru",
            "https://infobae.com/peru/2025/10/14/una-nota/",
            "https://www.infobae.com/peru/2025/10/14/una-nota/",
        ),
        (
            "andina",
            "http://www.andina.pe/agencia/noticia-una-nota-1087031.aspx?x=1",
            "https://andina.pe/agencia/noticia-una-nota-1087031.aspx",
        ),
        (
            "rpp",
            "https://rpp.pe/lima/x/una-nota-noticia-1658894/?ref=rpp",
            "https://rpp.pe/lima/x/una-nota-noticia-1658894",
        ),
        (
            "larepublica",
            "https://larepublica.pe/x/2025/10/14/una-nota-1700001/",
            "https://larepublica.pe/x/2025/10/14/una-nota-1700001",
        ),
        (
            "diariodechimbote",
            "https://diariodechimbote.com/2025/10/14/una-nota",
            "https://diariodechimbote.com/2025/10/14/una-nota/",
        ),
    ],
)
def test_outlets_have_their_own_form(name: str, url: str, canonical: str) -> None:
    assert canonical_url(url, shipped()[name]) == canonical


def at(url: str) -> Outlet:
    return outlet(entry_points=(EntryPoint(kind=EntryKind.FEED, url=url, status="checked"),))


@pytest.mark.parametrize(
    ("its", "url", "canonical"),
    [
        (at("http://diario.pe/feed"), "https://diario.pe/una-nota", "http://diario.pe/una-nota"),
        (at("https://diario.pe/feed"), "http://diario.pe/una-nota", "https://diario.pe/una-nota"),
        (outlet(domain="127.0.0.1:8001"), "http://127.0.0.1:8001/una-nota?x=1", "http://127.0.0.1:8001/una-nota"),
        (outlet(keep_query=("id",)), "https://diario.pe/nota.php?x=1&id=7&y=2", "https://diario.pe/nota.php?id=7"),
        (outlet(hosts=("diario.com.pe",)), "https://www.diario.com.pe/una-nota", "https://diario.pe/una-nota"),
        (ANY, "https://blogs.diario.pe/una-nota", "https://blogs.diario.pe/una-nota"),
        (ANY, "https://otro.pe/una-nota/?x=1", "https://otro.pe/una-nota/"),
        (ANY, "https://diario.pe", "https://diario.pe/"),
        (ANY, "https://diario.pe/una nota de ñandúes", "https://diario.pe/una%20nota%20de%20%C3%B1and%C3%BAes"),
        (ANY, "https://diario.pe/%c3%b1and%C3%BA", "https://diario.pe/%C3%B1and%C3%BA"),
        (ANY, "https://diario.pe/Una-Nota", "https://diario.pe/Una-Nota"),
        (ANY, "https://diario.pe/a%2Fb", "https://diario.pe/a%2Fb"),
        (ANY, "https://diario.pe/una-nota.amp.html", "https://diario.pe/una-nota.html"),
        (ANY, "https://diario.pe/una-nota/amp/;jsessionid=1A", "https://diario.pe/una-nota"),
        (ANY, "https://diario.pe/una-nota/amp/amp", "https://diario.pe/una-nota"),
        (ANY, "https://diario.pe/amparo/una-nota-sobre-amp", "https://diario.pe/amparo/una-nota-sobre-amp"),
        (ANY, "https://diario.pe/una-nota;jsessionid=A1", "https://diario.pe/una-nota"),
    ],
)
def test_canonical_form(its: Outlet, url: str, canonical: str) -> None:
    assert canonical_url(url, its) == canonical


@pytest.mark.parametrize(
    ("name", "urls"),
    [
        (
            "rpp",
            (
                "https://rpp.pe/lima/policiales/una-nota-noticia-1658894",
                "https://rpp.pe/peru/actualidad/otro-titulo-noticia-1658894",
            ),
        ),
        (
            "gobpe",
            (
                "https://www.gob.pe/institucion/mininter/noticias/1083462-una-nota",
                "https://www.gob.pe/institucion/pnp/noticias/1083462-otro-titulo",
            ),
        ),
    ],
)
def test_an_outlets_own_number_identifies_an_article(name: str, urls: tuple[str, ...]) -> None:
    its = shipped()[name]
    (identity,) = {its.identity(canonical_url(url, its)) for url in urls}
    assert identity.startswith(f"{name}:")


def test_without_a_number_the_address_identifies_an_article() -> None:
    assert shipped()["elcomercio"].identity(ARTICLE) == ARTICLE
    assert ANY.identity("https://diario.pe/una-nota") == "https://diario.pe/una-nota"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/lima/una-nota",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://diario.pe/x",
        "https:///x",
        "https://diario.pe@otro.pe/x",
        "https://user:secret@diario.pe/x",
        "https://diario.pe:99999/x",
        "https://[::1/x",
    ],
)
def test_no_address_of_the_web(url: str) -> None:
    assert not is_web_address(url)
    assert not same_site(url, ANY)
    with pytest.raises(AddressError):
        canonical_url(url, ANY)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://diario.pe/x", True),
        ("http://www.diario.pe/x", True),
        ("https://m.diario.pe/x", True),
        ("https://blogs.diario.pe/x", True),
        ("https://DIARIO.PE./x", True),
        ("https://otrodiario.pe/x", False),
        ("https://diario.pe.evil.com/x", False),
        ("https://diario.pe:8080/x", False),
        ("https://otro.pe/diario.pe", False),
    ],
)
def test_same_site(url: str, same: bool) -> None:
    assert same_site(url, ANY) is same


def test_a_port_is_part_of_the_site() -> None:
    its = outlet(domain="127.0.0.1:8001")
    assert same_site("http://127.0.0.1:8001/x", its)
    assert not same_site("http://127.0.0.1:8002/x", its)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.8", True), ("::1", True), ("10.0.0.1", False), ("diario.pe", False)],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


PARTS = st.sampled_from(
    [
        "amp",
        "AMP",
        "a.amp.html",
        "amp.html",
        ".amp",
        "x.amp",
        "feed",
        "embed",
        "print",
        "comment-page-2",
        "index.html",
        "..",
        ".",
        "%2e%2e",
        "%2F",
        "%20",
        "%61mp",
        "%C3%B1",
        "Nota-1",
    ]
)
PATHS = st.one_of(st.text(alphabet="abcñ/-.;&?=#%1 ñamp", max_size=40), st.lists(PARTS, max_size=6).map("/".join))


@given(PATHS, st.sampled_from([*shipped().values(), ANY]))
def test_canonical_form_is_stable(path: str, its: Outlet) -> None:
    once = canonical_url(f"http://{its.domain}/{path}", its)
    assert canonical_url(once, its) == once


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_value_error(url: str) -> None:
    if is_web_address(url):
        assert canonical_url(url, ANY).startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        (
            "https://a.pe/lima/cobran-cupos-en-bodegas-noticia/",
            "https://a.pe/peru/cobran-cupos-en-bodegas-noticia/",
            True,
        ),
        ("https://a.pe/cobran-cupos-en-bodegas.html", "https://a.pe/amp/piden-cupos-en-bodegas-de-comas", True),
        ("https://a.pe/cobran-cupos-en-bodegas-noticia/", "https://a.pe/capturan-banda-tras-balacera-noticia/", False),
        ("https://a.pe/cobran-cupos-en-bodegas", "https://a.pe/?p=77", True),
        ("https://a.pe/noticias/1083462", "https://a.pe/capturan-banda-tras-balacera-noticia/", True),
    ],
)
def test_addresses_of_one_article_share_words(url: str, other: str, same: bool) -> None:
    assert may_be_same(url, other) is same
    assert may_be_same(other, url) is same
