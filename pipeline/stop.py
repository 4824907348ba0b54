"""How long work is told to end, and tells how far it is."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
Progress = Callable[[str, int, int], None]
"""Called with a step, how much of it is done, and how much there is (0: not known)."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Progress for nobody."""


@dataclass(slots=True)
class Stop:
    """Whether to end before the work is done: out of time, or told to by a signal. Asked between articles."""

    seconds: float | None = None
    """Time for all of the work; ``None``: as long as it takes."""
    signalled: bool = False
    _begun: float = field(default_factory=time.monotonic)

    def due(self, share: float = 1.0) -> bool:
        """Whether to stop; with a share, whether that part of the time has passed."""
        return self.signalled or self.seconds_left(share) == 0

    def seconds_left(self, share: float = 1.0) -> float | None:
        """Until that part of the time has passed."""
        if self.seconds is None:
            return None
        return max(0.0, self._begun + self.seconds * share - time.monotonic())

    @contextmanager
    def by_signal(self) -> Iterator[None]:
        """Let SIGTERM and SIGINT ask for the stop; the second one ends the process at once, which the archive survives."""

        def ask(number: int, _frame: FrameType | None) -> None:
            self.signalled = True
            signal.signal(number, signal.SIG_DFL)

        with kept_signals():
            for number in STOP_SIGNALS:
                signal.signal(number, ask)
            yield


@contextmanager
def kept_signals() -> Iterator[None]:
    """Afterwards the signals that stop us go where they went before, whatever was installed meanwhile."""
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
