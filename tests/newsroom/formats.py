"""How each outlet prints a story: feeds, sitemaps, lists, API sheets and pages, in the formats of the real ones.

The markup is our own, written after the outlets' documented structure, with the noise that their readers meet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from tests.newsroom.content import Story

LIMA = ZoneInfo("America/Lima")
MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
ABBREVIATED = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic"]

_FEED_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
)


def paragraphs(story: Story) -> str:
    """The visible body as HTML; a short line in capitals is a heading."""
    return "".join(
        f"<h2>{escape(text)}</h2>" if text.isupper() and len(text) < 60 else f"<p>{escape(text)}</p>"
        for text in story.visible
    )


def gmt(moment: datetime) -> str:
    """RFC 822 date in GMT."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def feed(title: str, base: str, items: Sequence[str]) -> str:
    """An RSS 2.0 document."""
    return f"{_FEED_HEAD}<title>{escape(title)}</title><link>{base}</link>{''.join(items)}</channel></rss>"


def item(story: Story, url: str, body: str, *, description: str = "", guid: str = "") -> str:
    """One feed item; an empty body leaves ``content:encoded`` out."""
    tags = "".join(f"<category><![CDATA[{tag}]]></category>" for tag in (story.section, *story.tags))
    content = f"<content:encoded><![CDATA[{body}]]></content:encoded>" if body else ""
    return (
        f"<item><title><![CDATA[{story.title}]]></title><link>{escape(url)}</link>"
        f'<guid isPermaLink="false">{escape(guid or url)}</guid><dc:creator><![CDATA[{story.author}]]></dc:creator>'
        f"<description><![CDATA[{description}]]></description><pubDate>{gmt(story.published)}</pubDate>{tags}{content}"
        f"</item>"
    )


# --- Arc (El Comercio): whole body in the feed, related links and promotions inside it

_ARC_RELATED = '<ul><li><a href="/lima/otra-noticia/">Otra nota relacionada de la sección</a></li></ul>'
_ARC_PROMOTION = "<q>LEE TAMBIÉN: Las cinco noticias que debes conocer hoy</q>"


def arc_item(story: Story, base: str) -> str:
    """An item as El Comercio's Arc feed has it."""
    mark = "<p>NOTA EN DESARROLLO</p>" if story.unfinished else ""
    body = f"{_ARC_RELATED}{paragraphs(story)}{_ARC_PROMOTION}{mark}<h2>VIDEO RECOMENDADO</h2>"
    return item(story, f"{base}{arc_path(story)}?ref=rss", body)


def arc_path(story: Story) -> str:
    """Address of a story at El Comercio."""
    return f"/lima/policiales/{story.slug}-noticia/"


def arc_page(story: Story, base: str) -> str:
    """A page as El Comercio's, with its JSON-LD."""
    mark = "<p>NOTA EN DESARROLLO</p>" if story.unfinished else ""
    tier = "locked" if story.locked else "free"
    meta = f'<meta name="article:content_tier" content="{tier}"><meta property="article:section" content="{story.section}">'
    main = (
        f'<h1 class="sht__title">{escape(story.title)}</h1><div class="sc__content">{_as_class(paragraphs(story), "sc__font-paragraph")}'
        f"{mark}</div>"
    )
    return page(story, base + arc_path(story), main, json_ld(story, base + arc_path(story)), meta, "El Comercio")


def _as_class(html: str, name: str) -> str:
    return html.replace("<p>", f'<p class="{name}">')


# --- GLR (La República)


def glr_path(story: Story) -> str:
    """Address of a story at La República."""
    day = story.published.astimezone(LIMA)
    return f"/sociedad/{day:%Y/%m/%d}/{story.slug}-{story.number}"


def glr_item(story: Story, base: str) -> str:
    """An item as La República's feed has it."""
    first, *rest = story.visible
    quote = '<blockquote class="wp-block-quote"><p><strong>PUEDES VER: Otra noticia del día</strong></p></blockquote>'
    body = f"<p>{escape(first)}</p>{quote}" + "".join(f"<p>{escape(text)}</p>" for text in rest)
    return item(story, base + glr_path(story), body, description=escape(first))


def glr_page(story: Story, base: str) -> str:
    """A page as La República's."""
    main = (
        f'<h1>{escape(story.title)}</h1><div id="interna_content"><h2 class="Teaser_x1">{escape(story.visible[0][:80])}</h2>'
        f'{paragraphs(story)}<div class="Quote_wrapper_a1">PUEDES VER: Otra noticia</div></div>'
    )
    return page(
        story, base + glr_path(story), main, json_ld(story, base + glr_path(story), body=False), "", "La República"
    )


# --- WordPress (Diario de Chimbote)


def wordpress_path(story: Story) -> str:
    """Address of a story at Diario de Chimbote."""
    return f"/{story.published.astimezone(LIMA):%Y/%m/%d}/{story.slug}/"


