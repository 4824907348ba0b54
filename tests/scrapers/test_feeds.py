"""Feeds, sitemaps, lists and sheets -> candidates; and everything that can come in their place."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.feeds import (
    BrokenFeed,
    Candidate,
    FeedError,
    NotAFeed,
    SitemapEntries,
    read_feed,
    read_gobpe,
    read_listing,
    read_news_sitemap,
    read_wp_json,
)
from scrapers.items import Page
from tests.scrapers.pages_read import ANY, outlet, response, shipped

RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Diario</title>{}</channel></rss>'
)
ITEM = "<item><title>Una nota</title><link>https://diario.pe/una-nota</link></item>"


def rss(items: str) -> Page:
    return response(RSS.format(items), "https://diario.pe/feed/", "application/rss+xml")


def test_arc_item() -> None:
    items = """<item><title><![CDATA[Comas: cierran <b>una botica</b> &amp; una bodega  ]]></title>
        <link>https://elcomercio.pe/lima/una-nota-noticia/?ref=rss</link>
        <guid isPermaLink="true">https://elcomercio.pe/lima/una-nota-noticia/</guid>
        <dc:creator><![CDATA[Redacción EC]]></dc:creator><description></description>
        <pubDate>Mon, 27 Oct 2025 21:13:54 +0000</pubDate>
        <content:encoded><![CDATA[<p>Uno.</p><script>no()</script><mxm-event>Dos.</mxm-event>]]></content:encoded></item>"""
    assert read_feed(rss(items)) == [
        Candidate(
            url="https://elcomercio.pe/lima/una-nota-noticia/?ref=rss",
            title="Comas: cierran una botica & una bodega",
            published_raw="Mon, 27 Oct 2025 21:13:54 +0000",
            body_html="<p>Uno.</p><script>no()</script><mxm-event>Dos.</mxm-event>",
            authors=("Redacción EC",),
            id_hint="https://elcomercio.pe/lima/una-nota-noticia/",
        )
    ]


def test_section_is_the_category_that_is_no_tag() -> None:
    items = """<item><title>Una nota</title><link>https://larepublica.pe/x</link>
        <category domain="https://larepublica.pe/tag/comas">Comas</category>
        <category domain="https://larepublica.pe/sociedad">Sociedad</category>
        <category domain="https://larepublica.pe/tag/cupos">Cupos</category></item>"""
    (candidate,) = read_feed(rss(items))
    assert (candidate.section, candidate.tags) == ("Sociedad", ("Comas", "Cupos"))


def test_wordpress_item() -> None:
    items = """<item><title>Una nota</title><link>https://diario.pe/una-nota/</link><dc:creator>admin</dc:creator>
        <guid isPermaLink="false">https://diario.pe/?p=7</guid><category>Locales</category><category>Extorsión</category>
        <category>Locales</category><description><![CDATA[<p>Resumen [&#8230;]</p>]]></description>
        <content:encoded><![CDATA[<p>Todo.</p>]]></content:encoded></item>"""
    assert read_feed(rss(items)) == [
        Candidate(
            url="https://diario.pe/una-nota/",
            title="Una nota",
            body_html="<p>Todo.</p>",
            summary_html="<p>Resumen [&#8230;]</p>",
            authors=("admin",),
            section="Locales",
            tags=("Extorsión",),
            id_hint="https://diario.pe/?p=7",
        )
    ]


def test_atom_entry() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Diario</title><entry><title>Una nota</title>
        <link rel="alternate" href="/una-nota"/><id>tag:1</id><published>2025-10-14T11:00:00-05:00</published>
        <updated>2025-10-14T12:00:00-05:00</updated><author><name>Lucía Paz</name></author>
        <content type="html">&lt;p&gt;Todo.&lt;/p&gt;</content></entry></feed>"""
    assert read_feed(response(feed, "https://diario.pe/atom.xml")) == [
        Candidate(
            url="https://diario.pe/una-nota",
            title="Una nota",
            published_raw="2025-10-14T11:00:00-05:00",
            modified_raw="2025-10-14T12:00:00-05:00",
            body_html="<p>Todo.</p>",
            summary_html="<p>Todo.</p>",
            authors=("Lucía Paz",),
            id_hint="tag:1",
        )
    ]


def test_updated_alone_is_the_date_of_publication() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://diario.pe/a"/><updated>2025-10-14</updated></entry></feed>'
    (candidate,) = read_feed(response(feed))
    assert (candidate.published_raw, candidate.modified_raw) == ("2025-10-14", None)


@pytest.mark.parametrize(
    "body",
    [
        RSS.format(ITEM).encode(),
        b"\n\n  " + RSS.format(ITEM).encode(),
        b"\xef\xbb\xbf" + RSS.format(ITEM).encode(),
        RSS.format(ITEM).encode("utf-16"),
        RSS.format(ITEM).replace("UTF-8", "ISO-8859-1").encode(),
        gzip.compress(RSS.format(ITEM).encode()),
        b"<br />\n<b>Warning</b>: include() in /index.php\n" + RSS.format(ITEM).encode(),
        RSS.format(ITEM + "<item><title>Rota & sin fin</title><li").encode(),
        RSS.format(ITEM).replace("</channel></rss>", "").encode(),
        RSS.format("<title>a\x01b</title>" + ITEM).encode(),
        ('<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://x.org/rss.dtd">' + RSS.format(ITEM).split("?>")[1]).encode(),
        RSS.format(ITEM + "<item><title>Sin enlace</title></item><item><link>javascript:x</link></item>").encode(),
        RSS.format(ITEM + "<item><link>https://user:secret@diario.pe/x</link></item>").encode(),
    ],
    ids=["plain", "blank lines", "mark", "utf-16", "wrong charset", "gzip", "php warning", "cut item", "no end", "control", "doctype", "no link", "password"],
)  # fmt: skip
def test_feed_that_can_still_be_read(body: bytes) -> None:
    candidates = read_feed(response(body, kind="text/xml"))
    assert [(each.url, each.title) for each in candidates] == [("https://diario.pe/una-nota", "Una nota")]


@pytest.mark.parametrize(
    "body", [RSS.format(""), '<feed xmlns="http://www.w3.org/2005/Atom"/>', "<rdf:RDF xmlns:rdf='x'/>"]
)
def test_feed_without_items_is_no_error(body: str) -> None:
    assert read_feed(response(body)) == []


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#57343;", "&#x110000;", "&#0;", f"&#{'9' * 5000};", f"&#x{'F' * 99};"]
)
def test_a_reference_to_no_character_costs_no_feed(reference: str) -> None:
    items = ITEM.replace("Una nota", f"Una{reference} nota &#8211; dos")
    assert [each.title for each in read_feed(response(RSS.format(items)))] == ["Una nota – dos"]


def test_latin_1_feed() -> None:
    body = RSS.replace("UTF-8", "ISO-8859-1").format(ITEM.replace("Una nota", "Extorsión en Ñaña")).encode("latin-1")
    assert read_feed(response(body))[0].title == "Extorsión en Ñaña"


READERS: list[Callable[[Page], Any]] = [read_feed, read_news_sitemap, read_gobpe, read_wp_json]


@pytest.mark.parametrize("read", READERS)
def test_html_in_place_of_an_entry_point_is_named(read: Callable[[Page], Any]) -> None:
    page = response("<!DOCTYPE html><html><head><title>Acceso\n denegado</title></head><body><p>403</p></body></html>")
    with pytest.raises(NotAFeed, match=r"an HTML page \('Acceso denegado'\)"):
        read(page)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("body", [b"", b"  \n ", b"\x1f\x8b\x08\x00broken"])
def test_nothing_in_place_of_an_entry_point(read: Callable[[Page], Any], body: bytes) -> None:
    with pytest.raises(BrokenFeed):
        read(response(body))


@pytest.mark.parametrize(
    ("read", "body", "error"),
    [
        (read_feed, "{}", NotAFeed),
        (read_feed, "hola", NotAFeed),
        (read_feed, '{"version": "https://jsonfeed.org/version/1.1"}', BrokenFeed),
        (read_feed, '{"version": "https://jsonfeed.org/version/1.1", "items": [', BrokenFeed),
        (read_feed, "<urlset/>", NotAFeed),
        (read_feed, "<error>x</error>", NotAFeed),
        (read_feed, "<rss><channel><item><title>Sin", BrokenFeed),
        (read_news_sitemap, RSS.format(ITEM), NotAFeed),
        (read_news_sitemap, "<urlset><url><loc", BrokenFeed),
        (read_gobpe, "[]", BrokenFeed),
        (read_gobpe, '{"data": {"attributes": {"results": 7}}}', BrokenFeed),
        (read_gobpe, "{", BrokenFeed),
        (read_gobpe, "[" * 100_000, BrokenFeed),
        (read_wp_json, '{"code": "rest_no_route", "message": "No se ha encontrado ninguna ruta"}', NotAFeed),
        (read_wp_json, "nada", BrokenFeed),
    ],
)
def test_something_else_in_place_of_an_entry_point(
    read: Callable[[Page], Any], body: str, error: type[FeedError]
) -> None:
    with pytest.raises(error):
        read(response(body))


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "cupo">' + "".join(f'<!ENTITY {"a" * n} "{("&" + "a" * (n - 1) + ";") * 10}">' for n in range(2, 9)) + "]>"
)  # fmt: skip
FILE = '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [BOMB, FILE, FILE.replace("ENTITY a", "entity % a")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    ("read", "root", "rest"),
    [
        (
            read_feed,
            "rss",
            "<rss><channel><item><title>&aaaaaaaa;&a;</title><link>https://diario.pe/x</link></item></channel></rss>",
        ),
        (read_news_sitemap, "urlset", "<urlset><url><loc>https://diario.pe/&aaaaaaaa;&a;</loc></url></urlset>"),
    ],
)
def test_entities_are_refused(
    read: Callable[[Page], Any], root: str, rest: str, declaration: str, encoding: str
) -> None:
    body = (declaration.replace("{root}", root) + rest).encode(encoding)
    with pytest.raises(BrokenFeed, match="entities"):
        read(response(body))


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel>" + "<a>" * 30_000,
        "<rss><channel><item><description>" + "<a>" * 30_000,
        "<rss><channel>" + "<item>" * 5_000,
        "<rss><channel><item><title>" + "<a " * 20_000,
        "<!DOCTYPE " * 20_000 + "<rss>",
        "<!--" * 50_000,
        "<!---->" * 50_000,
        "<?x?>" * 50_000 + "<",
        "<rss " + 'a="b" ' * 20_000 + ">",
    ],
)
def test_hostile_xml_ends(body: str) -> None:
    for read in (read_feed, read_news_sitemap):
        with pytest.raises(FeedError):
            read(response(body))


