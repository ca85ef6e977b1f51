"""Everything a transition is planned from: one runbook on one commit of the base branch, at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.plan.bake import Bake, bake_of
from towpath.record.chain import Chain, chain_of

if TYPE_CHECKING:
    from datetime import datetime

    from towpath.document.loading import Loaded
    from towpath.model.finding import Finding
    from towpath.model.history import Revision
    from towpath.model.runbook import Runbook
    from towpath.model.snapshot import Snapshot
    from towpath.policy.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a plan may look at.

    Attributes:
        snapshot: the tree of the base commit, and the moment.
        base: that commit's id.
        loaded: the runbook's file, already read.
        runbooks: every readable runbook of the tree.
        revisions: the versions of the runbook on the base branch, oldest first.
        findings: what lint says of the runbook.
        pack: the rule pack lint used.
        actor: who asks, as the record will name them.
        stamp: the moment written into record and hold: that of the first run that planned this step, so that running
            again gives the same bytes.
        simulated: whether the moment comes from a simulated clock.
    """

    snapshot: Snapshot
    base: str
    loaded: Loaded
    runbook: Runbook
    runbooks: tuple[Runbook, ...]
    revisions: tuple[Revision, ...]
    findings: tuple[Finding, ...]
    pack: Pack
    actor: str
    stamp: datetime
    simulated: bool
    tool_version: str

    @property
    def bake(self) -> Bake:
        """The clock of the current stage."""
        return bake_of(self.revisions, self.snapshot.now)

    @property
    def chain(self) -> Chain:
        """The records so far."""
        return chain_of(self.snapshot.files, self.snapshot.settings, self.runbook.id)
