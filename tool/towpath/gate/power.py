"""What an evaluation could decide, asked before money is spent on it.

1. Take the stage's eval section and the newest results that measured these very models, if there are any.
2. For every load-bearing task: how much the models differ, measured or else assumed.
3. From that: the smallest drop that shows, the examples its margin needs, the chance of an equal candidate.
4. All tasks have to pass, so their chances multiply (an intersection-union test; tasks have no example in common).
5. For every stage with live traffic: what a watcher of its calls can see before the bake ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Literal

from towpath.gate.binding import why_refused
from towpath.gate.entering import stage_to_enter
from towpath.gate.normal_form import evidence_for
from towpath.gate.pairing import pair_up
from towpath.gate.quality import Compared, compare
from towpath.model.errors import UsageError
from towpath.stats.estimate import Estimate
from towpath.stats.power import (
    calls_to_see,
    chance_to_pass,
    chance_to_pass_mean,
    fewest_pairs,
    pairs_for_margin,
    smallest_drop,
    watched_half_width,
)

if TYPE_CHECKING:
    from towpath.model.evidence import Evidence
    from towpath.model.runbook import RollbackSection, Runbook, Stage, Task, Trigger
    from towpath.model.snapshot import Snapshot

POWER = 0.8
ASSUMED = 0.13
"""Share of examples that two neighbouring strong models answer differently: between .07 and .16 where it was seen."""

SPREAD = 0.5
"""Standard deviation of one live call: the largest that a rate can have."""

LIVE_ALPHA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How much the models differ on a task.

    Attributes:
        variance: of one example's difference; for right and wrong the share of examples that differ.
        units_per_example: 1, or clusters over examples.
    """

    kind: Literal["binary", "graded", "clustered"]
    variance: float
    measured: bool
    n: int = 0
    units_per_example: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPower:
    """What the examples at hand can decide about one task.

    Attributes:
        n: examples at hand; 0 when none are known.
        variance: see `Spread`.
        drop: smallest true loss seen as worse with 80 % power; None when none is.
        fewest: examples under which not even equal answers pass, only more won than lost; None unless binary.
        needed: examples that pass an equal candidate with 80 % chance.
        needed_together: the same for all tasks at once with 80 %.
        chance: that an equal candidate passes with n.
    """

    task: str
    watch: bool
    margin: float | None
    kind: Literal["binary", "graded", "clustered"]
    measured: bool
    variance: float
    n: int
    drop: float | None = None
    fewest: int | None = None
    needed: int | None = None
    needed_together: int | None = None
    chance: float = 0.0

    @property
    def possible(self) -> bool:
        """Whether so many examples would pass if no answer differed; under that a pass takes luck or a gain."""
        return self.margin is not None and self.n > 0 and self.n >= (self.fewest or 2)

    @property
    def reachable(self) -> bool:
        """Whether an equal candidate passes with about 80 % chance."""
        return self.possible and self.needed is not None and self.n >= self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePower:
    """What one trigger of a live stage can see before the bake ends.

    Attributes:
        calls: of the candidate within the bake that the trigger can look at; None when the traffic is not declared.
        drop: smallest change seen within the bake, as a share; None without calls.
        worse_by: what the trigger asks for; None when it names no points.
        needed: calls that show it.
        days: days that take so many calls.
    """

    stage: str
    percent: float
    trigger: str
    calls: int | None
    bake_days: float | None
    drop: float | None = None
    worse_by: float | None = None
    needed: int | None = None
    days: float | None = None

    @property
    def decides(self) -> bool:
        """Whether the trigger can tell within the bake."""
        return self.calls is not None and self.needed is not None and self.calls >= self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerReport:
    """The answer for one runbook. `all_pass` is the chance that an equal candidate passes every margin."""

    runbook: str
    stage: str
    confidence: float
    evidence: str
    tasks: tuple[TaskPower, ...]
    all_pass: float
    live: tuple[LivePower, ...]

    @property
    def reachable(self) -> bool:
        """Whether every margin is reachable; without a task there is nothing to reach."""
        return bool(self.tasks) and all(task.reachable for task in self.tasks)


def power_for(
    snapshot: Snapshot,
    runbook: Runbook,
    stage_name: str | None = None,
    *,
    discordance: float | None = None,
    examples: int | None = None,
) -> PowerReport:
    """The answer; the steps are numbered as above.

    Args:
        discordance: assumed for tasks without results; `ASSUMED` unless given.
        examples: of every task, instead of those at hand.

    Raises:
        UsageError: no such stage, no next one, or it has no eval section with a known suite.
        EvidenceRefused: an evidence file is malformed.
    """
    stage = stage_to_enter(runbook, stage_name)  # 1
    suite = runbook.suite(stage.eval.suite) if stage.eval else None
    if stage.eval is None or suite is None:
        raise UsageError(
            f"stage {stage.name} of {runbook.id} has no eval section with a known suite", "see: towpath lint"
        )
    confidence = float(stage.eval.confidence.value)
    held = evidence_for(snapshot.files, runbook.id, suite.name, snapshot.settings.evidence)
    fitting = next(
        (one for one in reversed(held) if not why_refused(one.binding, runbook, suite, snapshot.files, snapshot.now)),
        None,
    )
    watch = runbook.watch.task if runbook.watch else ""
    bearing = sorted((task for task in runbook.tasks if task.load_bearing), key=lambda task: task.id != watch)
    spreads = _spreads(runbook, bearing, fitting, confidence, ASSUMED if discordance is None else discordance)  # 2
    tasks = tuple(  # 3
        _task_power(task, spreads[task.id], examples, confidence, len(bearing), len(runbook.tasks), watch=watch)
        for task in bearing
    )
    return PowerReport(
        runbook=runbook.id,
        stage=stage.name,
        confidence=confidence,
        evidence=fitting.path if fitting else "",
        tasks=tasks,
        all_pass=prod(task.chance for task in tasks) if tasks else 0.0,  # 4
        live=tuple(  # 5
            seen
            for one in runbook.stages
            if one.percent and (stage_name is None or one.name == stage_name)
            for seen in _live(runbook, one)
        ),
    )


