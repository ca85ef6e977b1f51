"""The audit for people and for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from support.golden import as_recorded
from support.hostile import HOSTILE, terminal_is_safe
from support.records import RECORD
from towpath.audit.transitions import Story, Transition
from towpath.model.history import Landing
from towpath.model.record import Position
from towpath.report.audit_report import audit_data, render_audit

TIP = "f" * 40
LANDED = Landing(commit="a" * 40, at=datetime(2026, 11, 23, 12, tzinfo=UTC), simulated=True)
BY_HAND = Landing(commit="b" * 40, at=None)
PROVEN = Transition(
    landing=LANDED,
    action="promote",
    from_=RECORD.from_,
    to=RECORD.to,
    record_path="records/triage/000001.json",
    record=replace(RECORD, synthetic=True, simulated=True),
    problems=(),
)
UNPROVEN = Transition(
    landing=BY_HAND,
    action="unrecorded",
    from_=RECORD.to,
    to=Position(stage="full", percent=Decimal(100)),
    record_path="",
    record=None,
    problems=("the rollout block changed without a record", "it jumps over canary"),
)
WHOLE = Story(runbook="triage", path="runbooks/triage.yaml", transitions=(PROVEN,), amends=(BY_HAND,))
BROKEN = replace(WHOLE, runbook="order-desk", transitions=(PROVEN, UNPROVEN), amends=())
QUIET = replace(WHOLE, runbook="quiet", transitions=(), amends=())


def test_text_is_as_recorded() -> None:
    as_recorded("report/audit.text", render_audit((WHOLE, BROKEN, QUIET), TIP, colour=False))


def test_json_is_as_recorded() -> None:
    as_recorded("report/audit.json", json.dumps(audit_data((WHOLE, BROKEN, QUIET), TIP), indent=2))


def test_the_last_line_is_the_answer() -> None:
    def answer(*stories: Story) -> str:
        return render_audit(stories, TIP, colour=False).splitlines()[-1]

    assert answer(WHOLE) == "every transition is proven by its record"
    assert answer(WHOLE, BROKEN) == "1 of 3 transitions not proven"
    assert answer(replace(BROKEN, transitions=(UNPROVEN,))) == "1 of 1 transition not proven"
    assert answer(QUIET) == "nothing has moved yet"
    assert answer() == "nothing has moved yet"


def test_text_and_json_agree_on_whether_it_holds() -> None:
    assert audit_data((WHOLE, QUIET), TIP)["holds"] is True
    broken = audit_data((WHOLE, BROKEN), TIP)
    assert broken["holds"] is False
    assert [story["holds"] for story in broken["runbooks"]] == [True, False]


def test_colour_only_when_wanted() -> None:
    assert "\x1b" not in render_audit((WHOLE, BROKEN), TIP, colour=False)
    painted = render_audit((WHOLE, BROKEN), TIP, colour=True)
    assert "\x1b[31m\x1b[1mFAIL" in painted
    assert "\x1b[32m\x1b[1mok" in painted


def test_nothing_steers_the_terminal() -> None:
    hostile = replace(
        PROVEN,
        record=replace(RECORD, actor=HOSTILE, reason=HOSTILE),
        from_=Position(stage=HOSTILE, percent=Decimal(0)),
        to=Position(stage=HOSTILE, percent=Decimal(5)),
        problems=(HOSTILE,),
    )
    text = render_audit((replace(WHOLE, transitions=(hostile,)),), TIP, colour=False)
    assert terminal_is_safe(text)
    plain = render_audit((replace(WHOLE, transitions=(replace(PROVEN, problems=("x",)),)),), TIP, colour=False)
    assert len(text.splitlines()) == len(plain.splitlines())
