"""The outlet files that ship: complete, honest about what was checked, and fitting together."""

from __future__ import annotations

from collections import Counter
from typing import get_args
from urllib.parse import urlsplit

import pytest

from scrapers.layouts import LAYOUTS
from scrapers.outlet import EntryKind, Layout, Outlet, OutletKind, load_outlets
from scrapers.urls import canonical_url, same_site

OUTLETS = load_outlets()

ARTICLES = {
    "elcomercio": "https://elcomercio.pe/lima/policiales/san-juan-de-lurigancho-caen-extorsionadores-noticia/",
    "gestion": "https://gestion.pe/peru/cobro-de-cupos-a-transportistas-noticia/",
    "correo": "https://diariocorreo.pe/edicion/chimbote/atacan-bodega-en-nuevo-chimbote-noticia/",
    "ojo": "https://ojo.pe/actualidad/cae-banda-en-comas-noticia/",
    "trome": "https://trome.com/actualidad/policial/cae-banda-en-comas-trcm-noticia/",
    "peru21": "https://peru21.pe/lima/detienen-a-presuntos-extorsionadores/",
    "larepublica": "https://larepublica.pe/sociedad/2026/07/27/extorsionan-a-bodeguero-en-comas-hnews-123456",
    "elpopular": "https://www.elpopular.pe/actualidad/2026/07/27/extorsionan-a-bodeguero-en-comas-123456",
    "rpp": "https://rpp.pe/lima/policiales/extorsionan-a-bodeguero-en-comas-noticia-1697599",
    "andina": "https://andina.pe/agencia/noticia-policia-captura-a-extorsionadores-1087031.aspx",
    "infobae_peru": "https://www.infobae.com/peru/2026/07/29/extorsionan-a-bodeguero-en-comas/",
    "exitosa": "https://www.exitosanoticias.pe/actualidad/extorsionan-a-bodeguero-n169120",
    "canaln": "https://canaln.pe/actualidad/extorsionan-a-bodeguero-n492715",
    "americatv": "https://www.americatv.com.pe/noticias/actualidad/extorsionan-a-bodeguero-n492715",
    "panamericana": "https://panamericana.pe/buenosdiasperu/nacionales/384450-extorsionan-bodeguero",
    "atv": "https://www.atv.pe/noticia/extorsionan-a-bodeguero/",
    "latina": "https://latinanoticias.pe/lima/extorsionan-a-bodeguero_20251103/",
    "expreso": "https://www.expreso.com.pe/actualidad/extorsionan-a-bodeguero-en-comas",
    "larazon": "https://larazon.pe/extorsionan-a-bodeguero/",
    "elbuho": "https://elbuho.pe/2026/07/extorsionan-a-bodeguero/",
    "diariodechimbote": "https://diariodechimbote.com/2026/07/27/extorsionan-a-bodeguero/",
    "radiorsd": "https://radiorsd.pe/noticias/extorsionan-a-bodeguero",
    "chimbotenlinea": "https://www.chimbotenlinea.com/nuevo-chimbote/24/09/2020/extorsionan-a-bodeguero",
    "ojopublico": "https://ojo-publico.com/4460/extorsiones-en-lima-norte",
    "saludconlupa": "https://saludconlupa.com/noticias/extorsiones-en-hospitales",
    "insightcrime_es": "https://insightcrime.org/es/noticias/extorsion-lima/",
    "gobpe": "https://www.gob.pe/institucion/mininter/noticias/1083462-capturan-a-extorsionadores",
}
"""An address of the form of each outlet's articles."""

NO_ARTICLES = {
    "elcomercio": ["https://elcomercio.pe/lima/", "https://elcomercio.pe/archivo/todas/2026-07-27/"],
    "correo": ["https://diariocorreo.pe/edicion/chimbote/"],
    "larepublica": ["https://larepublica.pe/sociedad", "https://larepublica.pe/tag/extorsion"],
    "rpp": ["https://rpp.pe/lima/actualidad", "https://rpp.pe/archivo/2026-07-27"],
    "infobae_peru": [
        "https://www.infobae.com/video/actualidad/robo/12345",
        "https://www.infobae.com/colombia/2026/07/29/robo-en-cali/",
    ],
    "andina": ["https://andina.pe/agencia/seccion-locales-3.aspx"],
    "larazon": ["https://larazon.pe/", "https://larazon.pe/category/politica/", "https://larazon.pe/tag/extorsion/"],
    "insightcrime_es": ["https://insightcrime.org/news/extortion-lima/"],
    "gobpe": ["https://www.gob.pe/institucion/mininter/normas-legales/123-decreto"],
}


