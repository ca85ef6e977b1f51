"""lm-eval's runs: real ones, whole imports of them, and each of their traps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

import towpath.evidence.adapters.lm_eval as lm_eval
from support.measured import FILES, NOW, SUITE, runbook
from support.result_files import DATA, real
from towpath.evidence.importing import Imported, Wishes, import_results
from towpath.evidence.results import Options, ResultFile, Samples
from towpath.gate.normal_form import read_evidence
from towpath.model.errors import EvidenceRefused
from towpath.model.quantity import Points
from towpath.model.runbook import Task
from towpath.model.snapshot import Snapshot

TIMES = {"old": "2026-11-23T06-39-37.180474", "new": "2026-11-23T06-40-13.399913"}
SUITE_OF = replace(SUITE, adapter="lm-eval", id_from="", task_from="", score_from="")
MARGIN = Points(Decimal("0.05"))
BOOK = runbook(
    tasks=(
        Task(id="support_refund", margin=MARGIN),
        Task(id="support_invoice", margin=MARGIN),
        Task(id="support_smalltalk", load_bearing=False),
        Task(id="support_route_mc", margin=MARGIN, metric="acc_norm"),
    ),
    suites=(SUITE_OF,),
)


def run(name: str) -> list[ResultFile]:
    """Every file of a real run."""
    return [real(path.relative_to(DATA).as_posix()) for path in sorted((DATA / "lm-eval" / name).iterdir())]


def imported(files: list[ResultFile], **arms: str) -> Imported:
    said = Wishes(arms=arms or {"baseline": "old", "candidate": "new"})  # type: ignore[arg-type]
    return import_results(Snapshot(files=FILES, now=NOW), BOOK, SUITE_OF, files, said)


def samples(
    change: Callable[[list[dict[str, Any]]], object] | None = None,
    options: Options | None = None,
    results: Callable[[dict[str, Any]], object] | None = None,
    task: str = "refund",
) -> Samples:
    """The real refund samples of the old run, after one change of its lines or of its results file."""
    whole = real(f"lm-eval/old/samples_support_{task}_{TIMES['old']}.jsonl")
    beside = real(f"lm-eval/old/results_{TIMES['old']}.json")
    if change:
        rows = [json.loads(line) for line in whole.data.splitlines()]
        change(rows)
        whole = replace(whole, data="".join(json.dumps(row) + "\n" for row in rows).encode())
    if results:
        document = json.loads(beside.data)
        results(document)
        beside = replace(beside, data=json.dumps(document).encode())
    return lm_eval.read(whole, options or Options(), [beside])


def test_both_runs_make_one_evidence() -> None:
    found = imported([*run("old"), *run("new")])
    evidence = read_evidence(found.data, found.path)
    assert len(evidence.samples) == 44
    assert evidence.binding.measured_at == datetime.fromisoformat("2026-11-23T06:39:28.672246+00:00")
    assert evidence.binding.labels == {"baseline": "mockllm which=old", "candidate": "mockllm which=new"}
    right = {
        (one.task, one.arm): sum(
            other.score or 0 for other in evidence.samples if (other.task, other.arm) == (one.task, one.arm)
        )
        for one in evidence.samples
    }
    # lm-eval's own means times its numbers of documents
    assert right["support_refund", "baseline"] == 4
    assert right["support_refund", "candidate"] == 0
    assert right["support_invoice", "candidate"] == 5
    assert right["support_route_mc", "candidate"] == 2
    assert {one.latency_ms for one in evidence.samples} == {None}
    assert b"question" not in found.data


def test_one_document_in_two_tasks_is_two_examples() -> None:
    examples = {answer.example for answer in samples().answers} | {
        answer.example for answer in samples(task="route_mc").answers
    }
    assert {"support_refund/refund-01", "support_route_mc/refund-01"} <= examples


def test_without_an_own_id_the_hash_of_the_document_pairs() -> None:
    found = samples(lambda rows: [row["doc"].pop("id") for row in rows])
    assert all(len(answer.example) > 64 for answer in found.answers)
    assert len({answer.example for answer in found.answers}) == 6


def twice(rows: list[dict[str, Any]]) -> None:
    rows += [{**row, "filter": "strict", "exact_match": 0.0} for row in rows]


def test_several_filters_need_a_choice() -> None:
    with pytest.raises(EvidenceRefused, match="has the filters none, strict"):
        samples(twice)
    assert sum(answer.scores["score"] for answer in samples(twice, Options(score_from="exact_match,none")).answers) == 4
    assert sum(one.scores["score"] for one in samples(twice, Options(score_from="exact_match,strict")).answers) == 0
    with pytest.raises(EvidenceRefused, match="has no filter 'strickt'"):
        samples(twice, Options(score_from="exact_match,strickt"))


def test_several_metrics_are_there_by_name() -> None:
    assert set(samples(task="route_mc").answers[0].scores) == {"acc", "acc_norm"}
    chosen = samples(task="route_mc", options=Options(score_from="acc"))
    assert set(chosen.answers[0].scores) == {"acc", "acc_norm", "score"}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"pretrained": "acme/small-1b"}, {"acme/small-1b", "small-1b"}),
        ("pretrained=acme/small-1b,dtype=float", {"acme/small-1b", "small-1b"}),
        ({"model": "gpt-x-2026-01-01", "base_url": "u"}, {"gpt-x-2026-01-01"}),
    ],
)
def test_the_model_is_what_it_was_called_with(arguments: object, names: set[str]) -> None:
    answer = samples(results=lambda d: d["config"].update(model_args=arguments)).answers[0]
    assert names <= answer.names
    assert answer.model in names


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows.pop(), "n-samples.support_refund.effective = 6, and the lines give 5"),
        (lambda rows: rows[0].update(exact_match=0.0), "results.support_refund.exact_match,none = 0.66"),
        (lambda rows: rows[0].update(metrics=[]), "names no metrics"),
        (lambda rows: rows[0].update(exact_match="yes?"), "which is no number"),
        (lambda rows: rows[0].pop("filter"), "no lines with doc_id and filter"),
    ],
)
def test_lines_that_cannot_be_trusted_are_refused(change: Any, message: str) -> None:
    with pytest.raises(EvidenceRefused, match=message) as refused:
        samples(change)
    assert "samples_support_refund" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["results"].pop("support_refund"), "is of task support_refund"),
        (lambda d: d.pop("date"), "does not say when"),
        (lambda d: d.pop("config"), "is no results file"),
    ],
)
def test_results_that_cannot_be_trusted_are_refused(change: Any, message: str) -> None:
    with pytest.raises(EvidenceRefused, match=message):
        samples(results=change)


def test_files_of_a_run_are_imported_together() -> None:
    whole = run("old")
    with pytest.raises(EvidenceRefused, match="it is not among the files"):
        lm_eval.read(whole[1], Options(), whole[2:])
    with pytest.raises(EvidenceRefused, match="has no samples file beside it"):
        lm_eval.read(whole[0], Options(), run("new"))
