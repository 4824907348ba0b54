"""A few batches of a load under way at once; no more, so that a slow server holds up the one who sends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from pipeline.index.base import Confirm, PutReport, unheard


class Lanes:
    """Use as a context: an error of any batch comes out of the next call, and nothing is under way when the block ends.

    ``confirm`` is told of each batch that was done, in order and by the thread that sends.
    """

    def __init__(self, number: int, confirm: Confirm = unheard) -> None:
        self._number, self._confirm = number, confirm
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="vigia-load")
        self._under_way: deque[Future[PutReport]] = deque()
        self._reports: list[PutReport] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        for batch in self._under_way:  # after an error, for whoever keeps book of what was done
            if not batch.cancelled() and batch.exception() is None:
                self._confirm(batch.result())

    def send(self, work: Callable[..., PutReport], *batch: Any) -> None:
        """Begin with a batch, as soon as there is a lane for it."""
        while len(self._under_way) > self._number:  # one more, so that no lane stands empty
            self._settle()
        self._under_way.append(self._pool.submit(work, *batch))

    def wait(self) -> None:
        """Until all that was sent is done."""
        while self._under_way:
            self._settle()

    def report(self) -> PutReport:
        """The sum, once all is done."""
        self.wait()
        return PutReport(
            indexed=tuple(key for report in self._reports for key in report.indexed),
            refused=tuple(pair for report in self._reports for pair in report.refused),
            overtaken=tuple(key for report in self._reports for key in report.overtaken),
        )

    def _settle(self) -> None:
        report = self._under_way.popleft().result()
        self._confirm(report)
        self._reports.append(report)
