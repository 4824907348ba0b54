"""The guard around every reading of what others have written: no page, however strange, may end a crawl."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from scrapers.feeds import FeedError, NotAFeed
from scrapers.items import Outcome
from scrapers.layouts import NoText, PageError
from scrapers.refusals import Refused

logger = logging.getLogger(__name__)

_KINDS: Final[dict[type[Exception], Outcome]] = {NotAFeed: Outcome.NOT_A_FEED, NoText: Outcome.NO_TEXT}
T = TypeVar("T")


def guarded(url: str, read: Callable[[], T]) -> T | Refused:
    """What is read from the answer of an address, or why it cannot be."""
    try:
        return read()
    except (FeedError, PageError) as error:
        return Refused(_KINDS.get(type(error), Outcome.BROKEN), str(error))
    except Exception as error:
        logger.exception("%s: could not be read", url)
        return Refused(Outcome.BROKEN, f"fault while reading: {type(error).__name__}: {error}")
