"""Answers to samples: what one file cannot know about itself is checked over all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.measured import runbook
from support.result_files import PLAIN, csv
from towpath.evidence.adapters.generic import read
from towpath.evidence.collecting import Collected, TaskCounts, collect
from towpath.evidence.results import ResultFile
from towpath.model.errors import EvidenceRefused
from towpath.model.evidence import ArmName

ARMS: dict[str, ArmName] = {"old": "baseline", "new": "candidate"}
BOOK = runbook()


def collected(*files: ResultFile) -> Collected:
    return collect([read(file, PLAIN) for file in files], ARMS, BOOK)


def test_counts_say_what_pairs_and_what_does_not() -> None:
    header = "example_id,task,model,score,error"
    rows = ("a,refund,old,1,", "a,refund,new,0,", "b,refund,old,1,", "c,refund,new,,429", "d,invoice,old,,timeout")
    counts = collected(csv(*rows, header=header)).counts
    assert counts == (
        TaskCounts(task="refund", paired=1, baseline_only=1, candidate_only=1, baseline_errors=0, candidate_errors=1),
        TaskCounts(task="invoice", paired=0, baseline_only=1, candidate_only=0, baseline_errors=1, candidate_errors=0),
        TaskCounts(
            task="smalltalk", paired=0, baseline_only=0, candidate_only=0, baseline_errors=0, candidate_errors=0
        ),
    )


def test_arms_may_come_in_files_of_their_own() -> None:
    found = collected(csv("a,refund,old,1"), csv("a,refund,new,0.5"))
    assert [(one.arm, one.score) for one in found.samples] == [("baseline", 1), ("candidate", 0.5)]


@pytest.mark.parametrize(
    ("rows", "reason", "hint"),
    [
        (
            ("a,refunds,old,1",),
            "results.csv, line 2: task 'refunds' is not one of the runbook's",
            "did you mean refund?",
        ),
        (
            ("a,refund,old,1", "a,invoice,new,1"),
            "line 3: example 'a' is in task invoice, and in task refund at",
            "task_from",
        ),
        (
            ("a,refund,old,1", "a,refund,old,0"),
            "line 3: example 'a' repeat 0 is there twice for 'old', first at",
            "id_from",
        ),
        (
            ("a,refund,old,1.01",),
            "line 2: score of example 'a' is 1.01, outside the scale 0 to 1",
            "divide other scales",
        ),
        (("a,refund,old,-0.5",), "is -0.5, outside the scale", ""),
    ],
)
def test_unsound_results_are_refused(rows: tuple[str, ...], reason: str, hint: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason) as refused:
        collected(csv(*rows))
    assert hint in refused.value.hint


def test_each_task_is_measured_by_its_own_metric() -> None:
    refund, invoice, smalltalk = BOOK.tasks
    book = replace(BOOK, tasks=(replace(refund, metric="f1"), invoice, smalltalk))
    header = "example_id,task,model,score,metric"
    file = csv("a,refund,old,0.5,f1", "a,refund,old,1,exact", "b,invoice,old,1,", header=header)
    found = collect([read(file, PLAIN)], ARMS, book)
    assert [(one.example, one.metric, one.score) for one in found.samples] == [("a", "f1", 0.5), ("b", "score", 1)]
    assert found.left_out == {"exact": 1}
    without = csv("a,refund,new,0.5,f1", "a,refund,old,1,exact", header=header)
    with pytest.raises(EvidenceRefused, match="line 3: example 'a' has no row with metric 'f1' for the baseline"):
        collect([read(without, PLAIN)], ARMS, book)
    with pytest.raises(EvidenceRefused, match="line 2: example 'a' has no metric 'f1'") as refused:
        collect([read(csv("a,refund,old,1"), PLAIN)], ARMS, book)
    assert refused.value.hint == "it has: score"


def test_a_failed_call_has_no_latency() -> None:
    file = csv("a,refund,old,,timeout,30000", header="example_id,task,model,score,error,latency_ms")
    (one,) = collected(file).samples
    assert (one.score, one.error, one.latency_ms) == (None, "timeout", None)


def test_models_that_are_no_arm_are_passed_over() -> None:
    assert len(collected(csv("a,refund,old,1", "a,nonsense,third,9")).samples) == 1