def wordpress_item(story: Story, base: str) -> str:
    """An item as a WordPress feed has it."""
    url = base + wordpress_path(story)
    footer = f'<p>La entrada <a href="{url}">{escape(story.title)}</a> se publicó primero en <a href="{base}">Diario de Chimbote</a>.</p>'
    excerpt = f"<p>{escape(story.visible[0][:150])} [&#8230;]</p>"
    return item(story, url, paragraphs(story) + footer, description=excerpt, guid=f"{base}/?p={story.number}")


def wordpress_page(story: Story, base: str) -> str:
    """A page as a WordPress theme prints it."""
    main = f'<article><h1 class="entry-title">{escape(story.title)}</h1><div class="entry-content">{paragraphs(story)}</div></article>'
    return page(story, base + wordpress_path(story), main, "", "", "Diario de Chimbote")


# --- RPP: a short feed, the text on the page


def rpp_path(story: Story) -> str:
    """Address of a story at RPP."""
    return f"/lima/actualidad/{story.slug}-noticia-{story.number}"


def rpp_item(story: Story, base: str) -> str:
    """An item of RPP's feed: a summary."""
    return item(story, base + rpp_path(story), "", description=escape(story.visible[0][:140]))


def rpp_page(story: Story, base: str) -> str:
    """A page as RPP's."""
    local = story.published.astimezone(LIMA)
    main = (
        f'<article class="article"><h1 class="article__title">{escape(story.title)}</h1>'
        f'<time datetime="{local.isoformat()}">{local:%d/%m/%Y}</time><a href="/autor/redaccion">{story.author}</a>'
        f'<div class="article__content">{paragraphs(story)}'
        '<div class="gray-media"><p>EP232 | INFORMES</p><p>00:00 · 01:47</p></div>'
        '<article class="news"><h2 class="news__title"><a href="/x">Te recomendamos: otra nota</a></h2></article></div></article>'
    )
    return page(
        story, base + rpp_path(story), main, json_ld(story, base + rpp_path(story), body=False), "", "RPP Noticias"
    )


# --- Correo: a news sitemap and pages with JSON-LD


def correo_path(story: Story) -> str:
    """Address of a story in a regional edition of Correo."""
    return f"/edicion/la-libertad/{story.slug}-noticia/"


def news_sitemap(entries: Sequence[tuple[Story, str]]) -> str:
    """A Google News sitemap."""
    rows = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>{(story.modified or story.published).isoformat()}</lastmod><news:news>"
        f"<news:publication><news:name>Correo</news:name><news:language>es</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title><![CDATA[{story.title}]]></news:title></news:news></url>"
        for story, url in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'
    )


def correo_page(story: Story, base: str) -> str:
    """A page as Correo's: the text is in the JSON-LD and in the markup."""
    url = base + correo_path(story)
    main = f'<h1 class="sht__title">{escape(story.title)}</h1><div class="story-contents__content"><section>{paragraphs(story)}</section></div>'
    return page(story, url, main, json_ld(story, url), "", "Correo")


# --- Exitosa: a section list, pages with JSON-LD


def exitosa_path(story: Story) -> str:
    """Address of a story at Exitosa."""
    return f"/actualidad/{story.slug}-n{story.number}"


def listing(entries: Sequence[tuple[Story, str]], extra: Sequence[str]) -> str:
    """A section page with its links."""
    rows = "".join(
        f'<article><h2 class="tit"><a href="{url}">{escape(story.title)}</a></h2></article>' for story, url in entries
    )
    more = "".join(f'<li><a href="{url}">Más</a></li>' for url in extra)
    return f"<!doctype html><html><head><title>Actualidad</title></head><body><main>{rows}</main><ul>{more}</ul></body></html>"


def exitosa_page(story: Story, base: str) -> str:
    """A page as Exitosa's."""
    url = base + exitosa_path(story)
    main = f'<h1 class="tit-ficha">{escape(story.title)}</h1><article class="content">{paragraphs(story)}</article>'
    return page(story, url, main, json_ld(story, url), "", "Exitosa")


# --- gob.pe: a JSON API and server-rendered pages


def gobpe_path(story: Story) -> str:
    """Address of a notice of the Ministry of the Interior."""
    return f"/institucion/mininter/noticias/{story.number}-{story.slug}"


def spanish_moment(moment: datetime) -> str:
    """A date as gob.pe prints it."""
    local = moment.astimezone(LIMA)
    half = "a. m." if local.hour < 12 else "p. m."
    return (
        f"{local.day} de {MONTHS[local.month - 1]} de {local.year} - {local.hour % 12 or 12}:{local.minute:02} {half}"
    )


def gobpe_sheet(entries: Sequence[tuple[Story, str]]) -> str:
    """A sheet of ``busquedas.json``."""
    results = [
        {
            "name_with_parent": story.title,
            "content": story.visible[0][:200],
            "publication": spanish_moment(story.published),
            "url": f'<a href="{url}">{escape(story.title)}</a>',
        }
        for story, url in entries
    ]
    return json.dumps({"data": {"attributes": {"results": results, "total_count": len(results)}}}, ensure_ascii=False)


