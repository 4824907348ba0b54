"""Walls that answer "200 OK" in place of an article, and articles that are called otherwise than they were announced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.feeds import Candidate
from scrapers.items import Outcome
from scrapers.layouts import BrokenPage, from_page
from scrapers.layouts.announced import tells_of
from tests.scrapers.conftest import RunCrawl
from tests.scrapers.pages_read import outlet, response
from tests.scrapers.site import HTML, RSS, Answer, Site, article
from tests.scrapers.site import outlet as outlet_of

TITLE = "El Porvenir: balean fachada de pollería por no pagar cupo"
ADDRESS = "https://diario.pe/policiales/balean-fachada-de-polleria-en-el-porvenir"
WALLS = {
    "cookies": (
        "Tu privacidad nos importa",
        "Nosotros y nuestros 300 socios guardamos cookies en tu dispositivo para mostrarte anuncios a tu medida. "
        "Puedes aceptar todas o elegir cuáles en cualquier momento.",
    ),
    "log-in": (
        "Inicia sesión para continuar",
        "Este contenido es exclusivo para usuarios registrados. Regístrate gratis con tu correo y lee sin límites "
        "todas las secciones de nuestra web.",
    ),
    "maintenance": (
        "Volvemos pronto",
        "Estamos mejorando nuestra plataforma para ofrecerte un mejor servicio. Vuelve a intentarlo dentro de unos "
        "minutos y disculpa las molestias.",
    ),
    "provider": (
        "Acceso restringido",
        "El sitio al que intenta ingresar fue cerrado en esta red por orden del administrador. Comuníquese con el área "
        "de sistemas si cree que es un error.",
    ),
}


def page(headline: str, text: str, head: str = "") -> str:
    return f"<html><head><title>{headline}</title>{head}</head><body><h1>{headline}</h1><p>{text}</p></body></html>"


@pytest.mark.parametrize("name", WALLS)
@pytest.mark.parametrize("fed", [Candidate(url=ADDRESS, title=TITLE), Candidate(url=ADDRESS), None])
def test_a_wall_is_no_article_under_the_headline_of_its_feed(name: str, fed: Candidate | None) -> None:
    with pytest.raises(BrokenPage, match="does not tell of what was announced"):
        from_page(response(page(*WALLS[name]), ADDRESS), outlet(), fed)


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Pollería de El Porvenir es baleada por extorsionadores", ""),
        ("Leer más", ""),  # what says nothing is believed
        (
            "Una noche de terror para el negocio familiar",
            "<meta property='article:published_time' content='2025-10-10'>",
        ),
    ],
)
def test_an_article_may_have_another_title_than_its_feed_says(title: str, head: str) -> None:
    text = "Dos sujetos dispararon contra la pollería porque su dueño no pagó el cupo que le exigía una banda de El Porvenir."
    found = response(page("Balacera de madrugada", text, head), "https://diario.pe/n/48213")
    assert from_page(found, outlet(), Candidate(url=found.url, title=title)).body == text


@given(st.text(), st.text())
def test_any_texts(text: str, title: str) -> None:
    assert tells_of(f"{title} {text}", title, "https://diario.pe/n/1")


def test_behind_a_wall_the_summary_is_kept_until_the_article_can_be_had(run_crawl: RunCrawl) -> None:
    summary = (
        "Desconocidos balearon la fachada de una pollería cuyo dueño no pagó el cupo, según denunció su familia ayer."
    )
    path = "/nota-balean-fachada-de-polleria-en-el-porvenir"
    listed = (
        f"<rss version='2.0'><channel><item><title>{TITLE}</title><link>{{base}}{path}</link>"
        f"<description>{summary}</description><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
    )
    with Site({"/feed": Answer(listed, headers=RSS), path: Answer(page(*WALLS["cookies"]), headers=HTML)}) as site:
        first = run_crawl([outlet_of("diario", site)])
        assert [fetch.outcome for fetch in first.store.fetches] == [Outcome.FEED_READ, Outcome.BROKEN]
        assert [(one.body, one.unfinished) for [one] in first.store.articles.values()] == [(summary, True)]
        site.answers[path] = article(TITLE)
        second = run_crawl([outlet_of("diario", site)], first.store)
        assert second.store.fetches[-1].outcome is Outcome.CHANGED