def test_a_feed_is_never_taken_for_the_name_of_a_file_or_an_address() -> None:
    for body in ("/etc/passwd", "https://diario.pe/feed", "file:///etc/passwd"):
        with pytest.raises(NotAFeed):
            read_feed(response(body))


# --- sitemaps


NEWS = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
    <!-- generado --><url><loc> https://diario.pe/una-nota </loc><lastmod>2025-10-14T12:00:00-05:00</lastmod>
    <news:news><news:publication><news:name>Diario</news:name></news:publication>
    <news:publication_date>2025-10-14T11:00:00-05:00</news:publication_date>
    <news:title><![CDATA[Una nota & otra]]></news:title><news:keywords>Comas, Extorsión,</news:keywords></news:news>
    <image:image><image:loc>https://img.pe/x.jpg</image:loc><image:title>Una foto</image:title></image:image></url>
    <url><loc>https://diario.pe/otra-nota</loc></url><url><lastmod>2025-10-14</lastmod></url><url><loc>javascript:x</loc></url></urlset>"""


def test_news_sitemap() -> None:
    assert read_news_sitemap(response(NEWS)) == SitemapEntries(
        candidates=(
            Candidate(
                url="https://diario.pe/una-nota",
                title="Una nota & otra",
                published_raw="2025-10-14T11:00:00-05:00",
                modified_raw="2025-10-14T12:00:00-05:00",
                tags=("Comas", "Extorsión"),
            ),
            Candidate(url="https://diario.pe/otra-nota"),
        )
    )


