"""Reading outlet files: what is right, what is wrong and how it is said, and choosing among them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scrapers.outlet import (
    EntryKind,
    EntryPoint,
    Expected,
    Outlet,
    OutletError,
    OutletKind,
    Selectors,
    load_outlets,
    select_outlets,
)

SMALLEST = """\
name: Diario de Prueba
domain: prueba.example
kind: regional
confidence: low
entry_points:
- {kind: feed, url: "https://prueba.example/feed/", status: guess}
"""
FULL = """\
name: Diario de Prueba
domain: prueba.example
hosts: [www.prueba.example]
region: "0218"
kind: regional
enabled: false
disabled_reason: closed
confidence: medium
layout: wordpress
entry_points:
- {kind: listing, url: "https://prueba.example/policial/", status: checked, note: seen in May}
article_url: ^https://prueba\\.example/\\d{4}/
article_url_status: checked
selectors:
  body: div.cuerpo > p
  title: h1
  published: time[datetime]
  authors: a[rel=author]
  remove: [.anuncio, "div[class*=relacionadas]"]
noise: [^Fuente propia]
minimum_body: 300
cut_after: \\(FIN\\)
keep_query: [id]
path_rewrites: [["^/index\\\\.php/", "/"]]
poll_minutes: 15
expect: {articles_per_day: 12.5}
notes: [closed for repairs]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, text: str, name: str = "prueba.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_smallest(folder: Path) -> None:
    assert load_outlets(write(folder, SMALLEST)) == {
        "prueba": Outlet(
            id="prueba",
            name="Diario de Prueba",
            domain="prueba.example",
            kind=OutletKind.REGIONAL,
            confidence="low",
            entry_points=(EntryPoint(kind=EntryKind.FEED, url="https://prueba.example/feed/", status="guess"),),
        )
    }


def test_every_key(folder: Path) -> None:
    outlet = load_outlets(write(folder, FULL))["prueba"]
    assert outlet == Outlet(
        id="prueba",
        name="Diario de Prueba",
        domain="prueba.example",
        hosts=("www.prueba.example",),
        region="0218",
        kind=OutletKind.REGIONAL,
        enabled=False,
        disabled_reason="closed",
        confidence="medium",
        layout="wordpress",
        entry_points=(
            EntryPoint(
                kind=EntryKind.LISTING, url="https://prueba.example/policial/", status="checked", note="seen in May"
            ),
        ),
        article_url=r"^https://prueba\.example/\d{4}/",
        article_url_status="checked",
        selectors=Selectors(
            body="div.cuerpo > p",
            title="h1",
            published="time[datetime]",
            authors="a[rel=author]",
            remove=(".anuncio", "div[class*=relacionadas]"),
        ),
        noise=("^Fuente propia",),
        minimum_body=300,
        cut_after=r"\(FIN\)",
        keep_query=("id",),
        path_rewrites=((r"^/index\.php/", "/"),),
        poll_minutes=15,
        expect=Expected(articles_per_day=12.5),
        notes=("closed for repairs",),
    )
    assert not outlet.guess_only
    assert outlet.is_article("https://prueba.example/2026/nota")
    assert not outlet.is_article("https://prueba.example/policial/")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nombre": "x"}, "nombre: unknown key"),
        ({"id": "prueba"}, "id: leave it out"),
        ({"name": None}, 'name: Input should be a valid string; quote it ("02")'),
        ({"region": 13}, 'region: Input should be a valid string; quote it ("02")'),
        ({"region": "1"}, "region: String should match pattern"),
        ({"domain": "https://prueba.example/"}, "domain: String should match pattern"),
        ({"kind": "local"}, "kind: Input should be 'national', 'regional', 'official' or 'investigative'"),
        ({"kind": "national", "region": "13"}, "region: a national outlet has none"),
        ({"layout": "drupal"}, "layout: Input should be 'arc', 'glr'"),
        ({"enabled": False}, "disabled_reason: say why the outlet is disabled"),
        ({"disabled_reason": "x"}, "disabled_reason: the outlet is enabled; take the reason out"),
        ({"entry_points": []}, "entry_points: an enabled outlet needs at least one"),
        ({"article_url": "^https://("}, "article_url: not a regular expression: missing )"),
        ({"article_url": "(?i)^https://"}, "article_url: not a regular expression: global flags not at the start"),
        ({"article_url": "^https://"}, "article_url_status: give it if, and only if, there is an article_url"),
        ({"article_url_status": "guess"}, "article_url_status: give it if, and only if, there is an article_url"),
        ({"selectors": {"body": "div..x"}}, "selectors.body: not a CSS selector"),
        ({"selectors": {"body": "p::text"}}, "selectors.body: not a CSS selector"),
        ({"selectors": {"cuerpo": "p"}}, "selectors.cuerpo: unknown key"),
        ({"noise": ["("]}, "noise.0: not a regular expression"),
        ({"path_rewrites": [["^/a"]]}, "path_rewrites.0.1: Field required"),
        ({"minimum_body": -1}, "minimum_body: Input should be greater than or equal to 0"),
        ({"poll_minutes": 1}, "poll_minutes: Input should be greater than or equal to 5"),
        ({"expect": {"articles_per_day": 0}}, "expect.articles_per_day: Input should be greater than 0"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, change: dict[str, object], said: str) -> None:
    data = yaml.safe_load(SMALLEST) | change
    write(folder, yaml.safe_dump(data))
    with pytest.raises(OutletError) as caught:
        load_outlets(folder)
    assert str(caught.value).startswith(f"{folder / 'prueba.yaml'}: {said}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/feed/", "must begin with http:// or https:// and a host"),
        ("ftp://prueba.example/feed", "must begin with http:// or https:// and a host"),
        ("file:///etc/passwd", "must begin with http:// or https:// and a host"),
        ("https://", "must begin with http:// or https:// and a host"),
        ("https://[::1/feed", "not a URL"),
        ("https://prueba.example/{year}/", "holds white space or a placeholder"),
        ("https://prueba.example/a b", "holds white space or a placeholder"),
    ],
)
def test_entry_points_are_whole_addresses(folder: Path, url: str, said: str) -> None:
    data = yaml.safe_load(SMALLEST)
    data["entry_points"][0]["url"] = url
    write(folder, yaml.safe_dump(data))
    with pytest.raises(OutletError, match=f"prueba.yaml: entry_points.0.url: {said}"):
        load_outlets(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be a mapping"),
        ("- a\n", "must be a mapping"),
        ("name: [", "not YAML in UTF-8"),
        (SMALLEST + "name: Otro\n", "key 'name' is given twice"),
        ("!!python/object/apply:os.getcwd []\n", "not YAML in UTF-8"),
    ],
)
def test_files_that_are_no_outlet(folder: Path, text: str, said: str) -> None:
    with pytest.raises(OutletError, match=said):
        load_outlets(write(folder, text))


