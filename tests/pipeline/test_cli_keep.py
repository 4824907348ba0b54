"""``vigia article``, ``reparse``, ``prune`` and ``doctor --deep`` on what was crawled from the newsroom."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.archive import Archive
from pipeline.archive.database import open_engine, writing
from scrapers.items import Article
from tests.newsroom.server import Newsroom
from tests.pipeline.newsroom_home import Done, Home

SINCE = ("--since", "2015-01-01")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two editions of the newsroom: some articles have two versions."""
    folder = tmp_path_factory.mktemp("keep")
    with Newsroom(edition=1) as newsroom:
        made = Home.make(folder, newsroom)
        assert made.vigia("crawl", *SINCE).code == 0
        newsroom.publish(2)
        assert made.vigia("crawl", *SINCE).code == 0
    return made


@pytest.fixture
def home(crawled: Home, tmp_path: Path) -> Home:
    """A copy of it; the newsroom is gone: a request would fail."""
    shutil.copytree(crawled.settings.home, tmp_path / "home")
    return Home(crawled.environment | {"VIGIA_HOME": str(tmp_path / "home")})


def articles(home: Home) -> dict[str, list[Article]]:
    """Id -> versions."""
    with Archive.open(home.settings) as archive:
        found = archive.pending_analysis("none")
        return {one.article.id: archive.versions(one.article.id) for one in found}


def outcomes(done: Done) -> Counter[str]:
    counts: Counter[str] = Counter()
    for count in done.json["run"]["counts"]:
        counts[count["outcome"]] += count["n"]
    return counts


def tamper(home: Home, statement: str, **values: object) -> None:
    engine = open_engine(home.settings.archive_url)
    with writing(engine) as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def test_todays_parsers_find_in_the_raw_responses_what_was_found_when_they_were_fetched(home: Home) -> None:
    before = articles(home)
    done = home.vigia("reparse", "--json")
    assert done.code == 0, done.out + done.err
    assert outcomes(done) == {"unchanged": len(before)}
    assert articles(home) == before


def test_a_text_that_todays_parsers_read_otherwise_becomes_a_version(home: Home) -> None:
    before = articles(home)
    chosen = next(one for versions in before.values() for one in versions[-1:] if one.outlet == "rpp")
    spoilt = chosen.body[:-10]
    tamper(
        home,
        "UPDATE article_versions SET record = replace(record, :whole, :part), content_hash = 'old' WHERE article_id = :id",
        whole=chosen.body[-10:],
        part="",
        id=chosen.id,
    )
    tamper(
        home,
        "UPDATE article_versions SET record = replace(record, :whole, 'old') WHERE article_id = :id",
        whole=chosen.content_hash,
        id=chosen.id,
    )
    dry = home.vigia("reparse", "rpp", "--dry-run", "--json")
    assert outcomes(dry)["changed"] == 1
    assert len(articles(home)[chosen.id]) == len(before[chosen.id])
    done = home.vigia("reparse", "rpp", "--json")
    assert outcomes(done) == {"changed": 1, "unchanged": sum(v[-1].outlet == "rpp" for v in before.values()) - 1}
    after = articles(home)[chosen.id]
    assert (after[-2].body, after[-1]) == (spoilt, chosen)
    assert outcomes(home.vigia("reparse", "rpp", "--json"))["changed"] == 0


def test_other_fields_take_the_place_of_the_old_ones(home: Home) -> None:
    chosen = next(v[-1] for v in articles(home).values() if v[-1].outlet == "elcomercio" and v[-1].section)
    tamper(
        home,
        "UPDATE article_versions SET record = replace(record, :there, :other) WHERE article_id = :id",
        there=f'"section":"{chosen.section}"',
        other='"section":null',
        id=chosen.id,
    )
    assert articles(home)[chosen.id][-1].section is None
    assert outcomes(home.vigia("reparse", "elcomercio", "--json"))["fields"] == 1
    assert articles(home)[chosen.id][-1] == chosen


