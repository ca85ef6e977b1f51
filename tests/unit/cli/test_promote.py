"""`towpath promote`, as a user runs it, on a repository with a hub."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.runbooks import CLEAN, CLEAN_ID
from support.scratch import ATTEST, FLAGS, HOURS, PROMOTION, RECORD, RUNBOOK, Desk, clean_files, desk_at, evidence
from towpath.cli.promote import attestations
from towpath.model.errors import UsageError
from towpath.record.digests import digest_of

OTHER = CLEAN_ID.replace("support", "billing")
OTHER_TEXT = CLEAN.replace("support-triage", "billing-triage")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return desk_at(tmp_path, monkeypatch, capsys)


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Two runbooks: ours, whose gate passes, and another one without evidence."""
    files = clean_files()
    files[f"runbooks/{OTHER}.yaml"] = OTHER_TEXT.encode()
    return desk_at(tmp_path, monkeypatch, capsys, files)


def test_it_opens_one_pull_request_with_exactly_the_change(desk: Desk) -> None:
    ran = desk("promote", CLEAN_ID)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"{CLEAN_ID}: planned (0 %) -> internal (0 %): pull request #1 opened",
        "  look:  towpath pr show 1",
        "  merge: towpath pr merge 1",
    ]
    before, after = desk.place.read(RUNBOOK).decode(), desk.place.read(RUNBOOK, PROMOTION).decode()
    assert after == before.replace("  stage: planned\n", "  stage: internal\n")
    changed = desk.place.git.line("diff", "--name-status", "main", PROMOTION).split("\n")
    assert changed == [f"A\t{FLAGS}", f"A\t{RECORD}", f"M\t{RUNBOOK}"]


def test_the_record_pins_what_it_was_decided_on(desk: Desk) -> None:
    answer = desk.json("promote", CLEAN_ID)["runbooks"][0]
    record = json.loads(desk.place.read(RECORD, PROMOTION))
    assert answer["record"] == record
    text = json.dumps(record)
    path, data = evidence(clean_files())  # type: ignore[arg-type]
    assert path in text
    assert digest_of(data).sha256 in text
    assert digest_of(desk.place.read(RUNBOOK)).sha256 in text
    assert digest_of(desk.place.read(RUNBOOK, PROMOTION)).sha256 in text
    assert record["_type"] == "https://in-toto.io/Statement/v1"


def test_json_of_the_whole_answer(desk: Desk) -> None:
    data = desk.json("promote", CLEAN_ID)
    assert (data["dry_run"], data["exit_code"], len(data["runbooks"])) == (False, 0, 1)
    answer = data["runbooks"][0]
    assert (answer["outcome"], answer["done"], answer["number"]) == ("create", "created", 1)
    assert (answer["branch"], answer["base"]) == (PROMOTION, desk.place.head())
    assert answer["head"] == desk.place.head(PROMOTION)
    assert (answer["from"], answer["to"]) == (
        {"stage": "planned", "percent": "0"},
        {"stage": "internal", "percent": "0"},
    )
    assert sorted(edit["path"] for edit in answer["edits"]) == [FLAGS, RECORD, RUNBOOK]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_dry_run_shows_the_change_and_writes_nothing(desk: Desk, form: str) -> None:
    before = sorted(path for path in desk.place.hub.rglob("*"))
    ran = desk("promote", CLEAN_ID, "--dry-run", "--format", form)
    assert ran.code == 0
    assert sorted(path for path in desk.place.hub.rglob("*")) == before, "not even an object"
    if form == "json":
        data = json.loads(ran.out)
        assert data["dry_run"] is True
        assert "done" not in data["runbooks"][0]
        assert "+  stage: internal" in data["runbooks"][0]["edits"][0]["diff"]
    else:
        assert "would open a pull request" in ran.out
        assert "-  stage: planned\n+  stage: internal\n" in ran.out
        assert f"+++ b/{RECORD}" in ran.out


def test_a_dry_run_when_it_is_open_already(desk: Desk) -> None:
    assert desk("promote", CLEAN_ID).code == 0
    refs = desk.place.refs()
    ran = desk("promote", CLEAN_ID, "--dry-run")
    assert (ran.code, "would change nothing: the right pull request is open" in ran.out) == (0, True)
    assert desk("promote", CLEAN_ID).out.startswith(
        f"{CLEAN_ID}: planned (0 %) -> internal (0 %): pull request #1 is open already\n"
    )
    assert desk.place.refs() == refs


def test_too_early_says_when_to_come_back(desk: Desk) -> None:
    desk.climb(1)
    refs = desk.place.refs()
    ran = desk.hours(47)("promote", CLEAN_ID)
    assert ran.code == 3
    assert ran.out.splitlines() == [
        f"{CLEAN_ID}: not yet: stage internal has baked 1d 23h of 48h",
        "  ask again in 1h, on 2026-11-25 at 12:00 UTC",
    ]
    answer = desk.json("promote", CLEAN_ID, code=3)["runbooks"][0]
    assert (answer["outcome"], answer["code"], answer["due"]) == ("not-yet", "bake", "2026-11-25T12:00:00Z")
    assert desk.place.refs() == refs


