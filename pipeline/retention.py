"""Which raw responses are kept, by age and size.

What the newest version of an article was read from stays, unless asked otherwise: it is the evidence, and what a better parser
would read again. Texts, versions and what was read out of them are never removed here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.archive.keeping import Keeping, KeptExchange
from pipeline.stop import Progress, Stop, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may go."""

    older_than: datetime | None = None
    """Responses that were last the answer before this moment."""
    max_bytes: int | None = None
    """Of all WARC files together: the oldest go first."""
    even_newest: bool = False
    """Also what newest versions of articles were read from."""


@dataclass(slots=True, kw_only=True)
class PruneReport:
    """What went, or would go."""

    bytes_before: int = 0
    bytes_removed: int = 0
    """Of responses; headers of files may make a small difference."""
    responses_removed: int = 0
    files_removed: int = 0
    files_rewritten: int = 0
    over: int = 0
    """Bytes above the limit that nothing could be removed for."""
    left: bool = False
    """The stop came before the end."""


@dataclass(slots=True, kw_only=True)
class _Pruning:
    keeping: Keeping
    policy: Policy
    excess: int
    report: PruneReport = field(default_factory=PruneReport)

    def chosen(self, exchanges: list[KeptExchange]) -> list[KeptExchange]:
        """What goes of a file."""
        going = []
        for one in exchanges:
            free = self.policy.even_newest or not one.needed
            old = self.policy.older_than is not None and one.at < self.policy.older_than
            if free and (old or self.excess > 0):
                going.append(one)
                self.excess -= one.pointer.length
        return going

    def file(self, file: str, *, dry_run: bool) -> None:
        """Remove what is to go of a file."""
        exchanges = self.keeping.exchanges(file)
        going = {one.pointer for one in self.chosen(exchanges)}
        if not going:
            return
        kept = [one.pointer for one in exchanges if one.pointer not in going]
        self.report.responses_removed += len(going)
        self.report.bytes_removed += sum(pointer.length for pointer in going)
        self.report.files_removed += not kept
        self.report.files_rewritten += bool(kept)
        if not dry_run:
            self.keeping.keep_only(file, kept)


def prune(
    keeping: Keeping,
    policy: Policy,
    *,
    dry_run: bool = False,
    stop: Stop | None = None,
    progress: Progress = silent,
) -> PruneReport:
    """Remove raw responses that the policy gives up. The caller holds the lock: nobody writes meanwhile."""
    if not dry_run:
        for file in keeping.leftovers():
            keeping.remove_file(file)
    sizes = keeping.sizes()
    total = sum(sizes.values())
    excess = 0 if policy.max_bytes is None else max(0, total - policy.max_bytes)
    pruning = _Pruning(keeping=keeping, policy=policy, excess=excess)
    pruning.report.bytes_before = total
    for done, file in enumerate(sizes):
        if stop is not None and stop.due():
            pruning.report.left = True
            break
        pruning.file(file, dry_run=dry_run)
        progress("prune", done + 1, len(sizes))
    pruning.report.over = max(0, pruning.excess)
    return pruning.report
