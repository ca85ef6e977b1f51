"""Whole imports of real files into one normal form."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support.measured import FILES, NOW, SUITE, runbook
from support.result_files import csv, promptfoo, real, row
from towpath import shipped
from towpath.evidence.importing import Imported, Wishes, import_results
from towpath.evidence.results import ResultFile
from towpath.gate.binding import why_refused
from towpath.gate.normal_form import read_evidence
from towpath.model.errors import EvidenceRefused, UsageError
from towpath.model.quantity import Points
from towpath.model.runbook import Runbook, Suite
from towpath.model.snapshot import MappedFiles, Snapshot

GENERIC = replace(SUITE, adapter="generic", id_from="", task_from="", score_from="")
TODAY, TONIGHT = NOW.replace(hour=12), NOW.replace(hour=20)
BOOK = runbook()
MEASURED = datetime(2026, 11, 23, 6, 35, 58, tzinfo=UTC)


def imported(
    *files: ResultFile,
    book: Runbook = BOOK,
    suite: Suite = SUITE,
    wishes: Wishes | None = None,
    tree: MappedFiles = FILES,
    now: datetime = TODAY,
) -> Imported:
    return import_results(Snapshot(files=tree, now=now), book, suite, files, wishes or Wishes())


def test_the_real_promptfoo_file() -> None:
    found = imported(promptfoo())
    evidence = read_evidence(found.data, found.path)
    assert len(evidence.samples) == 32
    assert evidence.binding.measured_at == MEASURED.replace(microsecond=84000)
    assert evidence.binding.labels == {"baseline": "old-model", "candidate": "new-model"}
    assert evidence.binding.margins == {"invoice": "5pp", "refund": "3pp"}
    assert why_refused(evidence.binding, BOOK, SUITE, FILES, TODAY) is None
    right = {
        arm: sum(one.score or 0 for one in evidence.samples if one.arm == arm) for arm in ("baseline", "candidate")
    }
    assert right == {"baseline": 13, "candidate": 9}  # promptfoo's own sums of `exact`
    (failed,) = (one for one in evidence.samples if one.error)
    assert (failed.example, failed.arm, failed.error, failed.score) == ("refund-03", "candidate", "overloaded", None)


@pytest.mark.parametrize("name", ["generic/results.csv", "generic/results.jsonl", "promptfoo/results.json"])
def test_no_prompt_or_answer_is_in_it_and_it_fits_its_schema(name: str) -> None:
    suite = SUITE if name.startswith("promptfoo") else GENERIC
    data = imported(real(name), suite=suite).data
    for text in (b"question", b"answer", b"cannot help", b"support agent"):
        assert text not in data
    schema = Draft202012Validator(json.loads(shipped.schema_text("evidence.v1")))
    for line in data.decode().splitlines():
        schema.validate(json.loads(line))


@pytest.mark.parametrize(
    ("files", "suite", "samples", "right", "error"),
    [
        (
            ("inspect/old-model.eval", "inspect/new-model.json"),
            replace(GENERIC, adapter="inspect", score_from="exact"),
            28,
            {"baseline": 8, "candidate": 8},
            ("refund-03", "candidate", "overloaded"),
        ),
        (
            ("deepeval/old-model.json", "deepeval/new-model.json"),
            replace(GENERIC, adapter="deepeval", score_from="Jaccard"),
            32,
            {"baseline": 13, "candidate": 9},
            ("refund-03", "candidate", "error"),
        ),
    ],
)
def test_one_file_per_model(
    files: tuple[str, ...], suite: Suite, samples: int, right: dict[str, int], error: tuple[str, ...]
) -> None:
    said = Wishes(measured_at=MEASURED) if suite.adapter == "deepeval" else Wishes()
    found = imported(*map(real, files), suite=suite, wishes=said)
    evidence = read_evidence(found.data, found.path)
    assert len(evidence.samples) == samples
    counted = {arm: sum(one.score or 0 for one in evidence.samples if one.arm == arm) for arm in right}
    assert counted == right  # the tool's own sums of this score
    assert [(one.example, one.arm, one.error) for one in evidence.samples if one.error] == [error]
    assert b"cannot help" not in found.data
    assert why_refused(evidence.binding, BOOK, suite, FILES, TODAY) is None


def test_generic_and_promptfoo_results_of_one_run_give_the_same_samples() -> None:
    from_promptfoo, from_csv = imported(promptfoo()), imported(real("generic/results.csv"), suite=GENERIC)
    assert from_promptfoo.data.splitlines()[1:] == from_csv.data.splitlines()[1:]


def test_imported_twice_or_in_another_order_gives_the_same_bytes() -> None:
    header, *rows = real("generic/results.csv").data.decode().splitlines()
    halves = [ResultFile(name=f"{n}.csv", data="\n".join([header, *rows[n::2]]).encode()) for n in (0, 1)]
    one, other = imported(*halves, suite=GENERIC), imported(*halves[::-1], suite=GENERIC)
    assert (one.path, one.data) == (other.path, other.data)
    random.Random(5).shuffle(rows)
    shuffled = ResultFile(name="results.csv", data="\n".join([header, *rows]).encode())
    assert imported(shuffled, suite=GENERIC).data.splitlines()[1:] == one.data.splitlines()[1:]


def test_repeats_of_a_real_run_are_all_kept() -> None:
    found = imported(real("promptfoo/repeated.json"), suite=replace(SUITE, id_from="", score_from=""), now=TONIGHT)
    assert len(found.collected.samples) == 32
    assert found.collected.counts[0].paired == 4
    assert found.collected.counts[1].candidate_errors == 2
    assert found.binding.labels["baseline"] == "openai:chat:old-model"


def test_a_margin_loosened_after_the_first_import_does_not_get_in() -> None:
    first = imported(promptfoo())
    tree = MappedFiles({**FILES.contents, first.path: first.data})
    refund, invoice, smalltalk = BOOK.tasks
    loosened = replace(BOOK, tasks=(replace(refund, margin=Points(Decimal("0.2"))), invoice, smalltalk))
    again = imported(promptfoo(), book=loosened, tree=tree)
    assert (again.path, again.data) == (first.path, first.data)
    assert again.notes == ("the margin of refund was 3pp when these results were first imported; that is kept",)
    fresh = imported(promptfoo(), book=loosened)
    assert fresh.binding.margins["refund"] == "20pp"


def test_broken_earlier_evidence_is_noted_and_does_not_stop_an_import() -> None:
    path = "evidence/support/offline-000000000000.jsonl"
    found = imported(promptfoo(), tree=MappedFiles({**FILES.contents, path: b"{}\n"}))
    assert found.notes[0].startswith(f"earlier evidence was passed over: {path}:1")


def test_when_it_was_measured_must_be_known_once() -> None:
    undated = csv("a,refund,old-model,1", "a,refund,new-model,1")
    with pytest.raises(EvidenceRefused, match=r"results.csv: does not say when it was measured"):
        imported(undated, suite=GENERIC)
    said = imported(undated, suite=GENERIC, wishes=Wishes(measured_at=MEASURED))
    assert said.binding.measured_at == MEASURED
    with pytest.raises(EvidenceRefused, match="says it was measured at"):
        imported(promptfoo(), wishes=Wishes(measured_at=MEASURED))
    with pytest.raises(EvidenceRefused, match="in the future"):
        imported(undated, suite=GENERIC, wishes=Wishes(measured_at=TODAY + timedelta(hours=1)))


def test_evidence_is_as_old_as_its_oldest_file() -> None:
    header = "example_id,task,model,score,measured_at"
    old, new = "a,refund,old-model,1,2026-11-02T00:00:00Z", "a,refund,new-model,1,2026-11-20T00:00:00Z"
    for order in ((old, new), (new, old)):
        found = imported(*(csv(line, header=header) for line in order), suite=GENERIC)
        assert found.binding.measured_at == datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "suite", "reason"),
    [
        ("promptfoo/results.json", GENERIC, "looks like promptfoo, and the suite is read with generic"),
        ("generic/results.csv", SUITE, "looks like generic, and the suite is read with promptfoo"),
        ("generic/results.csv", replace(GENERIC, id_from="id"), "has not the fields that the suite names"),
        ("promptfoo/results.jsonl", SUITE, "does not look like promptfoo"),
        ("promptfoo/results.jsonl", GENERIC, "does not look like generic"),
        ("promptfoo/results.csv", GENERIC, "does not look like generic"),
        ("deepeval/new-model.json", SUITE, "looks like deepeval, and the suite is read with promptfoo"),
        ("inspect/new-model.eval", GENERIC, "looks like inspect, and the suite is read with generic"),
    ],
)
def test_a_file_of_another_tool_is_never_misread(name: str, suite: Suite, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        imported(real(name), suite=suite)


def test_files_that_are_empty_or_twice_the_same_are_refused() -> None:
    with pytest.raises(EvidenceRefused, match="is empty"):
        imported(ResultFile(name="r.json", data=b" \n"))
    with pytest.raises(EvidenceRefused, match="has the same content as"):
        imported(promptfoo(), promptfoo())


def test_rows_copied_within_a_file_are_refused_even_where_the_totals_agree() -> None:
    def doubled(document: dict[str, Any]) -> None:
        row(document, "refund-02", "old-model")["testCase"]["metadata"]["example_id"] = "refund-01"

    with pytest.raises(EvidenceRefused, match="'refund-01' repeat 0 is there twice for 'old-model'"):
        imported(promptfoo(doubled))


def test_adapters_are_known_and_not_swapped() -> None:
    with pytest.raises(UsageError, match="there is no adapter 'promptfo'") as refused:
        imported(promptfoo(), suite=replace(SUITE, adapter="promptfo"))
    assert refused.value.hint == "did you mean promptfoo?"
    with pytest.raises(UsageError, match="is read with the adapter promptfoo, not with generic"):
        imported(promptfoo(), wishes=Wishes(adapter="generic"))


def test_a_missing_prompt_file_is_refused() -> None:
    with pytest.raises(EvidenceRefused, match="of the baseline is not in the repository"):
        imported(promptfoo(), tree=MappedFiles({}))


def test_synthetic_results_say_so() -> None:
    assert imported(promptfoo(), wishes=Wishes(synthetic=True)).binding.synthetic


def test_an_id_that_is_the_question_itself_is_refused_when_long() -> None:
    def asked(document: dict[str, Any]) -> None:
        for one in document["results"]["results"]:
            one["testCase"]["metadata"]["example_id"] += " please tell me" * 20

    with pytest.raises(EvidenceRefused, match="must be an id, not a text"):
        imported(promptfoo(asked))
