"""The newsroom is what the other tests stand on: what it prints is checked here, without our own parsers."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.newsroom.content import SITES, annotated, edited_key, locked_key, stories, unfinished_key
from tests.newsroom.formats import PAGES
from tests.newsroom.server import ENTRY_POINTS, Newsroom


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as running:
        yield running


def get(url: str, **headers: str) -> tuple[int, bytes, str | None]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers["ETag"]


def test_every_annotated_article_is_published_once() -> None:
    assert sorted(story.key for story in stories()) == sorted(article["id"] for article in annotated())
    assert {story.site for story in stories()} == set(SITES)


@pytest.mark.parametrize("site", SITES)
def test_entry_points_list_every_story_and_every_story_has_a_page(newsroom: Newsroom, site: str) -> None:
    base = newsroom.sites[site].base
    status, entry, _ = get(base + ENTRY_POINTS[site][1])
    assert status == 200
    own = [story for story in stories() if story.site == site]
    path_of, _ = PAGES[site]
    for story in own:
        assert path_of(story).encode() in entry
        assert get(base + path_of(story))[0] == 200


def test_feeds_are_well_formed(newsroom: Newsroom) -> None:
    for site, (kind, path) in ENTRY_POINTS.items():
        body = get(newsroom.sites[site].base + path)[1]
        if kind in {"feed", "news_sitemap"}:
            ElementTree.fromstring(body)
        if kind == "gobpe_api":
            assert json.loads(body)["data"]["attributes"]["results"]


def test_conditional_requests_and_missing_pages(newsroom: Newsroom) -> None:
    url = newsroom.sites["rpp"].base + ENTRY_POINTS["rpp"][1]
    _, _, etag = get(url)
    assert etag is not None
    assert get(url, If_None_Match=etag)[:2] == (304, b"")
    assert get(newsroom.sites["rpp"].base + "/nada")[0] == 404
    assert [status for _, _, status in newsroom.requests()] == [200, 304, 404]


def test_the_second_edition_differs_in_what_it_says_it_does() -> None:
    first, second = ({story.key: story for story in stories(edition)} for edition in (1, 2))
    assert {key for key in first if first[key] != second[key]} == {unfinished_key(), edited_key()}
    assert first[unfinished_key()].unfinished
    assert not second[unfinished_key()].unfinished
    assert len(first[locked_key()].visible) == 1 < len(first[locked_key()].paragraphs)


def test_outlet_files_point_to_the_newsroom(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = newsroom.write_outlets(tmp_path / "outlets")
    assert {path.stem for path in folder.glob("*.yaml")} == set(SITES)
    for path in folder.glob("*.yaml"):
        outlet = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert outlet["entry_points"][0]["url"].startswith(newsroom.sites[path.stem].base)
