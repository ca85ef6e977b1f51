"""What landed on the base branch, as the audit looks at it: one step for each commit that touched a runbook's story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from towpath.model.history import Landing
    from towpath.model.snapshot import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit of the first-parent line.

    Attributes:
        before: the tree of its first parent; None for the first commit.
        after: its own tree.
    """

    landing: Landing
    before: Files | None
    after: Files
