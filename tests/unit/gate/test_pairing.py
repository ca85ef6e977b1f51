"""Pairs: repeats averaged, errors counted apart, lonely examples named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from support.judged import level
from towpath.gate.pairing import measured_pairs, pair_up
from towpath.model.evidence import ArmName, Sample
from towpath.model.runbook import Task

TASK = Task(id="refund")


def sample(example: str, arm: ArmName, score: float | None, repeat: int = 0, **more: object) -> Sample:
    error = "" if score is not None else "timeout"
    return Sample(example=example, task="refund", arm=arm, score=score, repeat=repeat, error=error, **more)  # type: ignore[arg-type]


def test_repeats_are_one_example() -> None:
    found = pair_up(
        [sample("a", "baseline", 1), sample("a", "candidate", 1), sample("a", "candidate", 0, repeat=1)], [TASK]
    )["refund"]
    assert [(pair.baseline, pair.candidate) for pair in found.pairs] == [(1.0, 0.5)]


def test_errors_are_left_out_and_counted_and_also_shown_as_wrong() -> None:
    found = pair_up(
        [
            sample("a", "baseline", 1),
            sample("a", "candidate", None),
            sample("b", "baseline", 1),
            sample("b", "candidate", 1),
        ],
        [TASK],
    )["refund"]
    assert [pair.example for pair in found.pairs] == ["b"]
    assert [(pair.example, pair.candidate) for pair in found.as_wrong] == [("a", 0.0), ("b", 1.0)]
    assert found.errors == {"baseline": 0, "candidate": 1}
    assert found.answers == {"baseline": 2, "candidate": 2}
    assert found.alone == ()


def test_an_error_counts_as_the_worst_score_where_lower_is_better() -> None:
    samples = [sample("a", "baseline", 0.25), sample("a", "candidate", None)]
    found = pair_up(samples, [Task(id="refund", better="lower")])["refund"]
    assert [(pair.baseline, pair.candidate) for pair in found.as_wrong] == [(0.25, 1.0)]


def test_examples_of_one_arm_are_alone() -> None:
    found = pair_up([sample("a", "baseline", 1), sample("b", "candidate", 1)], [TASK])["refund"]
    assert found.alone == ("a", "b")
    assert found.pairs == ()
    assert found.examples == 2


def test_a_task_without_samples_has_no_pairs() -> None:
    assert pair_up([], [TASK])["refund"].pairs == ()


def test_clusters_of_one_are_no_clusters() -> None:
    def both(example: str, cluster: str) -> list[Sample]:
        return [sample(example, arm, 1, cluster=cluster) for arm in ("baseline", "candidate")]

    assert not pair_up([*both("a", "x"), *both("b", "y")], [TASK])["refund"].clustered
    assert pair_up([*both("a", "x"), *both("b", "x")], [TASK])["refund"].clustered


def test_numbers_of_calls_need_both_arms() -> None:
    samples = [
        sample("a", "baseline", 1, latency_ms=100.0),
        sample("a", "candidate", 1, latency_ms=300.0),
        sample("a", "candidate", 1, repeat=1, latency_ms=100.0),
        sample("b", "baseline", 1, latency_ms=100.0),
        sample("b", "candidate", 1),
    ]
    assert measured_pairs(samples, "latency_ms") == ([100.0], [200.0])


@given(st.permutations(level(5)))
def test_order_does_not_matter(samples: list[Sample]) -> None:
    tasks = [Task(id=name) for name in ("refund", "invoice", "smalltalk")]
    assert pair_up(samples, tasks) == pair_up(level(5), tasks)
    assert measured_pairs(samples, "latency_ms") == measured_pairs(level(5), "latency_ms")
