"""Evidence fits its runbook as long as nothing that was measured changes, and a refusal names what did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from support.measured import FILES, MEASURED, NOW, PROMPT, SUITE, binding, runbook
from towpath.gate.binding import arm_parts, digest_of_parts, loosened_margins, why_refused
from towpath.model.errors import EvidenceRefused
from towpath.model.quantity import Money, Points
from towpath.model.runbook import Arm, Price, Rollout, Runbook, Suite, Task
from towpath.model.snapshot import MappedFiles

BOOK = runbook()
CANDIDATE = Arm(provider="acme", model="new-model", prompts=(PROMPT,), params={"temperature": 0})
assert BOOK.candidate == CANDIDATE


def refusal(book: Runbook, suite: Suite = SUITE, files: MappedFiles = FILES) -> str | None:
    return why_refused(binding(), book, suite, files, NOW)


@pytest.mark.parametrize(
    "changed",
    [
        replace(BOOK, rollout=Rollout(stage="canary", percent=Decimal(5))),
        replace(BOOK, title="Another title", owners=("@b",), path="runbooks/moved.yaml"),
        replace(BOOK, tasks=tuple(replace(task, margin=Points(Decimal("0.1"))) for task in BOOK.tasks)),
        replace(BOOK, tasks=BOOK.tasks[::-1]),
        replace(BOOK, candidate=replace(CANDIDATE, retires=date(2027, 1, 1))),
        replace(BOOK, candidate=replace(CANDIDATE, price=Price(input=Money(Decimal(1), "USD", "Mtok")))),
    ],
    ids=["rollout", "title", "margins", "order of tasks", "retirement", "price"],
)
def test_what_was_not_measured_may_change(changed: Runbook) -> None:
    assert refusal(changed) is None


@pytest.mark.parametrize(
    ("arm", "reason"),
    [
        (replace(CANDIDATE, model="newer-model"), "model was acme new-model, is acme newer-model"),
        (replace(CANDIDATE, provider="other"), "model was acme new-model, is other new-model"),
        (replace(CANDIDATE, revision="abc"), "revision is new"),
        (replace(CANDIDATE, params={"temperature": 0.7}), 'params was {"temperature":0}, is {"temperature":0.7}'),
        (replace(CANDIDATE, params={}), "params is gone"),
        (replace(CANDIDATE, params={"stop": "x" * 500}), "params changed"),
        (replace(CANDIDATE, prompts=()), f"prompt {PROMPT} is gone"),
        (replace(CANDIDATE, tools=("tools/search.json",)), "tool tools/search.json is new"),
        (replace(CANDIDATE, prompts=("gone.md",)), "the prompt file gone.md of the candidate is not in the repository"),
    ],
)
def test_a_changed_arm_is_refused_by_name(arm: Arm, reason: str) -> None:
    said = refusal(replace(BOOK, candidate=arm)) or ""
    assert reason in said
    assert "candidate" in said


def test_a_prompt_counts_by_content() -> None:
    edited = MappedFiles({**FILES.contents, PROMPT: b"Answer the question, briefly.\n"})
    assert refusal(BOOK, files=edited) == f"it measured another baseline: prompt {PROMPT} changed"


def test_the_order_of_prompts_counts() -> None:
    files = MappedFiles({"a.md": b"a", "b.md": b"b"})
    one, other = (
        arm_parts("candidate", replace(CANDIDATE, prompts=order), files)
        for order in (("a.md", "b.md"), ("b.md", "a.md"))
    )
    assert digest_of_parts(one) != digest_of_parts(other)


@pytest.mark.parametrize(
    ("suite", "reason"),
    [
        (replace(SUITE, score_from="score"), "score_from was namedScores.exact, is score"),
        (replace(SUITE, id_from="vars.id"), "id_from was metadata.example_id, is vars.id"),
        (replace(SUITE, adapter="generic"), "adapter was promptfoo, is generic"),
        (replace(SUITE, judge={"model": "j"}), "judge is new"),
    ],
)
def test_a_suite_that_scores_otherwise_is_refused(suite: Suite, reason: str) -> None:
    assert reason in (refusal(BOOK, suite) or "")


def test_where_results_lie_and_which_command_made_them_may_change() -> None:
    assert refusal(BOOK, replace(SUITE, path="elsewhere.json", command=("npx", "promptfoo"))) is None


def test_a_judge_counts_with_the_files_it_names() -> None:
    suite = replace(SUITE, judge={"model": "judge-1", "prompt": "prompts/judge.md"})
    before = MappedFiles({**FILES.contents, "prompts/judge.md": b"Grade."})
    after = MappedFiles({**FILES.contents, "prompts/judge.md": b"Grade kindly."})
    bound = binding(suite=suite, files=before)
    assert why_refused(bound, BOOK, suite, before, NOW) is None
    assert "judge file prompts/judge.md changed" in (why_refused(bound, BOOK, suite, after, NOW) or "")


@pytest.mark.parametrize(
    ("tasks", "reason"),
    [
        ((*BOOK.tasks, Task(id="routing")), "routing is new"),
        (BOOK.tasks[1:], "refund is gone"),
        ((replace(BOOK.tasks[0], metric="refusal"), *BOOK.tasks[1:]), "refund was score higher, is refusal higher"),
        ((replace(BOOK.tasks[0], better="lower"), *BOOK.tasks[1:]), "refund was score higher, is score lower"),
    ],
)
def test_another_set_of_tasks_is_refused(tasks: tuple[Task, ...], reason: str) -> None:
    assert refusal(replace(BOOK, tasks=tasks)) == f"it measured other tasks: {reason}"


def test_evidence_of_another_runbook_or_suite_is_refused() -> None:
    assert "belongs to runbook support, not to billing" in (refusal(replace(BOOK, id="billing")) or "")
    assert "belongs to suite offline, not to nightly" in (refusal(BOOK, replace(SUITE, name="nightly")) or "")


def test_an_arm_that_is_gone_is_a_reason_not_a_crash() -> None:
    assert "no readable candidate" in (refusal(replace(BOOK, candidate=None)) or "")


def test_age_counts_to_the_second() -> None:
    limit = timedelta(days=3)

    def at(age: timedelta) -> str | None:
        return why_refused(binding(), BOOK, SUITE, FILES, MEASURED + age, limit)

    assert at(limit) is None
    assert "max_evidence_age is 72h" in (at(limit + timedelta(seconds=1)) or "")
    assert at(timedelta(minutes=-5)) is None
    assert "in the future" in (at(timedelta(minutes=-5, seconds=-1)) or "")


def test_a_digest_without_its_parts_is_not_believed() -> None:
    forged = replace(binding(), suite_digest="0" * 64)
    assert "not that of the parts" in (why_refused(forged, BOOK, SUITE, FILES, NOW) or "")


def test_numbers_that_json_cannot_hold_are_refused() -> None:
    with pytest.raises(EvidenceRefused, match="canonically"):
        arm_parts("candidate", replace(CANDIDATE, params={"seed": 2**60}), FILES)


def test_loosened_margins_are_found_and_tightened_ones_are_not() -> None:
    refund, invoice, smalltalk = BOOK.tasks
    wider = replace(refund, margin=Points(Decimal("0.08")))
    tighter = replace(invoice, margin=Points(Decimal("0.01")))
    assert loosened_margins(binding(), BOOK) == {}
    assert loosened_margins(binding(), replace(BOOK, tasks=(wider, tighter, smalltalk))) == {"refund": ("3pp", "8pp")}
    unloaded = replace(refund, load_bearing=False)
    assert loosened_margins(binding(), replace(BOOK, tasks=(unloaded, invoice))) == {"refund": ("3pp", "")}