def gobpe_page(story: Story, base: str) -> str:
    """A notice as gob.pe's server renders it."""
    main = (
        f"<h1>{escape(story.title)}</h1><div>Nota de prensa</div><p>{spanish_moment(story.published)}</p>"
        f'<section class="body"><div class="description feed">{paragraphs(story)}</div></section>'
    )
    return page(story, base + gobpe_path(story), main, "", "", "Ministerio del Interior - Gobierno del Perú")


# --- Andina: text between comments, no paragraphs, "(FIN)", a date without a year


def andina_path(story: Story) -> str:
    """Address of a story at Andina."""
    return f"/agencia/noticia-{story.slug}-{story.number}.aspx"


def andina_item(story: Story, base: str) -> str:
    """An item of Andina's feed: a summary."""
    return item(story, base + andina_path(story), "", description=escape(story.visible[0][:180]))


def andina_page(story: Story, base: str) -> str:
    """A page as Andina's."""
    local = story.published.astimezone(LIMA)
    text = "".join(f"<div>{escape(part)}</div><br/>" for part in story.visible)
    main = (
        f"<h1>{escape(story.title)}</h1><div>{local:%H:%M} | Lima, {ABBREVIATED[local.month - 1]}. {local.day}.</div>"
        f"<!-- DESCRIPCION --><!-- CONTENIDO DE LA NOTICIA --><div>{text}<div>(FIN) RED/PRU</div>"
        f"<div>Lea también:</div><div><a href='/x'>Otra nota de la agencia</a></div></div>"
    )
    return page(story, base + andina_path(story), main, "", "", "Andina")


# --- shared by the pages


def json_ld(story: Story, url: str, *, body: bool = True) -> str:
    """The story's JSON-LD."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "datePublished": story.published.isoformat(),
        "dateModified": (story.modified or story.published).isoformat(),
        "author": [{"@type": "Person", "name": story.author}],
        "articleSection": story.section,
        "keywords": list(story.tags),
        "isAccessibleForFree": not story.locked,
    }
    if body:
        data["articleBody"] = "\n\n".join(story.visible)
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def page(story: Story, url: str, main: str, script: str, meta: str, outlet: str) -> str:
    """A whole page: head, navigation, the article, related links, a footer."""
    return (
        f'<!doctype html><html lang="es"><head><meta charset="utf-8"><title>{escape(story.title)} | {outlet}</title>'
        f'<link rel="canonical" href="{escape(url)}"><meta property="og:title" content="{escape(story.title)}">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">{meta}{script}</head><body>'
        f'<nav><a href="/">Inicio</a> <a href="/politica/">Política</a></nav><main>{main}</main>'
        f'<aside><h3>Te puede interesar</h3><ul><li><a href="/x">Otra historia de la semana</a></li></ul></aside>'
        f"<div class='newsletter'>Suscríbete a nuestro newsletter y recibe las noticias del día</div>"
        f"<footer>Todos los derechos reservados</footer></body></html>"
    )


PAGES: dict[str, tuple[Callable[[Story], str], Callable[[Story, str], str]]] = {
    "elcomercio": (arc_path, arc_page),
    "larepublica": (glr_path, glr_page),
    "diariodechimbote": (wordpress_path, wordpress_page),
    "rpp": (rpp_path, rpp_page),
    "correo": (correo_path, correo_page),
    "exitosa": (exitosa_path, exitosa_page),
    "gobpe": (gobpe_path, gobpe_page),
    "andina": (andina_path, andina_page),
}
"""Address and page of a story, by site."""

ADDRESS_PATTERNS = {
    "elcomercio": r"/(?:[a-z0-9-]+/)+[a-z0-9-]+-noticia/?",
    "larepublica": r"/[a-z0-9-]+(?:/[a-z0-9-]+)*/\d{4}/\d{2}/\d{2}/[a-z0-9-]+?(?:-(?:hnews-)?\d+)?",
    "diariodechimbote": r"/.+",
    "rpp": r"/[a-z0-9-]+(?:/[a-z0-9-]+)*/[a-z0-9-]+-noticia-(?P<id>\d{6,8})",
    "correo": r"/(?:[a-z0-9-]+/)+[a-z0-9-]+-noticia/?",
    "exitosa": r"/[a-z0-9-]+(?:/[a-z0-9-]+)*/[a-z0-9-]+-n(?P<id>\d+)",
    "gobpe": r"/institucion/(?P<inst>[a-z0-9-]+)/noticias/(?P<id>\d+)-[a-z0-9-]+",
    "andina": r"/agencia/noticia-[a-z0-9-]+-(?P<id>\d+)\.aspx",
}
"""Paths of articles, as the outlet files have them."""
