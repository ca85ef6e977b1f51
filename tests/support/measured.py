"""A small runbook, its files, and results measured for it: what tests of evidence start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from towpath.gate.binding import binding_for
from towpath.gate.normal_form import write_evidence
from towpath.model.evidence import Binding, Sample, Source
from towpath.model.quantity import Points
from towpath.model.runbook import Arm, Feature, Rollout, Runbook, Suite, Task
from towpath.model.snapshot import MappedFiles

MEASURED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROMPT = "prompts/support.md"
FILES = MappedFiles({PROMPT: b"Answer the question.\n", "tools/search.json": b"{}\n"})
SUITE = Suite(
    name="offline",
    adapter="promptfoo",
    path="evals/results.json",
    id_from="metadata.example_id",
    task_from="metadata.task",
    score_from="namedScores.exact",
)


def runbook(**changes: object) -> Runbook:
    """A migration of three tasks from old-model to new-model."""
    whole = Runbook(
        path="runbooks/support.yaml",
        id="support",
        feature=Feature(name="support"),
        baseline=Arm(provider="acme", model="old-model", prompts=(PROMPT,), params={"temperature": 0}),
        candidate=Arm(provider="acme", model="new-model", prompts=(PROMPT,), params={"temperature": 0}),
        tasks=(
            Task(id="refund", margin=Points(Decimal("0.03"))),
            Task(id="invoice", margin=Points(Decimal("0.05"))),
            Task(id="smalltalk", load_bearing=False),
        ),
        suites=(SUITE,),
        rollout=Rollout(stage="planned", percent=Decimal(0)),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def binding(of: Runbook | None = None, suite: Suite = SUITE, files: MappedFiles = FILES) -> Binding:
    """The binding of results measured for the runbook."""
    return binding_for(
        of or runbook(),
        suite,
        files,
        tool="promptfoo",
        tool_version="0.121.20",
        sources=[Source(path="evals/results.json", sha256="a" * 64, size=3)],
        labels={"baseline": "old-model", "candidate": "new-model"},
        measured_at=MEASURED,
    )


def pair(example: str, task: str = "refund", baseline: float = 1.0, candidate: float = 1.0) -> tuple[Sample, Sample]:
    """Both arms' answers to one example."""
    return (
        Sample(example=example, task=task, arm="baseline", score=baseline),
        Sample(example=example, task=task, arm="candidate", score=candidate),
    )


BINDING_DATA = write_evidence(binding(), [*pair("a"), *pair("b", candidate=0.0)])
"""A small evidence file of the runbook."""
