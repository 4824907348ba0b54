"""The guard around every reading of what others have written: no page, however strange, may end a crawl or hold it up."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from scrapers.feeds import FeedError, NotAFeed
from scrapers.items import Outcome
from scrapers.layouts import NoText, PageError
from scrapers.refusals import Refused

logger = logging.getLogger(__name__)

LONGEST: Final = 20.0
"""Seconds of processor time that one answer is read for. Pages of the press take less than one."""
_KINDS: Final[dict[type[Exception], Outcome]] = {NotAFeed: Outcome.NOT_A_FEED, NoText: Outcome.NO_TEXT}
T = TypeVar("T")


class TooSlow(Refused):
    """An answer that would keep the crawl busy: parsers need time with the square of some things that a page can hold."""

    def __init__(self, seconds: float) -> None:
        super().__init__(Outcome.BROKEN, f"not read to its end within {seconds:g} s of processor time")


class _Over(BaseException):
    """The time is up; no ``except Exception`` of a parser may stand in its way."""


def guarded(url: str, read: Callable[[], T], longest: float = LONGEST) -> T | Refused:
    """What is read from the answer of an address, or why it cannot be."""
    try:
        with _at_most(longest):
            return read()
    except _Over:
        logger.warning("%s: not read to its end within %g s of processor time", url, longest)
        return TooSlow(longest)
    except (FeedError, PageError) as error:
        return Refused(_KINDS.get(type(error), Outcome.BROKEN), str(error))
    except RecursionError:  # without its thousand lines in the log
        logger.warning("%s: nested too deeply to be read", url)
        return Refused(Outcome.BROKEN, "nested too deeply to be read")
    except Exception as error:
        logger.exception("%s: could not be read", url)
        return Refused(Outcome.BROKEN, f"fault while reading: {type(error).__name__}: {error}")


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise :class:`_Over` within, when it takes longer. In threads beside the main one, which get no signals, there is no bound."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    bounded = True

    def over(*_: object) -> None:
        if bounded:
            raise _Over

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        bounded = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
