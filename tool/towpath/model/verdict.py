"""What a gate found: one verdict per criterion, one for the whole, and how every task fared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(Enum):
    """Five answers; only `pass` promotes."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NO_DATA = "no-data"
    ERROR = "error"


_WORST_FIRST = (Verdict.ERROR, Verdict.FAIL, Verdict.NO_DATA, Verdict.INCONCLUSIVE, Verdict.PASS)


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of the verdicts: error > fail > no-data > inconclusive > pass. No criteria at all is an error."""
    found = set(verdicts)
    return next((verdict for verdict in _WORST_FIRST if verdict in found), Verdict.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing the stage requires, and what the evidence says of it.

    Attributes:
        id: stable within a gate, such as `quality/refund-eligibility` or `cost/total-increase@100`.
        task: the task, empty for criteria about all tasks.
        test: the statistical method by name, or `projection`.
        n: number of pairs (or examples) used.
        lost, won: pairs only the baseline, or only the candidate, got right.
        estimate, low, high: the change (candidate - baseline for scores, candidate / baseline for ratios, money
            for costs) and its two-sided interval.
        bound: the one-sided limit that is compared with the margin or limit.
        margin: the number the criterion compares with; negative loss allowed for scores, upper limit for ratios.
        p: of the test against the margin, where there is one.
        unit: `points`, `ratio`, `percent`, or money such as `USD/month`.
        message: what it means, in plain words.
        needed: examples that would decide, when inconclusive.
    """

    id: str
    metric: str
    test: str
    verdict: Verdict
    task: str = ""
    n: int = 0
    lost: int | None = None
    won: int | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    bound: float | None = None
    margin: float | None = None
    p: float | None = None
    unit: str = "points"
    message: str = ""
    needed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """How one task fared: means of both arms over the pairs, and whether it changed beyond noise (Holm)."""

    task: str
    n: int
    baseline: float | None
    candidate: float | None
    change: Literal["worse", "better", "noisy"]
    watch: bool = False
    load_bearing: bool = True
    p: float | None = None
    p_adjusted: float | None = None
    errors_baseline: int = 0
    errors_candidate: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceUse:
    """Which evidence a gate used: path, digest, and when it was measured (RFC 3339)."""

    path: str
    sha256: str
    suite: str
    measured_at: str
    synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """The gate's answer for entering one stage. Serialises to JSON (`schema/gate.v1.json`), byte-identical on repeat.

    Attributes:
        reasons: why there is no decision, when the evidence itself was refused.
    """

    runbook: str
    stage: str
    verdict: Verdict
    criteria: tuple[Criterion, ...] = ()
    tasks: tuple[TaskResult, ...] = ()
    evidence: tuple[EvidenceUse, ...] = ()
    reasons: tuple[str, ...] = ()
    seed: int = 0
    confidence: float = 0.95
    notes: tuple[str, ...] = ()
