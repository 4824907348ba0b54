"""Pages with which sites keep robots out are told from articles."""

from __future__ import annotations

import pytest

from scrapers.challenges import LARGEST, challenger
from tests.scrapers.pages_read import PAGES, names


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("<title>Just a moment...</title>", "Cloudflare"),
        ("<TITLE data-x=1>\n Un momento…\n</TITLE>", "Cloudflare"),
        ("<title>Attention Required! | Cloudflare</title>", "Cloudflare"),
        ("<script>window._cf_chl_opt={cvId:'3'}</script>", "Cloudflare"),
        ("Request unsuccessful. Incapsula incident ID: 7-7", "Incapsula"),
        ("<meta http-equiv='refresh' content='0;/.well-known/sgcaptcha/?r=%2Ffeed'>", "SiteGround"),
        ("<title>One moment, please...</title>", "Imunify360"),
        ("<html><head>\n<TITLE>Access Denied</TITLE>\n</head>", "Akamai"),
        ("<script src='https://geo.captcha-delivery.com/c.js'></script>", "DataDome"),
        ("<title>403 Forbidden</title><center><h1>403 Forbidden</h1></center>", "firewall"),
        ("<title>Un momento de terror: así fue el asalto en Comas</title>", None),
        ("<title>Diario | Acceso denegado: la Policía cierra la avenida</title>", None),
        ("<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>", None),
        ("<title>Acceso denegado: el alcalde no pudo entrar a su oficina</title>", None),
        ("<title>Acceso denegado - Diario de Prueba</title>", "firewall"),
        ("<title></title>", None),
        ("", None),
        ("<title>Just a moment...</title>" + "x" * LARGEST, None),
    ],
)
def test_pages_that_keep_robots_out(markup: str, name: str | None) -> None:
    assert challenger(markup.encode()) == name


@pytest.mark.parametrize("name", names())
def test_articles_are_none(name: str) -> None:
    assert challenger((PAGES / f"{name}.html").read_bytes()) is None


@pytest.mark.parametrize("body", [b"\xff\xfe<\x00t\x00", b"<title>" * 8_000, b"<title>\xff\xff</title>", b"\x00" * 100])
def test_any_bytes(body: bytes) -> None:
    assert challenger(body) is None
