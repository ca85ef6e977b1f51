"""Evidence with chosen results, and the verdict on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from support.measured import FILES, NOW, binding, runbook
from towpath.gate.normal_form import evidence_path, write_evidence
from towpath.model.evidence import Evidence, Sample
from towpath.model.quantity import Money, Percent, Points, Ratio
from towpath.model.runbook import (
    CostSection,
    EvalSection,
    Feature,
    Price,
    Requirement,
    Rollout,
    Runbook,
    Stage,
    Watch,
)
from towpath.model.snapshot import MappedFiles, Snapshot


def price(amount: str) -> Price:
    """The same price in and out, USD per million tokens."""
    money = Money(Decimal(amount), "USD", "Mtok")
    return Price(input=money, output=money, source="list", as_of=date(2026, 11, 1))


EVAL = EvalSection(
    at=("checks", "eval", "standard"),
    suite="offline",
    max_evidence_age=timedelta(days=30),
    require=(
        Requirement(metric="quality", non_inferior=True),
        Requirement(metric="latency_p50", at_most=Ratio(Decimal(2))),
    ),
)
COST = CostSection(
    at=("checks", "cost", "standard"),
    total_increase=Percent(Decimal("0.10")),
    budget=Money(Decimal(1000), "USD", "month"),
    volumes=(Ratio(Decimal(1)), Ratio(Decimal(2))),
)
STAGES = tuple(
    Stage(
        name=name,
        at=("stages", index),
        percent=Decimal(percent),
        segments=("employees",) if name == "internal" else (),
        bake=timedelta(days=2),
        eval=EVAL,
        cost=COST,
    )
    for index, (name, percent) in enumerate((("internal", 0), ("canary", 5), ("full", 100)))
)


def judged_runbook(**changes: object) -> Runbook:
    """The small runbook of `measured`, with stages, prices and a watch task."""
    whole = runbook()
    assert whole.baseline is not None
    assert whole.candidate is not None
    return replace(
        whole,
        feature=Feature(name="support", users_per_month=1000, calls_per_day=1000),
        baseline=replace(whole.baseline, price=price("1")),
        candidate=replace(whole.candidate, price=price("1")),
        watch=Watch(task="invoice", why="rare and dear"),
        stages=STAGES,
        rollout=Rollout(stage="planned", percent=Decimal(0)),
        **changes,  # type: ignore[arg-type]
    )


def answers(
    task: str,
    n: int,
    lost: int = 0,
    won: int = 0,
    *,
    latency: tuple[float | None, float | None] = (100, 120),
    tokens: tuple[int, int] = (100, 100),
    both_wrong: int = 0,
) -> list[Sample]:
    """n examples of a task: the first `lost` only the baseline got right, the next `won` only the candidate."""
    samples: list[Sample] = []
    for number in range(n):
        right = {"baseline": 1.0, "candidate": 1.0}
        if number < lost:
            right["candidate"] = 0.0
        elif number < lost + won:
            right["baseline"] = 0.0
        elif number < lost + won + both_wrong:
            right = {"baseline": 0.0, "candidate": 0.0}
        samples += [
            Sample(
                example=f"{task}-{number:03d}",
                task=task,
                arm=arm,  # type: ignore[arg-type]
                score=right[arm],
                latency_ms=None if slow is None else slow + number % 7,
                input_tokens=size,
                output_tokens=10,
            )
            for arm, slow, size in zip(("baseline", "candidate"), latency, tokens, strict=True)
        ]
    return samples


def level(n: int = 200) -> list[Sample]:
    """Every task level, a few answers differing either way."""
    return [sample for task in ("refund", "invoice", "smalltalk") for sample in answers(task, n, 2, 2)]


def evidence(samples: list[Sample], of: Runbook | None = None) -> Evidence:
    """The samples as evidence of the runbook."""
    from towpath.gate.normal_form import read_evidence

    data = write_evidence(binding(of or judged_runbook()), samples)
    return read_evidence(data, evidence_path("support", "offline", data))


def snapshot(samples: list[Sample] | None, of: Runbook | None = None) -> Snapshot:
    """A tree that holds the prompt files and the evidence."""
    files = dict(FILES.contents)
    if samples is not None:
        data = write_evidence(binding(of or judged_runbook()), samples)
        files[evidence_path("support", "offline", data)] = data
    return Snapshot(files=MappedFiles(files), now=NOW)


def margin(points: str) -> Points:
    """A margin from text such as 0.05."""
    return Points(Decimal(points))