def test_sitemap_index() -> None:
    index = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://diario.pe/a.xml</loc></sitemap>
        <sitemap><loc>/b.xml.gz</loc><lastmod>2025-10-13</lastmod></sitemap><sitemap><loc>https://diario.pe/a.xml</loc></sitemap>
        <sitemap><loc>/c.xml</loc><lastmod>2025-10-14</lastmod></sitemap></sitemapindex>"""
    assert read_news_sitemap(response(gzip.compress(index.encode()))) == SitemapEntries(
        children=("https://diario.pe/a.xml", "https://diario.pe/c.xml", "https://diario.pe/b.xml.gz")
    )


def test_sitemap_that_is_cut_gives_what_came() -> None:
    entries = read_news_sitemap(response(NEWS[: NEWS.index("<url><lastmod>")]))
    assert [each.url for each in entries.candidates] == ["https://diario.pe/una-nota", "https://diario.pe/otra-nota"]


def test_empty_sitemap_is_no_error() -> None:
    assert read_news_sitemap(response("<urlset></urlset>")) == SitemapEntries()


@pytest.mark.parametrize(
    ("apart", "ago", "believed"), [(0, 0, False), (10, 300, False), (200, 0, True), (0, 100_000, True)]
)
def test_a_sitemap_that_dates_all_with_its_own_moment(apart: int, ago: int, believed: bool) -> None:
    made = response("").fetched - timedelta(seconds=ago)
    rows = "".join(
        f"<url><loc>https://diario.pe/{n}</loc><lastmod>{made - n * timedelta(seconds=apart):%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
        for n in range(6)
    )
    entries = read_news_sitemap(response(f"<urlset>{rows}</urlset>"))
    assert [each.modified_raw is not None for each in entries.candidates] == [believed] * 6


def test_a_prefix_that_was_never_declared() -> None:
    row = "<url><loc>https://diario.pe/x</loc><news:news><news:title>Caen seis</news:title></news:news></url>"
    entries = read_news_sitemap(response(f"<urlset>{row}</urlset>"))
    assert entries.candidates == (Candidate(url="https://diario.pe/x", title="Caen seis"),)


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (read_feed, "<rss><channel><item><title>Robo</title></item></channel></rss>"),
        (read_feed, '{"version": "https://jsonfeed.org/version/1", "items": [{"title": "Robo"}]}'),
        (read_news_sitemap, "<urlset><url><link>https://diario.pe/x</link></url></urlset>"),
        (read_news_sitemap, "<sitemapindex><sitemap><loc></loc></sitemap></sitemapindex>"),
        (read_wp_json, '[{"title": "Robo"}]'),
        (read_gobpe, '{"data": {"attributes": {"results": [{"name": "Robo"}]}}}'),
    ],
)
def test_rows_without_an_address_are_no_empty_list(read: Callable[[Page], Any], body: str) -> None:
    with pytest.raises(BrokenFeed, match="lists 1 items, none of which has an address of the web"):
        read(response(body))


def test_pictures_of_a_sitemap_are_no_articles() -> None:
    row = "<image:image><image:loc>https://img.pe/x.jpg</image:loc><image:title>Foto</image:title></image:image>"
    video = "<video:video><video:title>Video</video:title><video:publication_date>2020-01-01</video:publication_date></video:video>"
    sitemap = NEWS[: NEWS.index("<!--")] + f"<url>{row}{video}<loc>https://diario.pe/una-nota</loc></url></urlset>"
    sitemap = sitemap.replace(
        "xmlns:image", 'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1" xmlns:image'
    )
    assert read_news_sitemap(response(sitemap)) == SitemapEntries(
        candidates=(Candidate(url="https://diario.pe/una-nota"),)
    )


# --- JSON Feed


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1.1", "http://jsonfeed.org/version/1"])
def test_json_feed(version: str) -> None:
    items = [
        {
            "id": 7,
            "url": "/una-nota",
            "title": "Una nota &amp; otra",
            "content_html": "<p>Texto.</p>",
            "summary": "Resumen",
            "date_published": "2025-10-14T11:00:00-05:00",
            "date_modified": "2025-10-14T12:00:00-05:00",
            "authors": [{"name": "Ana"}, {"url": "https://ana.pe"}, 7],
            "tags": ["Comas", None],
        },
        {
            "url": "https://diario.pe/otra",
            "date_modified": "2025-10-15",
            "author": {"name": "Luis"},
            "content_text": "Texto.",
        },
        {"url": "javascript:x"},
        {"title": "Sin dirección"},
        7,
    ]
    body = json.dumps({"title": "Diario", "version": version, "items": items})
    assert read_feed(response(body, "https://diario.pe/feed.json")) == [
        Candidate(
            url="https://diario.pe/una-nota",
            title="Una nota & otra",
            published_raw="2025-10-14T11:00:00-05:00",
            modified_raw="2025-10-14T12:00:00-05:00",
            body_html="<p>Texto.</p>",
            summary_html="Resumen",
            authors=("Ana",),
            tags=("Comas",),
            id_hint="7",
        ),
        Candidate(url="https://diario.pe/otra", published_raw="2025-10-15", body_html="Texto.", authors=("Luis",)),
    ]


# --- lists


def test_listing_gives_each_article_once_in_order_with_its_headline() -> None:
    page = response(
        """<!doctype html><html><body><nav><a href="/policiales/">Policiales</a></nav>
        <article><a href="/policiales/dos-n2"><img src="x"></a><h2><a href="/policiales/dos-n2?ref=portada">La segunda <b>nota</b></a></h2></article>
        <a href="https://www.diario.pe/policiales/una-n1#c">La primera nota</a><a>sin destino</a><a href="mailto:x@y.pe">correo</a>
        <a href="https://otro.pe/policiales/tres-n3">De otro sitio</a><a href="javascript:void(0)">nada</a><a href="https://[x">roto</a>
        <a href="/policiales/una-n1/" title="La primera">Una</a></body></html>""",
        "https://diario.pe/policiales/",
    )
    its = outlet(article_url=r"^https://diario\.pe/policiales/[a-z-]+-n\d+$", article_url_status="checked")
    assert read_listing(page, its) == [
        Candidate(url="https://diario.pe/policiales/dos-n2?ref=portada", title="La segunda nota"),
        Candidate(url="https://www.diario.pe/policiales/una-n1#c", title="La primera nota"),
    ]


def test_listing_without_a_pattern_takes_long_addresses() -> None:
    page = response(
        '<a href="/policiales">x</a><a href="/una-nota-de-comas/">y</a><a href="/quienes-somos">z</a><base href="https://diario.pe/x/">'
    )
    assert [each.url for each in read_listing(page, ANY)] == ["https://diario.pe/una-nota-de-comas/"]


@pytest.mark.parametrize("body", ["{}", RSS.format(ITEM), "texto"])
def test_listing_that_is_no_page(body: str) -> None:
    with pytest.raises(FeedError):
        read_listing(response(body), ANY)


@pytest.mark.parametrize("base", ["http://[", "", "javascript:x", "/x/"])
def test_odd_base_does_not_lose_the_links(base: str) -> None:
    page = response(f'<base href="{base}"><a href="https://diario.pe/una-nota-de-comas">x</a>')
    assert [each.url for each in read_listing(page, ANY)] == ["https://diario.pe/una-nota-de-comas"]


def test_empty_listing() -> None:
    assert read_listing(response("<html><body></body></html>"), ANY) == []


# --- sheets


def test_gobpe() -> None:
    results = [
        {
            "name_with_parent": "PNP detiene a <em>extorsionador</em>",
            "content": "<p>El Ministerio del Interior informó.</p>",
            "publication": "2 de diciembre de 2024 - 6:29 p. m.",
            "url": '<a class="x" href="/institucion/mininter/noticias/1-pnp-detiene">PNP detiene</a>',
        },
        {"name_with_parent": "Sin enlace", "url": None},
        "otra cosa",
    ]
    page = response(
        json.dumps({"data": {"attributes": {"results": results}}}), "https://www.gob.pe/busquedas.json?sheet=1"
    )
    assert read_gobpe(page) == [
        Candidate(
            url="https://www.gob.pe/institucion/mininter/noticias/1-pnp-detiene",
            title="PNP detiene a extorsionador",
            published_raw="2 de diciembre de 2024 - 6:29 p. m.",
            summary_html="<p>El Ministerio del Interior informó.</p>",
        )
    ]


def test_wp_json() -> None:
    posts = [
        {
            "id": 7,
            "link": "https://lalupa.pe/una-nota/",
            "date": "2025-10-14T11:00:00",
            "date_gmt": "2025-10-14T16:00:00",
            "modified": "2025-10-14T12:00:00",
            "title": {"rendered": "Una nota &#8220;fuerte&#8221;"},
            "content": {"rendered": "<p>Todo.</p>", "protected": False},
            "excerpt": {"rendered": "<p>Resumen.</p>"},
            "categories": [3],
            "_embedded": {
                "author": [{"name": "Lucía Paz"}, {"code": "rest_user_invalid_id"}],
                "wp:term": [
                    [{"name": "Locales", "taxonomy": "category"}, {"name": "Norte", "taxonomy": "category"}],
                    [{"name": "Cupos", "taxonomy": "post_tag"}],
                ],
            },
        },
        {"id": 8, "title": {"rendered": "Sin enlace"}},
        None,
    ]
    assert read_wp_json(response(json.dumps(posts))) == [
        Candidate(
            url="https://lalupa.pe/una-nota/",
            title="Una nota “fuerte”",
            published_raw="2025-10-14T16:00:00Z",
            modified_raw="2025-10-14T12:00:00",
            body_html="<p>Todo.</p>",
            summary_html="<p>Resumen.</p>",
            authors=("Lucía Paz",),
            section="Locales",
            tags=("Norte", "Cupos"),
            id_hint="7",
        )
    ]


@pytest.mark.parametrize(
    "posts",
    [
        [{"link": "https://a.pe/x", "_embedded": 7, "title": 5, "content": []}],
        [{"link": "https://a.pe/x", "_embedded": {"author": None, "wp:term": [None, [7]]}}],
    ],
)
def test_odd_posts_lose_only_what_is_odd(posts: list[Any]) -> None:
    assert read_wp_json(response(json.dumps(posts))) == [Candidate(url="https://a.pe/x")]


# --- any input


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.text(max_size=80).map(lambda t: RSS.format(t).encode()),
    )
)
def test_any_bytes_give_candidates_or_a_feed_error(body: bytes) -> None:
    for read in (*READERS, lambda page: read_listing(page, shipped()["exitosa"])):
        with contextlib.suppress(FeedError):
            read(response(body))
