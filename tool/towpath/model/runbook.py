"""The runbook: one model migration of one feature, as a frozen value.

Fields that a malformed or unfinished file may lack are `None`; the schema and the rules say so to the author, and
nothing that lacks them is ever promoted. Quantities are already numbers here: shares as decimals (5pp is 0.05),
durations as `timedelta`. A `Pointer` is the path of keys and indices to a node of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from towpath.model.quantity import Count, Money, Percent, Points, Ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

Pointer = tuple[str | int, ...]

PLANNED = "planned"
ROLLED_BACK = "rolled-back"
DONE = "done"
RESERVED_STAGES = (PLANNED, ROLLED_BACK, DONE)
"""Values of `rollout.stage` that are no stage of the list."""

NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a model costs: either pinned amounts per million tokens with source and date, or a catalogue date."""

    input: Money | None = None
    output: Money | None = None
    cached_input: Money | None = None
    source: str = ""
    as_of: date | None = None
    catalog: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """All that changes together: model snapshot, prompts, tools, parameters. Evidence is bound to its digest."""

    provider: str
    model: str
    retires: date | None = None
    prompts: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    revision: str = ""
    price: Price | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A kind of work the feature does.

    Attributes:
        load_bearing: whether a loss here stops the migration.
        margin: the largest loss that is still acceptable, as a share; needed when load-bearing.
        metric: the measured column; `score` unless named.
        better: whether a higher or a lower value of the metric is better.
    """

    id: str
    load_bearing: bool = True
    margin: Points | None = None
    metric: str = "score"
    better: Literal["higher", "lower"] = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The one task most likely to regress without showing in the aggregate, and why."""

    task: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Where the evaluation's result files come from and how to read them."""

    name: str
    adapter: str
    path: str
    id_from: str = ""
    task_from: str = ""
    score_from: str = ""
    command: tuple[str, ...] = ()
    judge: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line of `require`: a metric, and either `non_inferior` or a limit."""

    metric: str
    non_inferior: bool = False
    at_most: Points | Ratio | Percent | Money | Count | None = None
    at: Pointer = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalSection:
    """What the evaluation must show before a stage is entered. `at` is where the section is defined."""

    at: Pointer
    name: str = ""
    suite: str = ""
    confidence: Percent = field(default_factory=lambda: Percent(Decimal("0.95")))
    max_evidence_age: timedelta | None = None
    max_errors: Percent = field(default_factory=lambda: Percent(Decimal("0.05")))
    max_unpaired: Percent = field(default_factory=lambda: Percent(Decimal("0.05")))
    require: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSection:
    """What the change may cost, projected at the percentage entered and at 100 %."""

    at: Pointer
    name: str = ""
    total_increase: Percent | None = None
    per_user_increase: Money | None = None
    budget: Money | None = None
    volumes: tuple[Ratio, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One reason to roll back: a metric worse by points, or over a ratio of its reference."""

    name: str
    at: Pointer
    metric: str = ""
    tasks: Literal["load_bearing", "watch"] | tuple[str, ...] = ()
    worse_by: Points | None = None
    over: Ratio | None = None
    per: str = ""
    of: str = ""
    min_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoData:
    """What silence means: after so many expected calls without data, `then` happens."""

    after: Count | None = None
    then: str = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackSection:
    """When the stage is undone, and to where."""

    at: Pointer
    name: str = ""
    to: Literal["baseline", "previous"] | None = None
    alpha: Percent | None = None
    when: tuple[Trigger, ...] = ()
    no_data: NoData | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A manual quality check before the stage is left."""

    by: str = ""
    sample: int = 0
    at_most: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A live comparison with a control group before the stage is left."""

    control: str = ""
    metrics: tuple[str, ...] = ()
    significance: Percent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of the rollout.

    Attributes:
        percent: share of the units outside the segments that get the candidate, 0 to 100.
        segments: groups switched on wholly at this stage; they accumulate from stage to stage.
        bake: elapsed time to stay before the next stage.
    """

    name: str
    at: Pointer
    percent: Decimal | None = None
    segments: tuple[str, ...] = ()
    bake: timedelta | None = None
    mode: str = "serve"
    control: str = ""
    eval: EvalSection | None = None
    cost: CostSection | None = None
    rollback: RollbackSection | None = None
    review: Review | None = None
    compare: Comparison | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """Where a live number comes from."""

    name: str
    source: str
    better: str = "lower"
    settings: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that turns the percentage into traffic."""

    target: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Blocks every promotion until it is cleared."""

    by: str
    reason: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Where the migration stands: the only block a bot edits."""

    stage: str
    percent: Decimal
    hold: Hold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """The product feature whose model changes, and its size: users in a month, calls in a day."""

    name: str
    users_per_month: int = 0
    calls_per_day: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """A whole migration runbook.

    Attributes:
        path: the file, relative to the repository.
        malformed: nodes the schema refused; rules keep silent about them.
    """

    path: str
    id: str
    title: str = ""
    reason: str = ""
    incidents: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    draft: bool = False
    feature: Feature
    unit: str = "user"
    salt: str = ""
    baseline: Arm | None = None
    candidate: Arm | None = None
    fallback: Arm | None = None
    tasks: tuple[Task, ...] = ()
    watch: Watch | None = None
    suites: tuple[Suite, ...] = ()
    metrics: tuple[Metric, ...] = ()
    exports: tuple[Export, ...] = ()
    notify: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stages: tuple[Stage, ...] = ()
    rollout: Rollout
    malformed: frozenset[Pointer] = frozenset()

    def task(self, task_id: str) -> Task | None:
        """The task of that id."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def suite(self, name: str) -> Suite | None:
        """The suite of that name."""
        return next((suite for suite in self.suites if suite.name == name), None)

    def stage(self, name: str) -> Stage | None:
        """The stage of that name."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def stage_index(self, name: str) -> int:
        """Position of a stage; -1 for `planned` and `rolled-back`, the number of stages for `done`.

        Raises:
            KeyError: the runbook has no such stage.
        """
        if name in (PLANNED, ROLLED_BACK):
            return -1
        if name == DONE:
            return len(self.stages)
        for index, stage in enumerate(self.stages):
            if stage.name == name:
                return index
        raise KeyError(name)

    def segments_at(self, name: str) -> tuple[str, ...]:
        """Segments switched on at a stage, those of the stages before it included, each once, in order."""
        reached = self.stages[: self.stage_index(name) + 1]
        return tuple(dict.fromkeys(segment for stage in reached for segment in stage.segments))

    @property
    def live(self) -> bool:
        """Whether the migration moves traffic or is about to: not done and not rolled back."""
        return self.rollout.stage not in (DONE, ROLLED_BACK)
