"""How one runbook came to be what it is: its versions on the base branch, and when each landed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from towpath.model.runbook import Runbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A commit of the base branch's first-parent line.

    Attributes:
        at: when the forge merged it; None when no forge vouches for it, as for a direct push. Commit dates do not
            count: whoever writes a commit writes its date.
        simulated: whether that moment came from a simulated clock.
    """

    commit: str
    at: datetime | None
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of a runbook, with the commit that brought it. `runbook` is None when it could not be read."""

    landing: Landing
    runbook: Runbook | None
