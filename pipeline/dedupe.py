"""Near-identical articles: the same wire story in ten outlets is one story.

Texts are compared by MinHash signatures of their word shingles (datasketch). A story's id is the id of its earliest
article, so that groups do not change their name when an article joins them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


def stories(signatures: Iterable[Signature]) -> dict[str, str]:
    """Article id -> story id, for all articles given: the same articles give the same stories in whatever order they come."""
    ordered = sorted(signatures, key=lambda signature: (signature.published, signature.article_id))
    index = MinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS)
    sketches: dict[str, LeanMinHash] = {}
    moments: dict[str, datetime] = {}
    story_of: dict[str, str] = {}
    for signature in ordered:
        sketch = LeanMinHash.deserialize(bytearray(signature.hashes))
        earlier = [
            other
            for other in index.query(sketch)
            if signature.published - moments[other] <= WINDOW and sketch.jaccard(sketches[other]) >= SIMILAR
        ]
        first = min(earlier, key=lambda other: (moments[other], other), default=None)
        story_of[signature.article_id] = story_of[first] if first else signature.article_id
        index.insert(signature.article_id, sketch)
        sketches[signature.article_id] = sketch
        moments[signature.article_id] = signature.published
    return story_of
