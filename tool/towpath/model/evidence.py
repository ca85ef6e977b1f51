"""Evidence: what both arms scored, example by example, and exactly what was measured.

The normal form is a JSON Lines file `evidence/<runbook>/<suite>-<first 12 digits of its digest>.jsonl`: the first line
is the `Binding`, every other line one `Sample`, sorted. It holds no prompts and no answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

ArmName = Literal["baseline", "candidate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One measured answer.

    Attributes:
        example: id of the example; pairs the arms.
        score: the metric's value, higher or lower is better as the task says; None when `error` is set.
        repeat: number of the repetition, from 0.
        cluster: examples of one cluster are not independent (same document, same conversation).
        latency_ms: time to the whole answer, milliseconds; None when unknown or answered from a cache. Latency,
            tokens and cost of one call stand on the sample of its task's own metric only, never twice.
        cost_usd: as the tool reported it, US dollars for this call.
        error: a short class of failure such as `rate_limit` or `timeout`; empty when the call worked.
        tags: such as the incident an example covers.
    """

    example: str
    task: str
    arm: ArmName
    metric: str = "score"
    score: float | None
    repeat: int = 0
    cluster: str = ""
    latency_ms: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    refusal: bool | None = None
    error: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file the evidence was read from: path as given, sha256 of its bytes, size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What the evidence measured. A gate refuses evidence whose digests are not those of its runbook.

    When it was imported is not kept: the same results imported twice give the same bytes, and git knows the commit.

    Attributes:
        arms: digest of each arm (model snapshot, prompts, tools, parameters, revision).
        models: model id of each arm.
        labels: what the tool's file called each arm.
        suite_digest: digest of the suite's declaration, the judge included.
        tasks_digest: digest of task ids, metrics and directions.
        margins: margin of each load-bearing task when these results were first imported, as text; a margin loosened
            afterwards is a finding.
        measured_at: when the evaluation ran (from the tool's own file where it says so).
        synthetic: made by a program for show, not measured on a model.
        arm_parts: what each arm's digest is made of, part by part, so that a refusal can name the part that changed.
        suite_parts: the same for the suite.
        tasks: the same for the tasks: id -> metric and direction, such as `score higher`.
    """

    runbook: str
    suite: str
    adapter: str
    tool: str
    tool_version: str
    sources: tuple[Source, ...]
    arms: dict[str, str]
    models: dict[str, str]
    suite_digest: str
    tasks_digest: str
    margins: dict[str, str]
    measured_at: datetime
    synthetic: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    arm_parts: dict[str, dict[str, str]] = field(default_factory=dict)
    suite_parts: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One normal-form file, read.

    Attributes:
        path: the file, relative to the repository.
        sha256: of the whole file.
    """

    path: str
    sha256: str
    binding: Binding
    samples: tuple[Sample, ...]