def test_reparse_of_what_cannot_be_read(home: Home) -> None:
    (file,) = home.settings.warc_dir.iterdir()
    file.unlink()
    before = articles(home)
    done = home.vigia("reparse", "--json")
    assert (done.code, outcomes(done)) == (0, {"no_raw": len(before)})
    assert articles(home) == before
    assert home.vigia("reparse", "nadie").code == 2


def test_prune_keeps_what_newest_versions_were_read_from(home: Home) -> None:
    before = articles(home)
    assert home.vigia("prune").code == 2
    dry = home.vigia("prune", "--warc-max-gb", "0", "--dry-run", "--json").json
    assert dry["responses_removed"] > 0
    assert dry["over"] > 0
    done = home.vigia("prune", "--warc-max-gb", "0", "--json").json
    assert done == dry | {"dry_run": False}
    (file,) = home.settings.warc_dir.iterdir()
    assert file.stat().st_size < done["bytes_before"] - done["bytes_removed"] + 2000
    assert home.vigia("doctor", "--deep").code == 0
    assert outcomes(home.vigia("reparse", "--json")) == {"unchanged": len(before)}
    again = home.vigia("prune", "--warc-max-gb", "0", "--json").json
    assert again["responses_removed"] == 0
    older = [key for key, versions in before.items() if len(versions) > 1]
    shown = home.vigia("article", older[0], "--json").json["versions"]
    assert [one["raw"] is None for one in shown[-1:]] == [False]


def test_prune_by_age_and_of_everything(home: Home) -> None:
    nothing = home.vigia("prune", "--warc-older-than", "1d", "--even-newest", "--json").json
    assert nothing["responses_removed"] == 0
    done = home.vigia("prune", "--warc-older-than", "0h", "--even-newest", "--json").json
    assert (done["files_removed"], done["files_rewritten"], done["over"]) == (1, 0, 0)
    assert list(home.settings.warc_dir.iterdir()) == []
    assert outcomes(home.vigia("reparse", "--json")) == {}
    assert home.vigia("doctor", "--deep").code == 0


def test_doctor_looks_at_every_text_and_response(home: Home) -> None:
    n = len(articles(home))
    found = {finding["subject"]: finding for finding in home.vigia("doctor", "--deep", "--json").json}
    assert found["articles"]["text"] == f"{n} as their hashes say"
    assert found["raw"]["state"] == found["database"]["state"] == "ok"
    (file,) = home.settings.warc_dir.iterdir()
    spoilt = bytearray(file.read_bytes())
    spoilt[len(spoilt) // 2] ^= 0xFF
    file.write_bytes(spoilt)
    tamper(home, "UPDATE articles SET content_hash = 'x' WHERE id = (SELECT min(id) FROM articles)")
    done = home.vigia("doctor", "--deep", "--json")
    errors = {finding["subject"]: finding["text"] for finding in done.json if finding["state"] == "error"}
    assert done.code == 1
    assert (
        errors["articles"] == f"1 at fault: article {min(articles(home))}: its text is not the one that its hash names"
    )
    assert errors["raw"].startswith("1 at fault: ")


def test_an_article_with_its_versions(home: Home) -> None:
    versions = next(v for v in articles(home).values() if len(v) == 2)
    newest = versions[-1]
    plain = home.vigia("article", newest.id).out
    assert newest.title in plain
    assert "not read yet: vigia analyze" in plain
    assert home.vigia("article", newest.url + "?utm_source=x").out == plain
    listed = home.vigia("article", newest.id, "--versions").out
    assert "version 1, fetched" in listed
    assert "version 2, fetched" in listed
    diff = home.vigia("article", newest.id, "--diff", "--json").json["diffs"]
    old, new = (set(one.text.split("\n")) for one in versions)
    (lines,) = [one.split("\n")[2:] for one in diff]
    assert {line[1:] for line in lines if line[:1] == "-"} - {""} == old - new
    assert {line[1:] for line in lines if line[:1] == "+"} - {""} == new - old
    assert home.vigia("article", "0" * 16).code == 2
