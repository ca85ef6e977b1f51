"""Branch names say which step they are, and only ours do."""

from __future__ import annotations

import pytest

from towpath.plan.naming import Step, step_of


def test_there_and_back() -> None:
    step = Step(runbook="support-triage-2026-11", seq=12, action="rollback")
    assert step.branch == "towpath/support-triage-2026-11/000012-rollback"
    assert step_of(step.branch) == step


@pytest.mark.parametrize(
    "branch",
    ["main", "towpath/x/1-promote", "towpath/x/000001-raise", "towpath/../000001-hold", "towpath/x/000001-hold\n"],
)
def test_not_ours(branch: str) -> None:
    assert step_of(branch) is None
