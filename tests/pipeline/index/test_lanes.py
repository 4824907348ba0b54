"""Batches of a load that are under way at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from pipeline.index.base import IndexUnavailable, PutReport
from pipeline.index.lanes import Lanes


def _put(key: str) -> PutReport:
    return PutReport(refused=((key, "no"),)) if key == "b" else PutReport(indexed=(key,))


def test_the_report_names_all_in_their_order() -> None:
    with Lanes(2) as lanes:
        for key in "abcde":
            lanes.send(_put, key)
        assert lanes.report() == PutReport(indexed=("a", "c", "d", "e"), refused=(("b", "no"),))


def test_whoever_sends_waits_for_a_slow_server() -> None:
    gate, begun = threading.Event(), []

    def slow(key: int) -> PutReport:
        gate.wait(30)
        return PutReport(indexed=(str(key),))

    def keys() -> Iterator[int]:
        for key in range(20):
            begun.append(key)
            if key == 3:  # two lanes and one that waits: the fourth is not asked for before one is done
                assert not gate.is_set()
                gate.set()
            yield key

    with Lanes(2) as lanes:
        for key in keys():
            lanes.send(slow, key)
        assert len(lanes.report().indexed) == len(begun) == 20


def test_an_error_comes_out_and_nothing_is_left_under_way() -> None:
    def fails(_: int) -> PutReport:
        raise IndexUnavailable("gone")

    def load() -> None:
        with Lanes(2) as lanes:
            for key in range(10):
                lanes.send(fails, key)

    before = threading.active_count()
    with pytest.raises(IndexUnavailable, match="gone"):
        load()
    assert threading.active_count() == before


def test_what_was_done_is_confirmed_in_order_also_when_a_batch_fails() -> None:
    confirmed: list[PutReport] = []

    def put(key: str) -> PutReport:
        if key == "c":
            raise IndexUnavailable("gone")
        return PutReport(indexed=(key,))

    def load() -> None:
        with Lanes(2, confirmed.append) as lanes:
            for key in "abcde":
                lanes.send(put, key)
            lanes.wait()

    with pytest.raises(IndexUnavailable, match="gone"):
        load()
    told = "".join(key for report in confirmed for key in report.indexed)
    assert told.startswith("ab")
    assert "c" not in told
