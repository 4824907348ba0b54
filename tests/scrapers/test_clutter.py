"""The formats of the newsroom as readers meet them: with promotions, players, posts and pictures between the paragraphs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import escape
from itertools import cycle

import pytest

from scrapers.feeds import read_feed
from scrapers.layouts import from_feed, from_page
from tests.newsroom.content import SITES, Story, stories
from tests.newsroom.formats import PAGES, arc_item, feed, glr_item, paragraphs, wordpress_item
from tests.scrapers.pages_read import ANY, response, shipped

CLUTTER = (
    "<p><strong>LEE TAMBIÉN: </strong><a href='/otra'>Otra nota que nada dice de esta</a></p>",
    "<div class='TeRecomendamos_x'><p>TE RECOMENDAMOS</p><p>EL CUENTO DEL DÍA | UN PROGRAMA CON SU CONDUCTORA</p></div>",
    "<p>Todas las noticias en tu celular<br>¡Únete aquí a nuestro canal de WhatsApp!</p>",
    "<figure class='wp-block-image'><img src='/a.jpg'><figcaption>Los detenidos, en la comisaría. (Foto: difusión)</figcaption></figure>",
    "<p><em>Los detenidos, en la puerta de la comisaría. Foto: difusión</em></p>",
    "<blockquote class='twitter-tweet'><p lang='es'>Mensaje de una cuenta sobre el caso</p>&mdash; Cuenta (@cuenta) "
    "<a href='https://x.com/c/1'>October 14, 2025</a></blockquote><script async src='https://platform.x.com/w.js'></script>",
    "<div class='embed'><p>Mensaje de una cuenta sobre el caso pic.twitter.com/Ab1Cd2</p><p>— Cuenta (@cuenta) October 14, 2025</p></div>",
    "<iframe src='https://video.example/1'>Tu navegador no soporta el video</iframe><p>VIDEO RECOMENDADO</p>",
    "<div class='newsletter-box'><h3>Newsletter Al cierre</h3><p>Dos voces que cuentan el día en cinco minutos.</p>"
    "<form><input type='email'><button>Suscribirme</button></form></div>",
    "<p>Newsletter Al cierre Dos voces que cuentan el día en cinco minutos.</p>",
    "<p><a href='https://news.google.com/x'>Síguenos en Google News</a></p><p>Sigue al diario en Google News</p>",
    "<div id='gpt-ad-1' class='ad-slot'><p>Publicidad</p></div><style>.x{color:red}</style><script>var x='</p>';</script>",
    "<div style='display:none' class='modal'><p>Esta nota es solo para quien paga.</p><p>Elige tu plan</p></div>",
    "<ul class='share'><li>Facebook</li><li>X</li><li>WhatsApp</li><li>Copiar enlace</li></ul>",
    "<p>(Te puede interesar: Otra nota que nada dice de esta)</p>",
    "<section class='gallery-slider'><figure><img src='b.jpg'></figure><p>Galería de fotos</p></section>",
)
"""What stands between paragraphs: our own wording of what the press prints."""

BUILDS = {
    "article": "<article><header><h1>{title}</h1><p>14/10/2025</p></header>{text}</article>",
    "columns": "<div class='row'><div class='col-8'><h1>{title}</h1><div class='x1'>{text}</div></div><div class='col-4'>{cards}</div></div>",
    "section": "<h1>{title}</h1><section class='cuerpo'>{text}</section>",
    "twice": "<h1>{title}</h1><div class='entry-content desktop'>{text}</div><div class='entry-content mobile'>{text}</div>",
    "named like a box": "<h1>{title}</h1><div class='contenedor leermas'>{text}</div>",
    "breaks": "<h1>{title}</h1><div class='nota'>{lines}</div>{cards}",
    "linked data": "{linked}<h1>{title}</h1><div class='z1'>{text}</div>",
}
"""How sites that nobody has described build their pages."""

_CARD = (
    "<article class='card'><a href='/n{0}'><img src='x.jpg'><h3>Alcalde inaugura la obra número {0} en el distrito</h3></a>"
    "<p>El burgomaestre dijo que la obra número {0} costó un millón de soles y que sirve a quinientas familias.</p><span>Hace {0} horas</span></article>"
)
_CARDS = f"<section class='mas-noticias'><h2>Más noticias</h2>{''.join(map(_CARD.format, range(2, 9)))}</section>"
_COMMENTS = (
    "<div id='comments'><h3>3 comentarios</h3>"
    + "<div class='comment'><b>Lector</b><p>Ya basta.</p></div>" * 3
    + "</div>"
)
_ABOVE = "<div class='ticker'><span>Último minuto:</span> <a href='/u'>Sube el dólar</a></div><div class='radio'><p>Lima 89.7 FM</p></div>"
_BELOW = "<footer><p>Av. del Diario 123, Lima. Central: (01) 555-5555</p><p>© Diario. Todos los derechos reservados.</p></footer>"
_PROMOTIONS = ("LEE TAMBIÉN:", "TE PUEDE INTERESAR:", "Mira también:")
_WITHOUT_LINKED_DATA = {"diariodechimbote", "gobpe", "andina"}


def cluttered(story: Story) -> str:
    """The page of a story with something after each of its paragraphs."""
    _, page_of = PAGES[story.site]
    head, headline, main = page_of(story, f"https://{shipped()[story.site].domain}").partition("<h1")
    return head + headline + _between(story, main)


def _between(story: Story, main: str) -> str:
    clutter = cycle(CLUTTER[story.number % len(CLUTTER) :] + CLUTTER[: story.number % len(CLUTTER)])
    for paragraph in story.visible:
        for end in ("</p>", "</h2>", "</div>"):
            main = main.replace(f">{escape(paragraph)}{end}", f">{escape(paragraph)}{end}{next(clutter)}", 1)
    return main


def unknown(story: Story, build: str) -> str:
    """A page of a story at a site whose markup nobody has described."""
    flat = {
        "@type": "NewsArticle",
        "headline": story.title,
        "articleBody": " PUEDES VER: Otra nota ".join(story.visible),
    }
    main = BUILDS[build].format(
        title=escape(story.title),
        text=_between(story, paragraphs(story)),
        lines="<br><br>".join(map(escape, story.visible)),
        cards=_CARDS,
        linked=f'<script type="application/ld+json">{json.dumps(flat)}</script>',
    )
    return (
        f"<!doctype html><html><head><title>{escape(story.title)} | Diario</title></head><body>{_ABOVE}<main>{main}</main>"
        f"{_CARDS}{_COMMENTS}{_BELOW}</body></html>"
    )


def body_of(story: Story) -> str:
    """The text of a story without the promotions that its own paragraphs are."""
    return "\n\n".join(each for each in story.visible if not each.startswith(_PROMOTIONS))


@pytest.mark.parametrize("site", SITES)
def test_articles_come_out_whole_and_alone(site: str) -> None:
    path_of, _ = PAGES[site]
    outlet = shipped()[site]
    for story in (story for story in stories(2) if story.site == site and not story.locked):
        page = response(cluttered(story), f"https://{outlet.domain}{path_of(story)}")
        article = from_page(replace(page, fetched=story.published + timedelta(hours=4)), outlet)
        assert (article.body, article.title, article.published) == (body_of(story), story.title, story.published)
        if site not in _WITHOUT_LINKED_DATA:
            assert (article.authors, article.section) == ((story.author,), story.section)


@pytest.mark.parametrize(
    ("site", "item"), [("elcomercio", arc_item), ("larepublica", glr_item), ("diariodechimbote", wordpress_item)]
)
def test_feeds_that_carry_the_body(site: str, item: Callable[[Story, str], str]) -> None:
    outlet = shipped()[site]
    base = f"https://{outlet.domain}"
    told = [replace(story, site=site) for story in stories(2) if not story.locked]
    feed_ = feed(outlet.name, base, [_between(story, item(story, base)) for story in told])
    candidates = read_feed(response(feed_, f"{base}/feed/", "application/rss+xml"))
    assert len(candidates) == len(told)
    for story, candidate in zip(told, candidates, strict=True):
        article = from_feed(candidate, outlet, story.published + timedelta(hours=4))
        assert article is not None
        assert (article.body, article.title, article.published) == (body_of(story), story.title, story.published)


@pytest.mark.parametrize("build", BUILDS)
def test_pages_that_nobody_has_described(build: str) -> None:
    for story in list(stories(2))[::3]:
        if not story.locked:
            article = from_page(response(unknown(story, build)), ANY)
            assert (article.body, article.title) == (body_of(story), story.title)
