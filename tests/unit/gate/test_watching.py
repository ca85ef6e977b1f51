"""The watch task by the evidence: hidden in the average, and likely to be past its margin."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from support.measured import runbook
from towpath.gate.watching import propose
from towpath.model.evidence import Sample
from towpath.model.quantity import Points
from towpath.model.runbook import Runbook, Task, Watch

MARGIN = Points(Decimal("0.05"))


def book(declared: str = "") -> Runbook:
    """Two load-bearing tasks and one that is not."""
    return runbook(
        tasks=(
            Task(id="refund", margin=MARGIN),
            Task(id="invoice", margin=MARGIN),
            Task(id="talk", load_bearing=False),
        ),
        watch=Watch(task=declared, why="") if declared else None,
    )


def samples(task: str, n: int, lost: int, won: int = 0) -> list[Sample]:
    """Pairs of one task: the baseline right but for `won`, the candidate right but for `lost`."""
    made = []
    for number in range(n):
        baseline, candidate = float(not n - won <= number), float(not number < lost)
        for arm, score in (("baseline", baseline), ("candidate", candidate)):
            made.append(Sample(example=f"{task}-{number}", task=task, arm=arm, score=score))  # type: ignore[arg-type]
    return made


def test_a_small_task_that_got_worse_is_proposed_over_a_large_one_that_did_not() -> None:
    found = propose(book(), [*samples("refund", 100, 20), *samples("invoice", 900, 0), *samples("talk", 200, 0)], 0.95)
    assert found.best
    assert (found.best.task, found.best.hidden) == ("refund", True)
    assert found.best.chance > 0.99
    assert found.best.share == pytest.approx(100 / 1200)
    assert found.best.seen == -0.2
    assert found.best.moves == pytest.approx(100 / 1200 * 0.05)


def test_a_task_that_moves_the_average_beyond_its_noise_is_no_hidden_one() -> None:
    found = propose(book(), [*samples("refund", 20, 1), *samples("invoice", 5000, 1000)], 0.95)
    by_task = {one.task: one for one in found.ranked}
    assert not by_task["invoice"].hidden
    assert by_task["refund"].hidden
    assert found.best
    assert found.best.task == "refund"


def test_the_declared_task_is_contradicted_only_by_clear_evidence() -> None:
    bad = [*samples("refund", 100, 20), *samples("invoice", 200, 0)]
    assert propose(book("invoice"), bad, 0.95).contradicts("invoice")
    assert not propose(book("refund"), bad, 0.95).contradicts("refund")
    level = [*samples("refund", 100, 1, 1), *samples("invoice", 200, 2, 2)]
    assert not propose(book("invoice"), level, 0.95).contradicts("invoice")


def test_when_nothing_speaks_for_a_task_the_declared_one_stays() -> None:
    level = [*samples("refund", 400, 0), *samples("invoice", 400, 0)]
    for declared in ("refund", "invoice"):
        found = propose(book(declared), level, 0.95)
        assert found.best
        assert found.best.task == declared


def test_tasks_without_pairs_are_named_as_unknown() -> None:
    found = propose(book("refund"), samples("invoice", 50, 0), 0.95)
    assert found.unknown == ("refund",)
    assert not found.contradicts("refund")
    assert propose(book(), [], 0.95).best is None


def test_the_order_of_samples_does_not_matter() -> None:
    rows = [*samples("refund", 60, 5, 2), *samples("invoice", 90, 3), *samples("talk", 10, 1)]
    shuffled = random.Random(7).sample(rows, len(rows))
    assert propose(book(), rows, 0.95) == propose(book(), shuffled, 0.95)


def test_zero_variance_is_no_certainty() -> None:
    found = propose(book(), [*samples("refund", 5, 0), *samples("invoice", 500, 0)], 0.95)
    by_task = {one.task: one for one in found.ranked}
    assert by_task["refund"].chance > 0.2, "five equal answers say little"
    assert by_task["invoice"].chance < 0.01
