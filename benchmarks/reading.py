"""Speed and memory of the reading, against the stock spaCy pipeline on the same texts in the same run.

    python -m benchmarks.reading [ARTICLES.JSONL…] [--seconds 10]

The articles are those of the local newsroom unless others are named. Words are runs of non-space characters. Each row is
measured in a process of its own, in processor time on one core; only two processes are measured by the clock, which
means something on a quiet machine with two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nlp.extract import MODELS, Models, Text, extract_many, load
from nlp.triage import triage

DEFAULT = Path("tests/newsroom/articles")
BATCH = 64
RULES = "rules, one process"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="*", default=sorted(DEFAULT.glob("*.jsonl")))
    parser.add_argument("--seconds", type=float, default=8.0, help="for each row, at least")
    arguments = parser.parse_args()
    texts = [text for file in arguments.articles for text in _read(file)]
    if not texts:
        parser.error("no articles: name files of JSON lines with title, body and published_at")
    rows = {
        "stock pipeline, full": _stock,
        RULES: partial(_one_process, models=Models(transformer=False)),
        "rules, two processes": partial(_two_processes, models=Models(transformer=False)),
        "with the transformer": partial(_one_process, models=Models()),
        "with it, two processes": partial(_two_processes, models=Models()),
        "transformer alone": _transformer_alone,
        "triage alone": _triage_alone,
    }
    measured = {name: _apart(job, texts, arguments.seconds) for name, job in rows.items()}
    _show(measured, texts)
    return 0


def _read(file: Path) -> list[Text]:
    articles = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Text(text=f"{a['title']}\n\n{a['body']}", published=datetime.fromisoformat(a["published_at"])) for a in articles
    ]


Job = Callable[[list[Text], float], float]


def _apart(job: Job, texts: list[Text], seconds: float) -> tuple[float, float]:
    """Words per second, and peak memory in MB of the process with its children."""
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measured, args=(job, texts, seconds, theirs))
    process.start()
    result: tuple[float, float] = ours.recv()
    process.join()
    return result


def _measured(job: Job, texts: list[Text], seconds: float, connection: Connection) -> None:
    speed = job(texts, seconds)
    usages = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    connection.send(
        (speed, max(usages) / (1 if sys.platform == "darwin" else 1024) / (1024 if sys.platform == "darwin" else 1))
    )


def _words(texts: list[Text]) -> int:
    return sum(len(text.text.split()) for text in texts)


def _stock(texts: list[Text], seconds: float) -> float:
    import spacy

    nlp = spacy.load(next(name for name in MODELS if spacy.util.is_package(name)))
    return _timed(lambda batch: list(nlp.pipe([text.text for text in batch], batch_size=BATCH)), texts, seconds)


def _one_process(texts: list[Text], seconds: float, models: Models) -> float:
    nlp = load(models)
    return _timed(lambda batch: list(extract_many(nlp, batch, batch_size=BATCH)), texts, seconds)


def _two_processes(texts: list[Text], seconds: float, models: Models) -> float:
    """Steady speed: from the first result, when the workers have loaded, to the last."""
    nlp = load(models)
    wanted = max(400, int(40 * seconds))
    many = list(islice(cycle(texts), wanted))
    results = extract_many(nlp, many, processes=2, batch_size=16)
    for _ in islice(results, 64):
        pass
    started = time.perf_counter()
    done = sum(1 for _ in results)
    elapsed = time.perf_counter() - started
    return _words(many[-done:]) / elapsed


def _transformer_alone(texts: list[Text], seconds: float) -> float:
    from nlp.transformer.reading import Reader
    from nlp.transformer.store import read_shipped

    reader = Reader(read_shipped())
    return _timed(lambda batch: [reader.read(text.text).spans() for text in batch], texts, seconds)


def _triage_alone(texts: list[Text], seconds: float) -> float:
    return _timed(lambda batch: [triage(text.text) for text in batch], texts, seconds)


def _timed(read: Callable[[list[Text]], object], texts: list[Text], seconds: float) -> float:
    """Words per second of processor time, so that what else runs on the machine does not count."""
    read(texts)
    words = 0
    started = time.process_time()
    for batch in _endless(texts):
        read(batch)
        words += _words(batch)
        if time.process_time() - started >= seconds:
            break
    return words / (time.process_time() - started)


def _endless(texts: list[Text]) -> Iterator[list[Text]]:
    while True:
        yield texts


def _show(measured: dict[str, tuple[float, float]], texts: list[Text]) -> None:
    stock, own = measured["stock pipeline, full"][0], measured[RULES][0]
    table = Table("", "words/s", "against stock", "against one process", "peak MB")
    for name, (speed, memory) in measured.items():
        table.add_row(name, f"{speed:,.0f}", f"{speed / stock:.2f}", f"{speed / own:.2f}", f"{memory:,.0f}")
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(f"{len(texts)} articles, {_words(texts):,} words, {os.cpu_count()} cores", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
