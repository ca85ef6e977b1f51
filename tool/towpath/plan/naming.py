"""Names of branches: deterministic, so that the same step always finds its own pull request again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from towpath.model.record import Action

PREFIX = "towpath/"
_NAME = re.compile(r"towpath/(?P<runbook>[a-z0-9][a-z0-9._-]*)/(?P<seq>[0-9]{6})-(?P<action>[a-z]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transition by name: its runbook, number and kind."""

    runbook: str
    seq: int
    action: Action

    @property
    def branch(self) -> str:
        """`towpath/<runbook>/<seq, six digits>-<action>`."""
        return f"{PREFIX}{self.runbook}/{self.seq:06d}-{self.action}"


def step_of(branch: str) -> Step | None:
    """The step a branch belongs to, or None when the branch is not ours."""
    match = _NAME.fullmatch(branch)
    if match is None or match["action"] not in get_args(Action):
        return None
    return Step(runbook=match["runbook"], seq=int(match["seq"]), action=match["action"])  # type: ignore[arg-type]