def test_what_only_people_can_say_has_to_be_said(desk: Desk) -> None:
    desk.climb(1)
    missing = desk.hours(HOURS[1]).json("promote", CLEAN_ID, code=3)["runbooks"][0]
    assert (missing["code"], "asks @acme/support-leads to review 50 answers" in missing["message"]) == ("review", True)
    assert desk("promote", CLEAN_ID, "--attest", "review=Bea read 50, 1 serious").code == 0
    record = json.loads(desk.place.read(f"records/{CLEAN_ID}/000002.json", f"towpath/{CLEAN_ID}/000002-promote"))
    assert "Bea read 50, 1 serious" in json.dumps(record)


def test_the_way_to_a_hundred_percent(desk: Desk) -> None:
    desk.climb(4)
    rollout = desk.place.read(RUNBOOK).decode().partition("rollout:")[2]
    assert "stage: full" in rollout
    assert "percent: 100" in rollout
    done = desk.hours(2000).json("promote", CLEAN_ID, *ATTEST, code=3)["runbooks"][0]
    assert (done["code"], done["help"]) == ("finished", f"finish the migration with: towpath close {CLEAN_ID}")
    assert desk.json("audit")["holds"]


def test_a_gate_that_fails_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = desk_at(tmp_path, monkeypatch, capsys, clean_files(lost=40))
    refs = desk.place.refs()
    ran = desk("promote", CLEAN_ID)
    assert ran.code == 1
    assert f"{CLEAN_ID}: no: the gate for internal says fail" in ran.out
    assert f"see: towpath gate {CLEAN_ID} --stage internal" in ran.out
    assert desk.place.refs() == refs


def test_no_evidence_is_no_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {path: data for path, data in clean_files().items() if not path.startswith("evidence/")}
    desk = desk_at(tmp_path, monkeypatch, capsys, files)
    answer = desk.json("promote", CLEAN_ID, code=3)["runbooks"][0]
    assert answer["code"] == "gate"
    assert "no-data" in answer["message"]


def test_evidence_too_old_is_no_pass(desk: Desk) -> None:
    answer = desk.hours(24 * 31).json("promote", CLEAN_ID, code=3)["runbooks"][0]
    assert answer["code"] == "gate", answer


def test_a_finding_stops_it(desk: Desk) -> None:
    desk.place.edit("    bake: 48h", "    bake: 1h")
    answer = desk.json("promote", CLEAN_ID, code=1)["runbooks"][0]
    assert (answer["code"], answer["message"].startswith(f"{RUNBOOK}:")) == ("lint", True)
    assert desk.json("pr", "list")["pull_requests"] == []


def test_a_hold_stops_it(desk: Desk) -> None:
    desk.land("hold", CLEAN_ID, "--reason", "flaky tests")
    answer = desk.json("promote", CLEAN_ID, code=3)["runbooks"][0]
    assert answer["code"] == "hold"
    assert "on hold by Ada" in answer["message"]
    assert "flaky tests" in answer["message"]


def test_all_looks_at_every_live_runbook(two: Desk) -> None:
    ran = two("promote", "--all")
    assert f"{CLEAN_ID}: planned (0 %) -> internal (0 %): pull request #1 opened" in ran.out
    assert f"{OTHER}: not yet: the gate for internal says no-data" in ran.out
    assert ran.code == 3, "the one that is missing something decides"
    data = two.json("promote", OTHER, CLEAN_ID, CLEAN_ID, code=3)
    assert [(one["runbook"], one["exit_code"]) for one in data["runbooks"]] == [(OTHER, 3), (CLEAN_ID, 0)]


def test_one_broken_runbook_keeps_no_other_from_being_looked_at(two: Desk) -> None:
    data = two.json("promote", "nothing-like-it", CLEAN_ID, code=2)
    assert [(one["runbook"], one["exit_code"]) for one in data["runbooks"]] == [("nothing-like-it", 2), (CLEAN_ID, 0)]
    assert data["runbooks"][0]["outcome"] == "error"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name a runbook, or say --all"),
        ((CLEAN_ID, "--all"), "name a runbook, or say --all"),
        (("suport-triage-2026-11",), CLEAN_ID),
        ((CLEAN_ID, "--attest", "review"), "is not WHAT=TEXT"),
        ((CLEAN_ID, "--attest", "lunch=good"), "is not WHAT=TEXT"),
        ((CLEAN_ID, "--atest", "x"), "--attest"),
    ],
)
def test_usage(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    ran = desk("promote", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert desk.json("pr", "list")["pull_requests"] == []


def test_outside_a_repository(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    ran = desk("promote", CLEAN_ID)
    assert (ran.code, "towpath.toml" in ran.err) == (2, True)


def test_a_clock_is_simulated_only_where_the_base_branch_says_so(desk: Desk) -> None:
    desk.place.push({"towpath.toml": b""})
    ran = desk("promote", CLEAN_ID)
    assert (ran.code, "does not allow it" in ran.err) == (2, True)


def test_attestations_are_trimmed() -> None:
    assert [(one.what, one.statement) for one in attestations(("review= a=b ",))] == [("review", "a=b")]
    with pytest.raises(UsageError):
        attestations(("review=  ",))


def test_help(desk: Desk) -> None:
    ran = desk("promote", "--help")
    assert ran.code == 0
    for said in ("RUNBOOK", "--attest", "--dry-run", "--all", "--format", "Exit code 0"):
        assert said in ran.out
