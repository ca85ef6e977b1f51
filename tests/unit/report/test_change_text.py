"""What a transition would do: the diff for people, plain data for programs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from support.changes import changes, refused
from support.golden import as_recorded
from support.hostile import HOSTILE, terminal_is_safe
from towpath.model.change import Adopt, Create, Edit, Outcome, Receipt, Refuse, Skip, Update
from towpath.report.change_text import LINES, WIDTH, change_diff, diff_of, plan_data, would

CHANGES = changes()
PROMOTE = CHANGES["promote"]


@pytest.mark.parametrize("action", CHANGES)
def test_diff_is_as_recorded(action: str) -> None:
    as_recorded(f"report/{action}.diff", change_diff(CHANGES[action]))


@pytest.mark.parametrize("action", CHANGES)
def test_plan_is_as_recorded(action: str) -> None:
    change = CHANGES[action]
    as_recorded(f"report/{action}.json", json.dumps(plan_data("triage", change, Create(change=change), None), indent=2))


@pytest.mark.parametrize("code", ["bake", "gate", "hold"])
def test_a_plan_that_is_not_made_is_as_recorded(code: str) -> None:
    plan = refused()[code]
    as_recorded(f"report/not-yet-{code}.json", json.dumps(plan_data("triage", plan, None, None), indent=2))


def test_a_diff_names_new_and_deleted_files() -> None:
    assert list(diff_of(Edit(path="a", before=None, after=b"x\n")))[:2] == ["--- /dev/null", "+++ b/a"]
    assert list(diff_of(Edit(path="a", before=b"x\n", after=None)))[:2] == ["--- a/a", "+++ /dev/null"]
    assert list(diff_of(Edit(path="a", before=b"x\n", after=b"x\n"))) == []


def test_a_diff_that_nobody_could_read_is_cut() -> None:
    rows = b"".join(b"%d %s\n" % (number, b"y" * 300) for number in range(1000))
    lines = change_diff(replace(PROMOTE, edits=(Edit(path="a", before=None, after=rows),))).splitlines()
    assert len(lines) == LINES + 1
    assert lines[-1] == f"... {1003 - LINES} more lines"
    assert max(map(len, lines)) <= WIDTH + 4
    # the whole is there for programs
    change = replace(PROMOTE, edits=(Edit(path="a", before=None, after=rows),))
    assert len(plan_data("x", change, Create(change=change), None)["edits"][0]["diff"]) > len(rows)


def test_a_file_cannot_steer_the_terminal() -> None:
    hostile = f"title: {HOSTILE}\n".encode() + b"\xff\xfe\n"
    diff = change_diff(replace(PROMOTE, edits=(Edit(path=HOSTILE, before=hostile, after=b"a: 1\n"),)))
    assert terminal_is_safe(diff)
    assert all(line.startswith(("---", "+++", "@@", "-", "+")) for line in diff.splitlines())


def test_every_outcome_has_its_words() -> None:
    outcomes: dict[str, Outcome] = {
        "create": Create(change=PROMOTE),
        "update": Update(change=PROMOTE, number=3, why="moved"),
        "adopt": Adopt(change=PROMOTE),
        "skip": Skip(change=PROMOTE, number=3),
        "refuse": Refuse(runbook="triage", code="closed", message="closed by hand", help="resume", number=3),
    }
    for word, outcome in outcomes.items():
        data = plan_data("triage", PROMOTE, outcome, None)
        assert data["outcome"] == word
        assert data["branch"] == PROMOTE.branch
        json.dumps(data, allow_nan=False)
    assert len({would(outcome) for outcome in outcomes.values()}) == len(outcomes)
    assert plan_data("triage", PROMOTE, outcomes["refuse"], None)["message"] == "closed by hand"
    assert plan_data("triage", None, None, None) == {"runbook": "triage", "outcome": "error"}


def test_what_was_done_is_told() -> None:
    receipt = Receipt(
        runbook="triage", done="created", number=4, branch=PROMOTE.branch, head="a" * 40, superseded=(2, 3)
    )
    data = plan_data("triage", PROMOTE, Create(change=PROMOTE), receipt)
    assert (data["done"], data["number"], data["head"], data["superseded"]) == ("created", 4, "a" * 40, [2, 3])


def test_the_record_in_the_data_is_the_one_in_the_change() -> None:
    for change in CHANGES.values():
        (record,) = (edit.after for edit in change.edits if edit.path.startswith("records/"))
        assert record is not None
        assert plan_data("x", change, Create(change=change), None)["record"] == json.loads(record)
