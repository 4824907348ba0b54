"""Relevance that fades with age, by one formula for both backends: halved after thirty days, a third after sixty, and so on.

What has no date counts as very old: it comes after what is dated, unless it is far more relevant.
"""

from __future__ import annotations

from ctypes import c_float
from datetime import datetime
from typing import Any, Final

from pipeline.index.flatten import TIE_BITS

HALF_AGE: Final = 30 * 24 * 3600
"""Seconds after which relevance counts half."""
_SCRIPT: Final = (
    "double age = Math.max(0L, params.now - (doc['recency'].value >> params.tie));"
    "return _score / (1.0 + age / params.half);"
)


def faded(score: float, recency: int, now: datetime) -> float:
    """The relevance of an entry, given what it is without regard to age. Never more than that. In single precision."""
    age = max(0, int(now.timestamp()) - (recency >> TIE_BITS))
    return c_float(score / (1.0 + age / HALF_AGE)).value


def faded_query(query: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The same for Elasticsearch: a query around a query."""
    params = {"now": int(now.timestamp()), "tie": TIE_BITS, "half": float(HALF_AGE)}
    return {"script_score": {"query": query, "script": {"source": _SCRIPT, "params": params}}}
