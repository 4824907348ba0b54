"""Reading in several processes: results in order, bounded memory, and a dead worker is an error that names its text.

spaCy's own ``n_process`` neither carries our context and results nor survives to tell which text killed a worker.
"""

from __future__ import annotations

import hashlib
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING

from nlp.types import Extraction

if TYPE_CHECKING:
    from nlp.extract import Models, Text

_BATCHES_AHEAD = 3
"""Batches given out per worker beyond the one whose results are awaited; bounds what is held in memory."""


class WorkerError(RuntimeError):
    """A worker process died or failed while it read a text."""


@dataclass(slots=True)
class _Batch:
    texts: list[Text]
    results: list[Extraction] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return len(self.results) == len(self.texts)


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    batch: _Batch | None = None

    def give(self, batch: _Batch) -> None:
        self.batch = batch
        self.connection.send(batch.texts)

    def take(self) -> None:
        """Receive one result of the batch at hand."""
        assert self.batch is not None
        text = self.batch.texts[len(self.batch.results)]
        try:
            answer = self.connection.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            raise WorkerError(f"a worker died (exit code {self.process.exitcode}) on {_name(text)}") from None
        if isinstance(answer, str):
            raise WorkerError(f"a worker failed on {_name(text)}:\n{answer}")
        self.batch.results.append(answer)
        if self.batch.done:
            self.batch = None


def read_in_processes(
    models: Models, texts: Iterable[Text], *, processes: int, batch_size: int
) -> Iterator[Extraction]:
    """Extractions of ``texts`` in their order, made by ``processes`` workers with ``models`` loaded.

    Raises:
        WorkerError: a worker died or failed; the message names the text. The other workers are stopped.
    """
    workers = [_start(models) for _ in range(processes)]
    try:
        yield from _distribute(workers, iter(texts), batch_size)
    finally:
        for worker in workers:
            worker.connection.close()
        for worker in workers:
            worker.process.join(timeout=10)
            if worker.process.is_alive():
                worker.process.terminate()


def _distribute(workers: list[_Worker], texts: Iterator[Text], batch_size: int) -> Iterator[Extraction]:
    queue: deque[_Batch] = deque()
    while True:
        for worker in workers:
            if worker.batch is None and len(queue) < _BATCHES_AHEAD * len(workers):
                taken = list(islice(texts, batch_size))
                if taken:
                    queue.append(_Batch(taken))
                    worker.give(queue[-1])
        if not queue:
            return
        busy = {worker.connection: worker for worker in workers if worker.batch is not None}
        for connection in wait(list(busy)):
            busy[connection].take()  # type: ignore[index]
        while queue and queue[0].done:
            yield from queue.popleft().results


def _start(models: Models) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(models, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _work(models: Models, connection: Connection) -> None:
    """Body of a worker: read batches until the other end closes; answer one extraction, or an error text, per text.

    Texts are read one by one and answered at once, so that the parent knows on which one a worker died.
    """
    from nlp.extract import Reading, load

    nlp = load(models)
    reading = Reading(nlp)
    while True:
        try:
            texts = connection.recv()
        except EOFError:
            return
        with nlp.memory_zone():
            for text in texts:
                try:
                    answer: Extraction | str = reading.read(text)
                except Exception:  # the documented guard: the parent raises it again with the text's name
                    answer = traceback.format_exc()
                connection.send(answer)


def _name(text: Text) -> str:
    digest = hashlib.sha256(text.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"the text {text.text[:60]!r} (SHA-256 {digest}…)"
