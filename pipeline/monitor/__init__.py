"""How outlets are doing: what is usual for each is learned from its own history, and a change of state is told."""

from pipeline.monitor.changes import Notice, StateChange, watch_step
from pipeline.monitor.judge import coverage, judge
from pipeline.monitor.observe import observe
from pipeline.monitor.states import Answer, Look, Observed, Sample, State, Verdict, rank

__all__ = [
    "Answer",
    "Look",
    "Notice",
    "Observed",
    "Sample",
    "State",
    "StateChange",
    "Verdict",
    "coverage",
    "judge",
    "observe",
    "rank",
    "watch_step",
]
