"""What is installed is whole: a built wheel holds data, templates and entry points."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).parents[1]


def shipped(folder: str) -> set[str]:
    """Files of a room in the repository that are no tests and no leftovers."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".md"}
    }


def test_a_wheel_holds_every_file_of_the_rooms(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    for room in ("scrapers", "nlp", "pipeline", "index_templates"):
        assert shipped(room) - held == set()
    assert not any(name.startswith(("tests/", "benchmarks/", "training/")) for name in held)


def test_every_entry_point_loads() -> None:
    names = [point.name for point in entry_points(group="spacy_factories") if point.value.startswith("nlp.")]
    assert names
    for point in entry_points(group="spacy_factories"):
        if point.value.startswith("nlp."):
            assert callable(point.load())


def test_what_collects_does_not_load_what_reads() -> None:
    """spaCy is 40 MB and half a second: the command line and a crawl do without."""
    code = "import sys, pipeline.cli.app, pipeline.run, scrapers.spider; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
