"""Whether a page tells of what it was announced to tell of: by the title in its feed, or by the words in its address.

Walls of cookies, forms to log in, notices of maintenance and home pages that stand in for what is gone answer "200 OK" and have
paragraphs. Under the headline of a feed they would be articles that say what nobody has written.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from scrapers.noise import folded

_WORD: Final = re.compile(r"[a-z]{5,}")
_STEM: Final = 5
"""Letters by which words are compared: “balean” and “balearon” are one."""
_FEWEST: Final = 3
"""Words from which on a title says what an article is about."""
_SHARED: Final = 0.2
"""Part of them that the page has at least. Of 11,000 real articles of up to 2,500 characters 0.4 % have less, most of them cut off by a
paywall; walls have none, or one by chance."""


def tells_of(text: str, title: str, url: str) -> bool:
    """Whether a text has words of the title, or of the last part of the address, under which it was announced.

    What says too little to tell by is believed.
    """
    announced = [words for words in (_words(title), _words(_slug(url))) if len(words) >= _FEWEST]
    told = _words(text) if announced else frozenset()
    return not announced or any(len(words & told) >= max(1.0, _SHARED * len(words)) for words in announced)


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(folded(text)))


def _slug(url: str) -> str:
    return max(urlsplit(url).path.split("/"), key=len)
