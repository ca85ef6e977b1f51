"""The text of a pull request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.changes import changes
from support.gates import HOSTILE_REPORT
from support.golden import as_recorded
from support.hostile import HOSTILE, markup_left, terminal_is_safe
from support.records import DIGEST
from towpath.model.change import Change
from towpath.model.record import Attestation, Position, Subject
from towpath.report.pull_request import LIMIT, pull_request_body

CHANGES = changes()


@pytest.mark.parametrize("action", CHANGES)
def test_body_is_as_recorded(action: str) -> None:
    as_recorded(f"report/pull-request-{action}.md", pull_request_body(CHANGES[action]))


def with_texts(text: str) -> Change:
    """The promotion, every text that a person or a file can choose replaced."""
    change = CHANGES["promote"]
    record = replace(
        change.record,
        reason=text,
        actor=text,
        policy_pack=text,
        policy_version=text,
        from_=Position(stage=text, percent=change.record.from_.percent),
        to=Position(stage=text, percent=change.record.to.percent),
        attested=(Attestation(what=text, statement=text),),
        evidence=(Subject(path=text, digest=DIGEST),),
    )
    gate = replace(
        HOSTILE_REPORT,
        stage=text,
        reasons=(text,),
        tasks=tuple(replace(task, task=text) for task in HOSTILE_REPORT.tasks),
        criteria=tuple(
            replace(one, task=one.task and text, metric=text, message=text) for one in HOSTILE_REPORT.criteria
        ),
    )
    return replace(change, runbook=text, record=record, gate=gate)


def test_untrusted_text_changes_no_markup() -> None:
    """Hostile text gives the same lines with the same markup as harmless text does."""
    harmless, hostile = (pull_request_body(with_texts(text)).splitlines() for text in ("harmless", HOSTILE))
    assert [markup_left(line) for line in hostile] == [markup_left(line) for line in harmless]
    assert terminal_is_safe("\n".join(hostile))


def test_hostile_text_would_be_seen_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("towpath.report.pull_request.inert", str)
    with pytest.raises(AssertionError):
        test_untrusted_text_changes_no_markup()


def test_no_forge_refuses_it_for_its_length() -> None:
    change = CHANGES["promote"]
    long = replace(change, record=replace(change.record, reason="very " * 20_000))
    body = pull_request_body(long)
    assert LIMIT < len(body) < 65_536
    assert body.endswith("(cut; the record in this change is whole)\n")


def test_only_what_moves_traffic_up_says_how_to_go_back() -> None:
    said = {action for action, change in CHANGES.items() if "towpath rollback" in pull_request_body(change)}
    assert said == {"promote", "resume"}


def test_synthetic_evidence_and_a_simulated_clock_are_said() -> None:
    change = CHANGES["promote"]
    assert "**Synthetic evidence**" in pull_request_body(change)
    assert "**Simulated clock**" not in pull_request_body(change)
    simulated = replace(change, record=replace(change.record, simulated=True, synthetic=False))
    assert "**Simulated clock**" in pull_request_body(simulated)
    assert "**Synthetic evidence**" not in pull_request_body(simulated)
