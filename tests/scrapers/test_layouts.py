"""Pages of each outlet's format, whole, and what can be wrong with a page."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.feeds import Candidate
from scrapers.items import Access, Article, BodySource
from scrapers.layouts import LAYOUTS, BrokenPage, NoText, PageError, from_feed, from_page
from scrapers.outlet import Layout
from scrapers.text import clean, one_line
from tests.scrapers.pages_read import ANY, NOW, PAGES, expected, names, outlet, response, shipped

BODY = (PAGES / "body.txt").read_text(encoding="utf-8").strip()
PARAGRAPHS = "".join(f"<p>{part}</p>" for part in BODY.split("\n\n"))
TITLE = "Comas: cierran una botica por amenazas"


@pytest.mark.parametrize("name", names())
def test_page_gives_the_whole_article(name: str) -> None:
    page, its_outlet, article = expected(name)
    assert from_page(page, its_outlet) == article


def test_every_layout_of_an_outlet_file_is_known_and_has_a_page() -> None:
    assert set(get_args(Layout)) == set(LAYOUTS)
    shown = {expected(name)[1].layout for name in names()}
    assert {its.layout for its in shipped().values()} <= shown | {"json_ld"}


# --- feeds


def candidate(**changes: object) -> Candidate:
    given = Candidate(
        url="https://diario.pe/lima/una-nota?utm_source=rss",
        title=TITLE,
        published_raw="Tue, 14 Oct 2025 16:32:10 GMT",
        body_html=PARAGRAPHS,
        authors=("Lucía Paz",),
        section="Lima",
        tags=("Comas",),
    )
    return replace(given, **changes)


def test_feed_item_gives_the_whole_article() -> None:
    article = from_feed(candidate(), ANY, NOW)
    assert article is not None
    assert article == Article(
        id=article.id,
        outlet="diario",
        url="https://diario.pe/lima/una-nota",
        title=TITLE,
        body=BODY,
        published=article.published,
        published_raw="Tue, 14 Oct 2025 16:32:10 GMT",
        fetched=NOW,
        authors=("Lucía Paz",),
        section="Lima",
        tags=("Comas",),
        body_source=BodySource.FEED,
        content_hash=article.content_hash,
    )
    assert str(article.published) == "2025-10-14 16:32:10+00:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"body_html": None},
        {"body_html": "<p>Un resumen de dos líneas.</p>"},
        {"body_html": PARAGRAPHS + "<p>NOTA EN DESARROLLO</p>"},
        {"body_html": PARAGRAPHS + "<p>La investigación sigue […]</p>"},
        {"body_html": PARAGRAPHS + '<p><a href="/x">Leer más</a></p>'},
        {"body_html": None, "summary_html": BODY.removesuffix(".") + "…"},
        {"body_html": None, "summary_html": BODY[:700]},
        {"title": ""},
    ],
    ids=["none", "short", "unfinished", "ellipsis", "read more", "summary cut", "summary without end", "no title"],
)
def test_page_is_fetched_when_the_feed_does_not_give_the_text(changes: dict[str, object]) -> None:
    assert from_feed(candidate(**changes), ANY, NOW) is None


def test_whole_text_in_the_description_is_taken() -> None:
    article = from_feed(candidate(body_html=None, summary_html=PARAGRAPHS), ANY, NOW)
    assert article is not None
    assert article.body == BODY


def test_shorter_minimum_takes_a_short_body() -> None:
    short = "<p>La Policía detuvo a un hombre en Comas.</p>"
    article = from_feed(candidate(body_html=short), outlet(minimum_body=20), NOW)
    assert article is not None
    assert article.body == "La Policía detuvo a un hombre en Comas."


# --- what a page lacks comes from the feed


def page_of(main: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{main}</body></html>"


def linked(**changes: object) -> str:
    data = {"@type": "NewsArticle", "headline": TITLE, **changes}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_feed_completes_a_page_that_says_little() -> None:
    article = from_page(response(page_of(f'<div class="entry-content">{PARAGRAPHS}</div>')), ANY, candidate())
    assert (article.title, str(article.published), article.authors, article.section, article.tags, article.body) == (
        TITLE,
        "2025-10-14 16:32:10+00:00",
        ("Lucía Paz",),
        "Lima",
        ("Comas",),
        BODY,
    )


def test_title_author_and_section_above_the_text_are_no_part_of_it() -> None:
    head = f"<p>{TITLE}</p><p>LIMA</p><p>por Lucía Paz</p>"
    article = from_page(response(page_of(f'<div class="entry-content">{head}{PARAGRAPHS}</div>')), ANY, candidate())
    assert article.body == BODY


def test_posts_are_no_part_of_a_text_whose_place_nobody_knows() -> None:
    post = "<blockquote class='twitter-tweet'><p>Un mensaje de la Policía sobre la captura.</p></blockquote>"
    article = from_page(response(page_of(f"<h1>{TITLE}</h1><div class='c'>{PARAGRAPHS}{post}</div>")), ANY)
    assert (article.body, article.body_source) == (BODY, BodySource.TRAFILATURA)


def test_longer_text_of_the_feed_is_kept() -> None:
    wall = page_of(f"<h1>{TITLE}</h1><div class='entry-content'><p>{BODY.split(chr(10))[0]}</p></div>")
    article = from_page(response(wall), ANY, candidate())
    assert (article.body, article.body_source) == (BODY, BodySource.FEED)


def test_unfinished_page_says_so_and_does_not_hold_the_mark() -> None:
    article = from_page(
        response(page_of(f"<h1>{TITLE}</h1><article>{PARAGRAPHS}<p>Noticia en desarrollo...</p></article>")), ANY
    )
    assert (article.unfinished, article.body) == (True, BODY)


@pytest.mark.parametrize(
    ("head", "text", "access"),
    [
        ("", PARAGRAPHS, Access.FREE),
        ('<meta property="article:content_tier" content="free">', PARAGRAPHS, Access.FREE),
        ('<meta name="article:content_tier" content="Metered">', PARAGRAPHS, Access.METERED),
        ('<meta property="article:content_tier" content="locked">', PARAGRAPHS, Access.LOCKED),
        ('<meta name="cXenseParse:per-tiponota" content="premium">', PARAGRAPHS, Access.LOCKED),
        (linked(isAccessibleForFree=True), PARAGRAPHS, Access.FREE),
        (linked(isAccessibleForFree="False"), PARAGRAPHS, Access.METERED),
        (linked(isAccessibleForFree=False), f"<p>{BODY.split(chr(10))[0]}</p>", Access.LOCKED),
    ],
)
def test_access(head: str, text: str, access: Access) -> None:
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{text}</div>", head)
    assert from_page(response(page), ANY).access is access


def test_article_body_that_is_cut_short_is_not_taken_for_the_text() -> None:
    cut = " ".join(BODY.split("\n\n")[:2])
    long = PARAGRAPHS + PARAGRAPHS.replace("botica", "ferretería").replace("bodega", "panadería").replace(
        "comisaría", "Divincri"
    )
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{long}</div>", linked(articleBody=cut))
    article = from_page(response(page), outlet(minimum_body=300))
    assert article.body_source is BodySource.SELECTOR
    assert article.body.startswith(BODY)
    assert "panadería" in article.body


def test_paragraphs_are_found_when_the_linked_text_differs_by_a_word() -> None:
    flat = (
        BODY.replace("\n\n", " ")
        .replace("la mañana de este martes", "la mañana de este martes 14")
        .replace("WhatsApp", "Whatsapp")
    )
    page = page_of(f"<h1>{TITLE}</h1><section>{PARAGRAPHS}<p>EN DESARROLLO</p></section>", linked(articleBody=flat))
    article = from_page(response(page), ANY)
    assert (article.body, article.body_source, article.unfinished) == (BODY, BodySource.JSON_LD, True)


@pytest.mark.parametrize("linked_too", [True, False])
def test_short_last_sentence_is_read(linked_too: bool) -> None:
    end = "No hubo heridos."
    head = linked(articleBody=f"{BODY} {end}".replace("\n\n", " ")) if linked_too else ""
    page = page_of(f"<h1>{TITLE}</h1><section>{PARAGRAPHS}<p>{end}</p></section><p>Lima.</p>", head)
    assert from_page(response(page), ANY).body == f"{BODY}\n\n{end}"


def test_reading_of_a_preferred_place_is_not_given_up_for_one_with_boxes_in_it() -> None:
    short = BODY.split("\n\n")[0]
    page = page_of(
        f"<main><h1>{TITLE}</h1><div class='entry-content'><p>{short}</p></div><p>{short[:90]} y más.</p></main>"
    )
    article = from_page(response(page), outlet(minimum_body=len(short) + 20))
    assert (article.body, article.body_source) == (short, BodySource.SELECTOR)


def test_posts_of_a_live_blog_are_its_text() -> None:
    posts = [{"headline": "10:30", "articleBody": part} for part in BODY.split("\n\n")]
    page = page_of("<div id='app'></div>", linked(**{"@type": "LiveBlogPosting", "liveBlogUpdate": [*posts, 7]}))
    assert from_page(response(page), ANY).body == BODY


def test_of_several_articles_in_a_row_only_the_first_is_read() -> None:
    def one(title: str, text: str) -> str:
        return f'<article class="nota"><h1>{title}</h1><div class="entry-content">{text}</div></article>'

    other = "".join(
        f"<p>Otra noticia, la número {number}, de la que esta no dice nada en absoluto.</p>" for number in range(12)
    )
    page = page_of(f"<main>{one(TITLE, PARAGRAPHS)}{one('El clima de mañana en Lima', other)}</main>")
    article = from_page(response(page), ANY)
    assert (article.title, article.body) == (TITLE, BODY)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (linked(), TITLE),
        (linked(headline=TITLE[:20] + "..."), TITLE),
        (f'<meta property="og:title" content="{TITLE} | Diario de Prueba">', TITLE),
        (f'<meta property="og:title" content="La Voz | {TITLE}">', TITLE),
        (f"<title>{TITLE} - Diario de Prueba</title>", TITLE),
        (f"<title>{TITLE} - Diario de Prueba</title>" + linked(headline="Comas: lo que se sabe de la botica"), TITLE),
    ],
)
def test_title(head: str, title: str) -> None:
    assert (
        from_page(
            response(page_of(f"<h1> {TITLE}\n</h1><div class='entry-content'>{PARAGRAPHS}</div>", head)), ANY
        ).title
        == title
    )


@pytest.mark.parametrize(
    "title",
    [
        "404 detenidos deja operativo en Lima norte",
        "Página negra: no existe justicia para ellos",
        "No se encontraron armas en Comas",
    ],
)
def test_headlines_that_begin_like_those_of_missing_pages(title: str) -> None:
    page = page_of(f"<h1>{title}</h1><div class='entry-content'>{PARAGRAPHS}</div>", f"<title>{title} | Diario</title>")
    assert from_page(response(page), ANY).title == title


def test_name_of_the_outlet_is_no_headline() -> None:
    name = "Noticias de la Costa Norte"
    page = page_of(
        f"<h1>{name}</h1><div class='entry-content'>{PARAGRAPHS}</div>", f"<title>{name} | {TITLE}</title>{linked()}"
    )
    assert from_page(response(page), ANY).title == TITLE


OTHER = {
    "@type": "NewsArticle",
    "headline": "El clima de mañana en Lima",
    "url": "https://diario.pe/clima/otra-nota",
    "datePublished": "2020-01-02T10:00:00Z",
    "author": {"name": "Otro Autor"},
    "articleBody": "Del clima de mañana se dice aquí mucho, y de Comas nada. " * 40,
}


def test_a_text_of_the_length_of_a_book_is_no_article() -> None:
    paragraphs = "".join(f"<p>Capítulo {number}. {'Cobran cupos en bodegas. ' * 10}</p>" for number in range(2_000))
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{paragraphs}</div>", "")
    with pytest.raises(BrokenPage, match="characters is no article"):
        from_page(response(page), ANY)


def test_endless_titles_and_names_are_cut() -> None:
    endless = "Cobran cupos " * 10_000
    head = f"<meta property='article:tag' content='{endless}'><meta name=author content='{endless}'>"
    page = page_of(f"<h1>{endless}</h1><div class='entry-content'>{PARAGRAPHS}</div>", head)
    article = from_page(response(page), ANY)
    assert (article.title[:25], len(article.title)) == ("Cobran cupos Cobran cupos", 500)
    assert ([len(tag) for tag in article.tags], article.authors) == ([200], ())


def test_linked_data_of_another_article_is_not_taken() -> None:
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{PARAGRAPHS}</div>", linked(**OTHER))
    article = from_page(response(page), ANY)
    assert (article.title, article.body, article.published, article.authors) == (TITLE, BODY, None, ())


@pytest.mark.parametrize(
    ("changes", "head"),
    [
        ({"url": "https://diario.pe/lima/una-nota/"}, ""),
        ({"url": "https://diario.pe/?p=77"}, '<link rel="canonical" href="https://diario.pe/?p=77">'),
        ({"url": "https://diario.pe/short", "headline": f"&iexcl;{TITLE.upper()}!"}, ""),
        ({"url": None, "mainEntityOfPage": {"@id": "https://diario.pe/lima/una-nota#articulo"}}, ""),
    ],
    ids=["address", "canonical address", "headline", "entity"],
)
def test_linked_data_of_the_page_is_known_by_address_or_headline(changes: dict[str, object], head: str) -> None:
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{PARAGRAPHS}</div>", linked(**OTHER | changes) + head)
    assert from_page(response(page), ANY).authors == ("Otro Autor",)


@pytest.mark.parametrize(
    "script",
    [
        {
            "@graph": [
                {"@type": "Article", "author": {"@id": "#ana"}},
                {"@type": "Person", "@id": "#ana", "name": "Ana Paz"},
            ]
        },
        [{"@type": "Article", "author": [{"name": "Ana Paz"}, {"@type": "Organization", "name": "Diario de Prueba"}]}],
        {"@type": "Article", "author": ["Ana Paz", {"@id": "#nadie"}]},
    ],
    ids=["reference", "outlet", "string"],
)
@pytest.mark.parametrize("around", ["{}", "<!--\n{}\n-->", "<!--\n{}\n//-->", "//<![CDATA[\n{}\n//]]>"])
def test_authors_of_linked_data(script: object, around: str) -> None:
    head = f'<script type="application/ld+json">{around.format(json.dumps(script))}</script>'
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{PARAGRAPHS}</div>", head)
    assert from_page(response(page), ANY).authors == ("Ana Paz",)


@pytest.mark.parametrize(
    ("url", "head", "published", "raw"),
    [
        ("https://diario.pe/2025/10/14/una-nota-de-comas", "", "2025-10-14 05:00:00+00:00", "2025-10-14"),
        ("https://diario.pe/comas/14/10/2025/una-nota", "", "2025-10-14 05:00:00+00:00", "2025-10-14"),
        ("https://diario.pe/una-nota_20251014/", "", "2025-10-14 05:00:00+00:00", "2025-10-14"),
        (
            "https://diario.pe/2025/10/14/una-nota",
            linked(datePublished="2031-01-01T00:00:00Z"),
            "2025-10-14 05:00:00+00:00",
            "2025-10-14",
        ),
        ("https://diario.pe/una-nota", linked(datePublished="mañana"), "None", "mañana"),
        ("https://diario.pe/una-nota", "", "None", None),
    ],
)
def test_published(url: str, head: str, published: str, raw: str | None) -> None:
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{PARAGRAPHS}</div>", head)
    article = from_page(response(page, url), ANY)
    assert (str(article.published), article.published_raw) == (published, raw)


def test_article_is_not_modified_before_it_is_published() -> None:
    head = linked(datePublished="2025-10-14T10:00:00Z", dateModified="2025-10-13T10:00:00Z")
    article = from_page(response(page_of(f"<div class='entry-content'>{PARAGRAPHS}</div>", head)), ANY)
    assert (article.modified, article.modified_raw) == (None, "2025-10-13T10:00:00Z")


def test_body_does_not_repeat_the_title() -> None:
    page = page_of(f"<div class='entry-content'><h1>{TITLE.upper()}</h1>{PARAGRAPHS}</div>", linked())
    assert from_page(response(page), ANY).body == BODY


def test_address_is_the_one_that_the_page_gives_itself() -> None:
    its = outlet(article_url=r"^https://diario\.pe/lima/[a-z-]+$", article_url_status="checked")
    page = page_of(
        f"<h1>{TITLE}</h1><div class='entry-content'>{PARAGRAPHS}</div>", '<link rel="canonical" href="/lima/una-nota">'
    )
    assert from_page(response(page, "https://diario.pe/amp-stories?id=7"), its).url == "https://diario.pe/lima/una-nota"


# --- no article


@pytest.mark.parametrize(
    "page",
    [
        page_of("<h1>Galería</h1><img src='x.jpg'>"),
        page_of("<h1>Página no encontrada</h1><p>Lo sentimos.</p>"),
        page_of(
            f"<h1>{TITLE}</h1>{PARAGRAPHS}",
            '<script type="application/ld+json">{"@type": "AdvertiserContentArticle"}</script>',
        ),
        page_of(f"<div class='entry-content'>{PARAGRAPHS}</div>"),
        page_of(f"<h1>Error 404</h1>{PARAGRAPHS}"),
        page_of(f"<h1>¡Ups! La página que buscas no existe</h1>{PARAGRAPHS}"),
        page_of(f"<h2>Lo más leído</h2>{PARAGRAPHS}", "<title>Página no encontrada | Diario</title>"),
        page_of(f"<h1>Contenido no disponible</h1>{PARAGRAPHS}"),
    ],
    ids=["gallery", "not found", "advertisement", "no title", "404", "does not exist", "window title", "not available"],
)
def test_no_text(page: str) -> None:
    with pytest.raises(NoText):
        from_page(response(page), ANY)


def test_home_page_is_no_article() -> None:
    with pytest.raises(NoText, match="home page"):
        from_page(response(page_of(f"<h1>{TITLE}</h1>{PARAGRAPHS}"), "https://diario.pe/?x=1"), ANY)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "text/html"),
        (b" \n\t ", "text/html"),
        (b"%PDF-1.7 \x00\x01", "text/html"),
        (b"<p>x</p>", "application/pdf"),
        (b"{}", "application/json"),
        (b"\xff\xd8\xff\xe0JFIF", ""),
        (b"\x1f\x8b\x08broken", "text/html"),
        (b"<!-- nothing -->", "text/html"),
    ],
)
def test_broken_page(body: bytes, kind: str) -> None:
    with pytest.raises(BrokenPage):
        from_page(response(body, kind=kind), ANY)


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>',
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<script type="application/ld+json">{"@type": ["NewsArticle", null, 7], "author": [[], {"name": null}], "keywords": 5}</script>',
        "<script>Fusion.globalContent={" + '"a":{' * 50_000 + "</script>",
        '<script>Fusion.globalContent={"content_elements":[7, {"type":"list","items":"x"}, {"type":"text","content":null}]}</script>',
        '<script id="__NEXT_DATA__">{"props": </script>',
        "<div>" * 3_000,
    ],
    ids=["cut", "deep list", "odd types", "deep story", "odd story", "cut next", "deep markup"],
)
def test_broken_parts_do_not_lose_the_article(head: str) -> None:
    page = page_of(f"<h1>{TITLE}</h1><div class='entry-content'>{PARAGRAPHS}</div>") + head
    assert from_page(response(page), ANY).body == BODY


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "@type", "@id", "content"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = [
    "@type",
    "@graph",
    "headline",
    "articleBody",
    "datePublished",
    "author",
    "keywords",
    "url",
    "isAccessibleForFree",
    "liveBlogUpdate",
]


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6),
    st.text(max_size=60),
    st.sampled_from(["https://diario.pe/lima/una-nota", "http://[", "/x", "javascript:x"]),
    st.sampled_from(sorted(LAYOUTS)),
)
def test_whatever_a_page_says_it_is_an_article_or_a_page_error(
    data: dict[str, object], text: str, own: str, layout: str
) -> None:
    head = (
        linked(**data) + f'<link rel="canonical" href="{own}"><meta property="article:published_time" content="{text}">'
    )
    page = page_of(f"<h1>{text}</h1><div class='entry-content'>{PARAGRAPHS}<p>{text}</p></div>", head)
    its = outlet(layout=layout, article_url="lima/", article_url_status="guess")
    try:
        article = from_page(response(page), its)
    except PageError:
        return
    assert article.url.startswith("https://diario.pe/")
    assert clean(article.body, its) == article.body
    assert article.title == one_line(article.title) != ""
