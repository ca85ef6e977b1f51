"""Whether a record proves its transition, on histories in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from support.planning import text_at
from support.records import RECORD
from support.runbooks import CLEAN, CLEAN_ID, CLEAN_PATH
from towpath.audit.history import Step
from towpath.audit.transitions import Story, story_of
from towpath.model.history import Landing
from towpath.model.record import GateResult, Position, Record, Subject
from towpath.model.snapshot import MappedFiles, Settings
from towpath.record.digests import digest_of
from towpath.record.statement import record_path, write_record

EVIDENCE = f"evidence/{CLEAN_ID}/offline-0123456789ab.jsonl"
FLAGS = "flags/support-triage.flagd.json"
SIMULATED = Settings(simulated=True)
PERCENT = {"planned": 0, "internal": 0, "canary": 5, "half": 50, "full": 100, "rolled-back": 0, "done": 100}
HELD = "{by: ada, reason: wait}"


class Told:
    """A history that grows commit by commit; every change is one a record proves unless it is spoiled."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {CLEAN_PATH: CLEAN.encode(), EVIDENCE: b"{}\n", FLAGS: b"{}\n"}
        self.steps = [Step(landing=self._landing(0), before=None, after=MappedFiles(self.files))]
        self.seq = 0
        self.prev = ""
        self.stage = "planned"

    @staticmethod
    def _landing(number: int) -> Landing:
        return Landing(commit=f"{number:040x}", at=datetime(2026, 11, 23, number, tzinfo=UTC))

    def commit(self, **files: bytes | None) -> None:
        """Any commit; keys are paths."""
        before = MappedFiles(self.files)
        changed: dict[str, bytes | None] = {**self.files, **files}
        self.files = {path: data for path, data in changed.items() if data is not None}
        self.steps.append(Step(landing=self._landing(len(self.steps)), before=before, after=MappedFiles(self.files)))

    def record(self, action: str, stage: str, text: str) -> Record:
        start, goal = self.stage, stage
        gate = GateResult(stage=goal, verdict="pass", report_sha256="0" * 64, criteria=(), seed=0)
        return replace(
            RECORD,
            runbook=CLEAN_ID,
            path=CLEAN_PATH,
            action=action,  # type: ignore[arg-type]
            seq=self.seq + 1,
            prev=self.prev,
            before=digest_of(self.files[CLEAN_PATH]),
            after=digest_of(text.encode()),
            from_=Position(stage=start, percent=Decimal(PERCENT[start])),
            to=Position(stage=goal, percent=Decimal(PERCENT[goal])),
            evidence=(Subject(path=EVIDENCE, digest=digest_of(self.files[EVIDENCE])),),
            exports=(Subject(path=FLAGS, digest=digest_of(self.files[FLAGS])),),
            gate=gate if action == "promote" else None,
            simulated=True,
        )

    def move(
        self, action: str, stage: str, *, hold: str = "null", spoil: Callable[[Record], Record] = lambda record: record
    ) -> Told:
        """One transition with its record."""
        text = text_at(stage, hold)
        data = write_record(spoil(self.record(action, stage, text)))
        self.commit(**{CLEAN_PATH: text.encode(), record_path("records", CLEAN_ID, self.seq + 1): data})
        self.seq, self.prev, self.stage = self.seq + 1, digest_of(data).sha256, stage
        return self

    def story(self, settings: Settings = SIMULATED) -> Story:
        return story_of(CLEAN_ID, self.steps, settings)

    def problems(self, settings: Settings = SIMULATED) -> list[str]:
        return [problem for one in self.story(settings).transitions for problem in one.problems]


def test_a_whole_migration_holds() -> None:
    told = Told()
    told.move("promote", "internal").move("hold", "internal", hold=HELD).move("resume", "internal")
    told.move("promote", "canary").move("rollback", "rolled-back", hold=HELD).move("resume", "internal")
    for stage in ("canary", "half", "full"):
        told.move("promote", stage)
    told.move("close", "done")
    story = told.story()
    assert story.holds, told.problems()
    assert len(story.transitions) == 10
    assert story.transitions[3].to == Position(stage="canary", percent=Decimal(5))
    assert story.path == CLEAN_PATH


def test_the_first_commit_of_a_planned_runbook_is_no_transition() -> None:
    story = Told().story()
    assert (story.transitions, story.amends, story.holds) == ((), (), True)


def test_a_runbook_that_begins_in_the_middle_is_not_proven() -> None:
    told = Told()
    told.steps = [
        Step(
            landing=Landing(commit="1", at=None), before=None, after=MappedFiles({CLEAN_PATH: text_at("half").encode()})
        )
    ]
    assert told.problems() == ["the rollout block changed without a record"]


def test_an_amend_is_counted_and_needs_no_record() -> None:
    told = Told().move("promote", "internal")
    told.commit(**{CLEAN_PATH: text_at("internal").replace("title: Support", "title: Our support").encode()})
    told.commit(**{"README.md": b"hello\n"})
    story = told.story()
    assert story.holds
    assert [landing.commit for landing in story.amends] == [told.steps[2].landing.commit]


def spoiled(**claims: object) -> Callable[[Record], Record]:
    return lambda record: replace(record, **claims)  # type: ignore[arg-type]