def _spreads(
    runbook: Runbook, tasks: list[Task], evidence: Evidence | None, confidence: float, assumed: float
) -> dict[str, Spread]:
    fallback = Spread(kind="binary", variance=assumed, measured=False)
    if evidence is None:
        return {task.id: fallback for task in tasks}
    found = pair_up(evidence.samples, runbook.tasks)
    return {
        task.id: _measured(compare(task, found[task.id], confidence, 0), confidence)
        or Spread(kind="binary", variance=assumed, measured=False, n=len(found[task.id].pairs))
        for task in tasks
    }


def _measured(one: Compared, confidence: float) -> Spread | None:
    n = len(one.found.pairs)
    if not isinstance(one.estimate, Estimate):
        return None
    if one.lost is not None and one.won is not None and not one.found.clustered:
        # no difference among n does not mean there is none: one more example might be the first (Laplace)
        return Spread(kind="binary", variance=(one.lost + one.won) / n or 1 / (n + 2), measured=True, n=n)
    from scipy.stats import t

    units = one.estimate.n
    error = (one.estimate.value - one.estimate.lower) / float(t.ppf(confidence, units - 1))
    kind: Literal["clustered", "graded"] = "clustered" if one.found.clustered else "graded"
    return Spread(kind=kind, variance=n * error * error, measured=True, n=n, units_per_example=units / n)


def _task_power(
    task: Task, spread: Spread, examples: int | None, confidence: float, together: int, tested: int, *, watch: str
) -> TaskPower:
    n = spread.n if examples is None else examples
    margin = None if task.margin is None else float(task.margin.value)
    if margin is None or margin <= 0:
        needed = fewest = needed_together = None
        chance = 0.0
    else:
        fewest = fewest_pairs(margin, confidence=confidence) if spread.kind == "binary" else None
        needed, needed_together = (
            max(fewest or 2, pairs_for_margin(spread.variance, margin, confidence=confidence, power=power))
            for power in (POWER, POWER ** (1 / together))
        )
        chance = _chance(spread, n, margin, confidence)
    return TaskPower(
        task=task.id,
        watch=task.id == watch,
        margin=margin,
        kind=spread.kind,
        measured=spread.measured,
        variance=spread.variance,
        n=n,
        # Holm's first step: the gate corrects "worse" over all tasks
        drop=smallest_drop(spread.variance, n, confidence=1 - (1 - confidence) / tested, power=POWER),
        fewest=fewest,
        needed=needed,
        needed_together=needed_together,
        chance=chance,
    )


def _chance(spread: Spread, n: int, margin: float, confidence: float) -> float:
    if n < 2:
        return 0.0
    if spread.kind == "binary":
        return chance_to_pass(spread.variance, n, margin, confidence=confidence)
    units = max(2, round(n * spread.units_per_example))
    return chance_to_pass_mean((spread.variance / n) ** 0.5, units - 1, margin, confidence=confidence)


def _live(runbook: Runbook, stage: Stage) -> list[LivePower]:
    section = stage.rollback
    triggers = [one for one in section.when if one.worse_by is not None] if section else []
    return [_seen(runbook, stage, section, trigger) for trigger in triggers] or [_seen(runbook, stage, section, None)]


def _seen(runbook: Runbook, stage: Stage, section: RollbackSection | None, trigger: Trigger | None) -> LivePower:
    """One trigger; a trigger on tasks is taken to see an even part of the calls."""
    share = float(stage.percent or 0) / 100
    alpha = float(section.alpha.value) if section and section.alpha else LIVE_ALPHA
    # against everybody else at the same time; at 100 % against the fixed earlier rate
    spread = SPREAD if share >= 1 else SPREAD * (1 + share / (1 - share)) ** 0.5
    days = stage.bake.total_seconds() / 86400 if stage.bake else None
    part = len(runbook.tasks) if trigger and trigger.tasks and runbook.tasks else 1
    daily = runbook.feature.calls_per_day * share / part
    calls = int(daily * days) if daily and days else None
    worse_by = float(trigger.worse_by.value) if trigger and trigger.worse_by else None
    needed = calls_to_see(worse_by, spread, alpha) if worse_by else None
    return LivePower(
        stage=stage.name,
        percent=share * 100,
        trigger=trigger.name if trigger else "",
        calls=calls,
        bake_days=days,
        drop=min(1.0, watched_half_width(calls, spread, alpha)) if calls else None,
        worse_by=worse_by,
        needed=needed,
        days=needed / daily if needed and daily else None,
    )
