"""Near-identical articles: the same wire story in ten outlets is one story.

Texts are compared by MinHash signatures of their word shingles (datasketch). A story's id is the id of its earliest
article, so that groups do not change their name when an article joins them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from datasketch import LeanMinHash, MinHash, MinHashLSH

from nlp.lexicon import fold

PERMUTATIONS = 128
SHINGLE_WORDS = 4
SIMILAR = 0.6
"""Estimated Jaccard similarity of shingles from which two articles are one story: an agency's text with a new headline and
a cut last paragraph stays above it, two reports of the same event in different words stay far below."""
WINDOW = timedelta(days=10)
"""Articles further apart than this are not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What has to be kept of an article to compare it later."""

    article_id: str
    published: datetime
    hashes: bytes
    """Serialized ``LeanMinHash``."""


def sign(article_id: str, published: datetime, body: str) -> Signature:
    """The signature of an article's body; the headline is each outlet's own and left out."""
    words = fold(body).split()
    count = max(1, len(words) - SHINGLE_WORDS + 1)
    sketch = MinHash(num_perm=PERMUTATIONS)
    sketch.update_batch([" ".join(words[i : i + SHINGLE_WORDS]).encode() for i in range(count)])
    lean = LeanMinHash(sketch)
    buffer = bytearray(lean.bytesize())
    lean.serialize(buffer)
    return Signature(article_id=article_id, published=published, hashes=bytes(buffer))


@dataclass(slots=True)
class _Text:
    """One text and the articles within the window that carry it, word for word: moment, id, story."""

    sketch: LeanMinHash
    articles: deque[tuple[datetime, str, str]] = field(default_factory=deque)


class StoryWindow:
    """The articles of the last days, to which those that follow are compared. Whatever is older is forgotten.

    Articles come in order of publication, those of one moment in order of id.
    """

    def __init__(self) -> None:
        self._index = MinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS)
        self._texts: dict[bytes, _Text] = {}
        self._ages: deque[tuple[datetime, bytes]] = deque()

    def find(self, signature: Signature) -> str:
        """Take in an article; the id of its story: that of the earliest article like it, else its own."""
        self._forget(signature.published)
        sketch = _sketch(signature)
        candidates = [self._texts[hashes] for hashes in self._index.query(sketch)]
        candidates.sort(key=lambda text: text.articles[0])
        like = (text for text in candidates if sketch.jaccard(text.sketch) >= SIMILAR)
        first = next(like, None)
        story = first.articles[0][2] if first else signature.article_id
        self._take(signature, story, sketch)
        return story

    def keep(self, signature: Signature, story: str) -> None:
        """Take in an article whose story is known."""
        self._forget(signature.published)
        self._take(signature, story, None)

    def _take(self, signature: Signature, story: str, sketch: LeanMinHash | None) -> None:
        text = self._texts.get(signature.hashes)
        if text is None:
            text = self._texts[signature.hashes] = _Text(sketch or _sketch(signature))
            self._index.insert(signature.hashes, text.sketch)
        text.articles.append((signature.published, signature.article_id, story))
        self._ages.append((signature.published, signature.hashes))

    def _forget(self, now: datetime) -> None:
        while self._ages and now - self._ages[0][0] > WINDOW:
            _, hashes = self._ages.popleft()
            text = self._texts[hashes]
            text.articles.popleft()
            if not text.articles:
                self._index.remove(hashes)
                del self._texts[hashes]


def _sketch(signature: Signature) -> LeanMinHash:
    return LeanMinHash.deserialize(bytearray(signature.hashes))


def stories(signatures: Iterable[Signature]) -> dict[str, str]:
    """Article id -> story id, for all articles given: the same articles give the same stories in whatever order they come."""
    window = StoryWindow()
    ordered = sorted(signatures, key=lambda signature: (signature.published, signature.article_id))
    return {signature.article_id: window.find(signature) for signature in ordered}