WRONG: dict[str, tuple[Callable[[Record], Record], str]] = {
    "another runbook": (spoiled(runbook="other"), "the record is of other"),
    "another path": (spoiled(path="runbooks/other.yaml"), "runbooks/other.yaml"),
    "number": (spoiled(seq=7), "the record says it is number 7, the next is 2"),
    "chain": (spoiled(prev="1" * 64), "the record does not name the one before it"),
    "chain begun anew": (spoiled(prev=""), "the record does not name the one before it"),
    "before": (spoiled(before=digest_of(b"x")), "the runbook before is not the one the record names"),
    "after": (spoiled(after=digest_of(b"x")), "the runbook after is not the one the record names"),
    "from": (spoiled(from_=Position(stage="planned", percent=Decimal(0))), "the record's `from`"),
    "to": (spoiled(to=Position(stage="canary", percent=Decimal(6))), "the record's `to`"),
    "no gate": (spoiled(gate=None), "no gate passed for canary"),
    "evidence": (
        spoiled(evidence=(Subject(path=EVIDENCE, digest=digest_of(b"x")),)),
        "is not the evidence the record names",
    ),
    "evidence that is not there": (
        spoiled(evidence=(Subject(path="evidence/x.jsonl", digest=digest_of(b"x")),)),
        "evidence/x.jsonl is not the evidence",
    ),
    "export": (spoiled(exports=(Subject(path=FLAGS, digest=digest_of(b"x")),)), "is not the export the record names"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_record_that_claims_something_else(name: str) -> None:
    spoil, said = WRONG[name]
    told = Told().move("promote", "internal").move("promote", "canary", spoil=spoil)
    assert any(said in problem for problem in told.problems()), told.problems()
    assert not told.story().transitions[0].problems
    assert told.story().transitions[1].landing.commit == told.steps[2].landing.commit


@pytest.mark.parametrize(("verdict", "stage"), [("fail", "canary"), ("inconclusive", "canary"), ("pass", "half")])
def test_a_gate_that_did_not_pass_for_this_stage(verdict: str, stage: str) -> None:
    gate = GateResult(stage=stage, verdict=verdict, report_sha256="0" * 64, criteria=(), seed=0)
    told = Told().move("promote", "internal").move("promote", "canary", spoil=spoiled(gate=gate))
    assert told.problems() == ["no gate passed for canary"]


def test_directions() -> None:
    assert Told().move("promote", "canary").problems() == ["a promotion from planned to canary is not one stage"]
    down = Told().move("promote", "internal").move("promote", "canary").move("promote", "internal")
    assert any("lowers from 5 % to 0 %" in problem for problem in down.problems())
    up = Told().move("promote", "internal").move("rollback", "canary", hold=HELD)
    assert any("does not go down" in problem for problem in up.problems())
    open_ = Told().move("promote", "internal").move("rollback", "rolled-back")
    assert open_.problems() == ["a rollback without a hold"]
    moving = Told().move("promote", "internal").move("hold", "canary", hold=HELD)
    assert moving.problems() == ["a hold that moves the rollout"]
    high = Told().move("promote", "internal").move("rollback", "rolled-back", hold=HELD).move("resume", "canary")
    assert high.problems() == ["a resume that moves from rolled-back to canary"]
    early = Told().move("promote", "internal").move("close", "done")
    assert early.problems() == ["a close from internal to done"]


def test_a_simulated_clock_counts_only_where_it_is_allowed() -> None:
    told = Told().move("promote", "internal")
    assert told.problems() == []
    assert told.problems(Settings()) == ["the clock was simulated, in a repository that is not marked as simulated"]


def test_what_was_recorded_stays() -> None:
    first = record_path("records", CLEAN_ID, 1)
    for files in ({first: b"{}"}, {first: None}):
        told = Told().move("promote", "internal")
        told.commit(**files)
        assert told.problems() == [f"{first} was changed or taken away"]


def test_evidence_of_a_record_stays() -> None:
    for files in ({EVIDENCE: b"{} \n"}, {EVIDENCE: None}):
        told = Told().move("promote", "internal")
        told.commit(**files)
        told.commit(**{"README.md": b"later\n"})
        story = told.story()
        assert told.problems() == [f"{EVIDENCE} was changed or taken away"], "named once, where it was done"
        assert story.transitions[-1].landing.commit == told.steps[2].landing.commit


def test_evidence_nobody_decided_on_may_change() -> None:
    told = Told()
    told.commit(**{EVIDENCE: b"newer\n"})
    told.move("promote", "internal")
    told.commit(**{"evidence/other.jsonl": b"x"})
    told.commit(**{"evidence/other.jsonl": b"y"})
    assert told.problems() == []


def test_a_record_that_is_no_record() -> None:
    told = Told().move("promote", "internal")
    told.commit(**{CLEAN_PATH: text_at("canary").encode(), record_path("records", CLEAN_ID, 2): b"{}"})
    assert len(told.problems()) == 1
    assert told.story().transitions[-1].action == "unrecorded"


def test_two_records_in_one_commit() -> None:
    told = Told()
    data = write_record(told.record("promote", "internal", text_at("internal")))
    told.commit(
        **{
            CLEAN_PATH: text_at("internal").encode(),
            record_path("records", CLEAN_ID, 1): data,
            record_path("records", CLEAN_ID, 2): data,
        }
    )
    assert "2 records in one commit" in told.problems()


def test_a_deleted_runbook() -> None:
    told = Told().move("promote", "internal")
    told.commit(**{CLEAN_PATH: None})
    assert "the runbook was deleted" in told.problems()
