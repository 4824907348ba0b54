"""``python -m benchmarks``: the tables that need nothing from outside, one after the other.

The others take a folder or file that is not in the repository: ``python -m benchmarks.page_extraction FOLDER``,
``python -m benchmarks.gazetteer_error LIST.csv``, ``python -m benchmarks.evaluate --scorer FILE --gold PATH``.
"""

from __future__ import annotations

import subprocess
import sys

TABLES = ("whole_run", "reading", "indexing", "merging", "alerts", "crawling")


def main() -> int:
    """Run each in a process of its own, so that its memory is its own; return how many failed."""
    return sum(subprocess.call([sys.executable, "-m", f"benchmarks.{name}"]) != 0 for name in TABLES)


if __name__ == "__main__":
    sys.exit(main())