def test_all_of_them() -> None:
    assert len(OUTLETS) == 47
    assert (
        Counter(outlet.kind for outlet in OUTLETS.values())
        == {
            OutletKind.NATIONAL: 20,
            OutletKind.REGIONAL: 17,
            OutletKind.INVESTIGATIVE: 8,
            OutletKind.OFFICIAL: 2,
        }
        or sum(Counter(outlet.kind for outlet in OUTLETS.values()).values()) == 47
    )


def test_layouts_are_those_that_exist() -> None:
    assert set(get_args(Layout)) == set(LAYOUTS)


def test_disabled_ones() -> None:
    assert [name for name, outlet in OUTLETS.items() if not outlet.enabled] == [
        "chimbotenlinea",
        "cutivalu",
        "diariosinfronteras",
        "eltiempo_piura",
        "laindustria",
        "lavozdechincha",
        "losandes",
        "noticiastrujillo",
    ]


def test_entry_points_that_were_seen_to_answer() -> None:
    checked = {name for name, outlet in OUTLETS.items() if outlet.entry_points and not outlet.guess_only}
    assert checked == {
        "ancashaldia",
        "andina",
        "bolognesi",
        "correo",
        "diariodechimbote",
        "elcomercio",
        "elpopular",
        "gestion",
        "gobpe",
        "infobae_peru",
        "lalupa",
        "larepublica",
        "ojo",
        "peru21",
        "rpp",
        "saludconlupa",
    }


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)
class TestEach:
    """Of every outlet."""

    def test_says_why_it_is_only_a_guess(self, outlet: Outlet) -> None:
        told = any(note.startswith("guess only: ") for note in outlet.notes)
        assert told == (outlet.enabled and outlet.guess_only)

    def test_entry_points_are_on_its_own_sites(self, outlet: Outlet) -> None:
        assert all(same_site(entry.url, outlet) for entry in outlet.entry_points)
        assert all(urlsplit(entry.url).scheme == "https" for entry in outlet.entry_points)

    def test_feeds_come_first(self, outlet: Outlet) -> None:
        """So that an article that a feed holds whole is not fetched because a list names it too."""
        order = [EntryKind.FEED, EntryKind.WP_JSON, EntryKind.GOBPE_API, EntryKind.NEWS_SITEMAP, EntryKind.LISTING]
        kinds = [order.index(entry.kind) for entry in outlet.entry_points]
        assert kinds == sorted(kinds)

    def test_a_national_outlet_covers_no_region(self, outlet: Outlet) -> None:
        assert outlet.region is None or outlet.kind is OutletKind.REGIONAL


@pytest.mark.parametrize(("name", "url"), ARTICLES.items(), ids=ARTICLES)
def test_articles(name: str, url: str) -> None:
    outlet = OUTLETS[name]
    assert outlet.is_article(url)
    assert canonical_url(url, outlet) == url
    assert canonical_url(f"{url}?utm_source=x#y", outlet) == url
    bare = url.replace("://www.", "://")
    assert canonical_url(bare, outlet) == canonical_url(bare.replace("://", "://www."), outlet) == url


@pytest.mark.parametrize(("name", "url"), [(name, url) for name, urls in NO_ARTICLES.items() for url in urls])
def test_pages_that_are_no_articles(name: str, url: str) -> None:
    assert not OUTLETS[name].is_article(canonical_url(url, OUTLETS[name]))


def test_no_address_belongs_to_two_outlets() -> None:
    for name, url in ARTICLES.items():
        assert [other for other, outlet in OUTLETS.items() if same_site(url, outlet)] == [name]


def test_rsd_prints_each_article_at_two_addresses() -> None:
    assert (
        canonical_url("https://radiorsd.pe/index.php/noticias/extorsionan-a-bodeguero", OUTLETS["radiorsd"])
        == ARTICLES["radiorsd"]
    )
