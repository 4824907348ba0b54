"""Probabilities of tags -> spans: the best sequence in which nothing goes on that has not begun."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nlp.transformer.schema import Tags

Floats = npt.NDArray[np.float32]
Path = npt.NDArray[np.int64]


def softmax(scores: Floats) -> Floats:
    """Probabilities over the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def best_tags(logs: Floats) -> Path:
    """(pieces,) the most probable valid sequence of (pieces, tags) log probabilities.

    A valid sequence has the inner tag of a label only after its first or inner tag. Where the likeliest tags make none,
    Viterbi's algorithm reads the stretch around, up to the pieces that are outside every mention beyond doubt.
    """
    path: Path = logs.argmax(axis=1) if len(logs) else np.zeros(0, dtype=np.int64)
    wrong = _invalid(path)
    if not len(wrong):
        return path
    edges = np.concatenate([[-1], _outside(logs), [len(logs)]])
    for at in np.unique(np.searchsorted(edges, wrong)):
        first, last = int(edges[at - 1]) + 1, int(edges[at])
        path[first:last] = _viterbi(logs[first:last])
    return path


def _invalid(path: Path) -> Path:
    """Where an inner tag goes on what has not begun."""
    before = np.concatenate([[0], path[:-1]])
    goes_on = (path > 0) & (path % 2 == 0)
    return np.flatnonzero(goes_on & (before != path) & (before != path - 1))


def _outside(logs: Floats) -> Path:
    """Pieces that lie outside in a most probable sequence whatever stands around them.

    To put such a piece outside wins more than is lost by letting the next piece begin a mention that it would go on.
    """
    wins = logs[:, 0] - logs[:, 1:].max(axis=1)
    losses = np.append((logs[1:, 2::2] - logs[1:, 1::2]).max(axis=1, initial=0.0), 0.0)
    return np.flatnonzero(wins > losses)


def _viterbi(logs: Floats) -> Path:
    pieces, tags = logs.shape
    inner = np.arange(2, tags, 2)
    best = logs[0].astype(np.float64)
    best[inner] = -np.inf
    back = np.zeros((pieces, tags), dtype=np.int64)
    for at in range(1, pieces):
        top = int(best.argmax())
        back[at] = top
        reached = np.full(tags, best[top])
        begun, gone_on = best[inner - 1], best[inner]
        back[at, inner] = np.where(begun >= gone_on, inner - 1, inner)
        reached[inner] = np.maximum(begun, gone_on)
        best = reached + logs[at]
    path = np.empty(pieces, dtype=np.int64)
    path[-1] = best.argmax()
    for at in range(pieces - 1, 0, -1):
        path[at - 1] = back[at, path[at]]
    return path


def spans_of(path: npt.NDArray[np.int64], tags: Tags) -> list[tuple[int, int, str]]:
    """(first piece, after the last piece, label) of every span in a valid sequence."""
    found: list[tuple[int, int, str]] = []
    for at in np.flatnonzero(path):
        tag = int(path[at])
        label = tags.labels[(tag - 1) // 2]
        if tag % 2 == 0 and found and found[-1][1] == at and found[-1][2] == label:
            found[-1] = (found[-1][0], int(at) + 1, label)
        else:
            found.append((int(at), int(at) + 1, label))
    return found
