"""Which task to watch: the one most likely to be past its margin while the average says nothing.

The chance is that of a normal distribution around what was seen, with the standard error of the task's own interval: a
way to rank, not a verdict. What a task can do to the average is its share of the examples times its margin.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from towpath.gate.pairing import pair_up
from towpath.gate.quality import compare
from towpath.stats.estimate import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from towpath.model.evidence import Sample
    from towpath.model.runbook import Runbook


UNLIKELY = 0.05
"""Chances below this are all the same: nothing speaks for one of the tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchable:
    """A load-bearing task as a candidate for the watch task.

    Attributes:
        share: of all examples; stands in for the share of traffic, which the evidence does not know.
        seen: candidate - baseline, as a share, in the direction that is better.
        chance: that the true loss is larger than the margin.
        moves: what a loss of exactly the margin does to the average, as a share.
        hidden: whether that is inside the average's noise.
    """

    task: str
    n: int
    share: float
    seen: float
    margin: float
    chance: float
    moves: float
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Every candidate, the proposed one first.

    Attributes:
        noise: half the width of the average's interval, as a share.
        unknown: load-bearing tasks the evidence says nothing about: without margin or without pairs.
    """

    ranked: tuple[Watchable, ...]
    noise: float
    unknown: tuple[str, ...]
    confidence: float

    @property
    def best(self) -> Watchable | None:
        """The task to watch; None when nothing is known of any."""
        return self.ranked[0] if self.ranked else None

    def contradicts(self, declared: str) -> bool:
        """Whether another task is clearly the better choice: likely to be past its margin, and the declared one not.

        A declared task the evidence does not know is never contradicted.
        """
        present = next((one for one in self.ranked if one.task == declared), None)
        best = self.best
        return present is not None and best is not None and best.chance > 0.5 and present.chance < UNLIKELY


def propose(runbook: Runbook, samples: Iterable[Sample], confidence: float, seed: int = 0) -> Proposal:
    """Rank the load-bearing tasks; the same evidence gives the same ranking."""
    from scipy.stats import norm

    pairs = pair_up(samples, runbook.tasks)
    z = float(norm.ppf(0.5 + confidence / 2))
    total = sum(len(pairs[task.id].pairs) for task in runbook.tasks)
    known: list[tuple[str, int, float, float, float]] = []
    unknown, variance = [], 0.0
    for task in runbook.tasks:
        estimate = compare(task, pairs[task.id], confidence, seed).estimate
        n = len(pairs[task.id].pairs)
        if isinstance(estimate, Estimate) and total:
            error = (estimate.high - estimate.low) / (2 * z)
            variance += (n / total * error) ** 2
            if task.load_bearing and task.margin is not None:
                known.append((task.id, n, estimate.value, error, float(task.margin.value)))
                continue
        if task.load_bearing:
            unknown.append(task.id)
    noise = z * sqrt(variance)
    found = [_watchable(one, total, noise) for one in known]
    # a task that shows in the average needs no watching of its own
    declared = runbook.watch.task if runbook.watch else ""
    found.sort(key=lambda one: (not one.hidden, -_likely(one), one.task != declared, -one.chance, one.moves, one.task))
    return Proposal(ranked=tuple(found), noise=noise, unknown=tuple(unknown), confidence=confidence)


def _likely(one: Watchable) -> float:
    return one.chance if one.chance >= UNLIKELY else 0.0


def _watchable(one: tuple[str, int, float, float, float], total: int, noise: float) -> Watchable:
    from scipy.stats import norm

    task, n, seen, error, margin = one
    chance = float(norm.cdf((-margin - seen) / error)) if error > 0 else float(seen < -margin)
    moves = n / total * margin
    return Watchable(
        task=task, n=n, share=n / total, seen=seen, margin=margin, chance=chance, moves=moves, hidden=moves < noise
    )
