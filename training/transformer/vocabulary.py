"""Which of the base's 250,002 pieces a model of Spanish crime news needs.

Single characters of the Latin script, marks and figures always; beyond them the pieces that Spanish text is cut into most
often: the words of the package wordfreq by their frequency (code Apache-2.0, lists CC BY-SA 4.0; only pieces are chosen by them),
in lower case, as a title and in capitals, and the project's own training articles.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tokenizers import Tokenizer

from training.transformer.base import Base, tokenizer_of

PIECES = 18_000
_WORDS = 150_000
_SPELLINGS = {str.lower: 1.0, str.title: 0.2, str.upper: 0.03}
"""Ways that a word is written, with how often against the first (estimated on the training articles)."""
_ARTICLE_WEIGHT = 2e-6
"""What one occurrence in an article counts: articles are few, and names of places and gangs stand nowhere else."""
_FIGURES = re.compile(r"[0-9.,:/%$€£S]{1,4}")


def choose(base: Base, articles: Iterable[str], pieces: int = PIECES) -> list[int]:
    """Rows of the base's vocabulary to keep, in order."""
    from wordfreq import iter_wordlist, word_frequency

    tokenizer = Tokenizer.from_str(tokenizer_of(base))
    kept = {*base.marks.values(), *(row for row, piece in enumerate(base.pieces) if _always(piece))}
    weights: defaultdict[int, float] = defaultdict(float)
    words = [word for word, _ in zip(iter_wordlist("es", "best"), range(_WORDS), strict=False)]
    for spelled, share in _SPELLINGS.items():
        for word, read in zip(words, tokenizer.encode_batch([spelled(word) for word in words]), strict=True):
            frequency = word_frequency(word, "es") * share
            for row in read.ids:
                weights[row] += frequency
    for read in tokenizer.encode_batch(list(articles)):
        for row in read.ids:
            weights[row] += _ARTICLE_WEIGHT
    most = (row for row in sorted(weights, key=weights.__getitem__, reverse=True) if row not in kept)
    kept.update(row for row, _ in zip(most, range(pieces - len(kept)), strict=False))
    return sorted(kept)


def _always(piece: str) -> bool:
    bare = piece.replace("▁", "")
    return (len(bare) <= 1 and (not bare or ord(bare) < 0x250 or 0x2000 <= ord(bare) < 0x2200)) or bool(
        _FIGURES.fullmatch(bare)
    )
