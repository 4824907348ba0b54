"""Many queries asked of a few records, for alerts: which of the records each query finds.

The records go into an index in memory with the fields of the real one. A part of a query, such as a crime or a word, is looked
up once, however many queries share it; what it finds is a set of bits, and queries are put together from these sets. What is
found is what a search of either backend would find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_

import tantivy

from pipeline.index.base import Kind, Record
from pipeline.index.flatten import id_of
from pipeline.index.plan import All, AtLeast, Best, Clause, Never, Plan
from pipeline.index.plan import Any as AnyOf
from pipeline.index.tantivy_query import clause_query
from pipeline.index.tantivy_store import HEAP, Reader, Writer, new_index, place_of, prepare


class Sieve:
    """Some records of one kind. Of a query counts what it finds: no order, no pages, no facets."""

    def __init__(self, kind: Kind, records: Sequence[Record]) -> None:
        self._kind = kind
        self.refused: list[tuple[str, str]] = []
        """Id and reason of each record that no query finds, because an index cannot hold it."""
        self._reader = Reader(self._filled(records))
        found = self._reader.by_recency(tantivy.Query.all_query(), max(len(records), 1), oldest_first=False).hits
        self._ids = [self._reader.stored(address)[0] for _, address in found]
        self._bit = {place_of(address): 1 << at for at, (_, address) in enumerate(found)}
        self._all = (1 << len(found)) - 1
        self._having: dict[Clause, int] = {}

    def find(self, plan: Plan) -> list[str]:
        """Ids of the records that a query finds, by its plan; the newest first."""
        parts = plan.filters if plan.match is None else (*plan.filters, plan.match)
        found = reduce(and_, map(self._matching, parts), self._all)
        return [self._ids[at] for at in _set_bits(found)]

    def _filled(self, records: Sequence[Record]) -> tantivy.Index:
        index = new_index(self._kind)
        writer = index.writer(HEAP[self._kind], 1)
        gathering = Writer(writer, index)
        for record in records:
            try:
                gathering.put(prepare(self._kind, record))
            except ValueError as error:
                self.refused.append((id_of(record), str(error)))
        writer.commit()
        index.reload()
        return index

    def _matching(self, clause: Clause) -> int:
        match clause:
            case All(parts):
                return reduce(and_, map(self._matching, parts), self._all)
            case AnyOf(parts):
                return reduce(or_, map(self._matching, parts), 0)
            case Best(parts):
                return reduce(or_, (self._matching(part) for part, _ in parts), 0)
            case AtLeast(number, parts):
                return _in_at_least(number, [self._matching(part) for part in parts])
            case Never(part):
                return self._all & ~self._matching(part)
            case _:
                if clause not in self._having:
                    self._having[clause] = self._look_up(clause)
                return self._having[clause]

    def _look_up(self, clause: Clause) -> int:
        asked = clause_query(self._reader.schema, clause)
        found = self._reader.by_recency(asked, max(len(self._ids), 1), oldest_first=False).hits
        return reduce(or_, (self._bit[place_of(address)] for _, address in found), 0)


def _in_at_least(number: int, sets: Sequence[int]) -> int:
    having = Counter(at for bits in sets for at in _set_bits(bits))
    return reduce(or_, (1 << at for at, times in having.items() if times >= number), 0)


def _set_bits(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