def test_latin_1(folder: Path) -> None:
    (folder / "prueba.yaml").write_bytes(SMALLEST.replace("Diario", "Periódico").encode("latin-1"))
    with pytest.raises(OutletError, match="not YAML in UTF-8"):
        load_outlets(folder)


def test_the_same_entry_point_twice(folder: Path) -> None:
    line = SMALLEST.splitlines()[-1]
    with pytest.raises(OutletError, match="is given twice"):
        load_outlets(write(folder, f"{SMALLEST}{line}\n"))


def test_all_faults_of_a_file_are_named(folder: Path) -> None:
    with pytest.raises(OutletError) as caught:
        load_outlets(write(folder, SMALLEST.replace("low", "none").replace("guess", "perhaps")))
    assert [line.split(": ")[1] for line in str(caught.value).splitlines()] == [
        "confidence",
        "entry_points.0.status",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("prueba.yml", "rename it"),
        ("El Comercio.yaml", "small letters, digits and _ only"),
        ("leeme.txt", "no outlet file"),
    ],
)
def test_names_of_files(folder: Path, name: str, said: str) -> None:
    with pytest.raises(OutletError, match=said):
        load_outlets(write(folder, SMALLEST, name))


def test_no_folder(folder: Path) -> None:
    with pytest.raises(OutletError, match="no such folder"):
        load_outlets(folder / "nada")


@given(st.text(max_size=200))
def test_any_text_is_an_outlet_or_an_outlet_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("outlets")
    (folder / "prueba.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(OutletError, match=r"prueba\.yaml"):
        load_outlets(folder)


class TestSelect:
    """Choosing outlets by id."""

    @pytest.fixture
    def outlets(self, folder: Path) -> dict[str, Outlet]:
        write(folder, SMALLEST.replace("Diario de Prueba", "El Comercio"), "elcomercio.yaml")
        write(folder, SMALLEST.replace("Diario de Prueba", "La República"), "larepublica.yaml")
        write(folder, SMALLEST + "enabled: false\ndisabled_reason: closed\n", "cerrado.yaml")
        nothing = SMALLEST.partition("entry_points")[0] + "enabled: false\ndisabled_reason: nothing is known\n"
        write(folder, nothing, "vacio.yaml")
        return load_outlets(folder)

    @pytest.mark.parametrize(
        ("ids", "chosen"),
        [
            ([], ["elcomercio", "larepublica"]),
            (["larepublica", "elcomercio", "larepublica"], ["larepublica", "elcomercio"]),
            (["cerrado"], ["cerrado"]),
        ],
    )
    def test_chosen(self, outlets: dict[str, Outlet], ids: list[str], chosen: list[str]) -> None:
        assert [outlet.id for outlet in select_outlets(outlets, ids)] == chosen

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("elcomersio", "no outlet 'elcomersio': did you mean elcomercio?"),
            ("La República", "no outlet 'La República': did you mean larepublica?"),
            ("zzz", "no outlet 'zzz': `vigia outlets` lists them all"),
            ("", "no outlet '': `vigia outlets` lists them all"),
            ("vacio", "outlet 'vacio' has no entry point to crawl: nothing is known"),
        ],
    )
    def test_refused(self, outlets: dict[str, Outlet], name: str, said: str) -> None:
        with pytest.raises(OutletError) as caught:
            select_outlets(outlets, [name])
        assert str(caught.value) == said
