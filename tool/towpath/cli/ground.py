"""What transitions stand on: the forge, the tip of the base branch, and everything read from exactly that commit.

The work tree is never read here: what is not on the base branch has not happened.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import towpath
from towpath.cli.context import SETTINGS_FILE, Workplace
from towpath.document.loading import find_runbook, load_all
from towpath.document.parse import parse
from towpath.document.runbook_reading import read_runbook
from towpath.document.schema import validate
from towpath.document.settings import read_settings
from towpath.model.errors import EnvironmentProblem, TowpathError
from towpath.model.forge import Moment
from towpath.model.history import Revision
from towpath.plan.naming import Step, step_of
from towpath.plan.reconcile import BLOCKED_BY_CLOSING, BranchState
from towpath.plan.situation import Situation
from towpath.policy.engine import lint
from towpath.policy.pack import load_pack
from towpath.record.chain import chain_of
from towpath.record.statement import RecordRefused, read_record, record_path

if TYPE_CHECKING:
    from datetime import datetime

    from towpath.model.change import Change
    from towpath.model.forge import Forge, PullRequest
    from towpath.model.record import Action
    from towpath.model.runbook import Runbook
    from towpath.model.snapshot import Files, Snapshot
    from towpath.policy.pack import Pack


@dataclass(frozen=True)
class Ground:
    """One reading of the base branch.

    Attributes:
        base: the commit everything is read from.
    """

    workplace: Workplace
    forge: Forge
    base: str
    snapshot: Snapshot

    @property
    def now(self) -> Moment:
        """The moment of this run, as a forge writes it down."""
        return Moment(at=self.workplace.now, simulated=self.workplace.simulated)

    @property
    def base_branch(self) -> str:
        """The branch whose tree is the state."""
        return self.workplace.settings.base

    @cached_property
    def actor(self) -> str:
        """Who runs this command, as far as they say."""
        return actor(self.workplace)

    @cached_property
    def pack(self) -> Pack:
        """The rule pack of the base."""
        return load_pack(self.snapshot)

    @cached_property
    def runbooks(self) -> tuple[Runbook, ...]:
        """Every readable runbook of the base."""
        return tuple(loaded.runbook for loaded in load_all(self.snapshot) if loaded.runbook is not None)

    @cached_property
    def open_pulls(self) -> tuple[PullRequest, ...]:
        """Every open pull request."""
        return self.forge.list("open")

    def situation(self, name: str, action: Action) -> Situation:
        """What a transition of one runbook is planned from.

        Raises:
            UsageError: there is no such runbook on the base branch, or it has errors.
        """
        loaded = find_runbook(self.snapshot, name, urgent=action in ("rollback", "emergency"))
        runbook = loaded.runbook
        assert runbook is not None  # find_runbook raises instead
        step = Step(runbook=runbook.id, seq=self.next_seq(runbook), action=action)
        written = self._written(step)
        return Situation(
            snapshot=self.snapshot,
            base=self.base,
            loaded=loaded,
            runbook=runbook,
            runbooks=self.runbooks,
            revisions=self.revisions(runbook.path),
            findings=lint(self.snapshot, self.pack, [runbook.path]),
            pack=self.pack,
            actor=self.actor,
            stamp=written or self.workplace.now,
            simulated=self.workplace.simulated,
            tool_version=towpath.__version__,
        )

    def next_seq(self, runbook: Runbook) -> int:
        """The number of the runbook's next record."""
        return chain_of(self.snapshot.files, self.snapshot.settings, runbook.id).next_seq

    def revisions(self, path: str) -> tuple[Revision, ...]:
        """The versions of a runbook on the base branch, oldest first."""
        return tuple(
            Revision(landing=landing, runbook=_read(self.forge.files(landing.commit), path))
            for landing in self.forge.landings(self.base_branch, path)
        )

    def branch_state(self, change: Change) -> BranchState:
        """What the forge has for a change."""
        head = self.forge.branch_head(change.branch)
        return BranchState(
            head=head,
            files=self.forge.files(head) if head else None,
            foreign=self.forge.foreign(change.branch, self.base_branch),
            pulls=self.forge.find(change.branch),
            others=tuple(pull for pull in self.pulls_of(change.runbook) if pull.branch != change.branch),
        )

    def pulls_of(self, runbook_id: str) -> tuple[PullRequest, ...]:
        """Open pull requests of a runbook's steps."""
        return tuple(pull for pull in self.open_pulls if (step := step_of(pull.branch)) and step.runbook == runbook_id)

    def closed_step(self, runbook: Runbook) -> PullRequest | None:
        """The pull request of the runbook's present step that a person closed, if it blocks the step."""
        for action in BLOCKED_BY_CLOSING:
            step = Step(runbook=runbook.id, seq=self.next_seq(runbook), action=action)
            pulls = self.forge.find(step.branch)
            if pulls and pulls[0].state == "closed":
                return pulls[0]
        return None

    def _written(self, step: Step) -> datetime | None:
        head = self.forge.branch_head(step.branch)
        if head is None:
            return None
        path = record_path(self.snapshot.settings.records, step.runbook, step.seq)
        data = self.forge.files(head).read(path)
        try:
            return read_record(data, path).created if data else None
        except RecordRefused:
            return None


def ground(workplace: Workplace) -> Ground:
    """Read the base branch.

    Raises:
        EnvironmentProblem: there is no forge or no base branch, or the base branch is no runbook repository.
    """
    from towpath.forge.locate import forge_for

    forge = forge_for(workplace.root, workplace.settings)
    branch = workplace.settings.base
    head = forge.branch_head(branch)
    if head is None:
        raise EnvironmentProblem(
            f"the remote has no branch {branch} yet", f"commit your runbooks and push them: git push -u origin {branch}"
        )
    files = forge.files(head)
    settings = files.read(SETTINGS_FILE)
    if settings is None:
        raise EnvironmentProblem(
            f"the branch {branch} has no {SETTINGS_FILE}", f"commit it and push: git push origin {branch}"
        )
    # a clock may be simulated only where the base branch says so, not where a work tree was edited to say so
    base_settings = read_settings(settings, f"{branch}:{SETTINGS_FILE}")
    if workplace.simulated and not base_settings.simulated:
        raise EnvironmentProblem(
            f"the clock is simulated, but {SETTINGS_FILE} on {branch} does not allow it", "unset TOWPATH_NOW"
        )
    there = replace(workplace, settings=base_settings)
    return Ground(workplace=there, forge=forge, base=head, snapshot=there.snapshot(files))


def actor(workplace: Workplace) -> str:
    """Who runs this command: TOWPATH_ACTOR, else what git would write, else the login name. Asserted, not proven."""
    from towpath.git.clone import person

    named = os.environ.get("TOWPATH_ACTOR", "").strip()
    if named:
        return " ".join(named.split())
    try:
        known = person(workplace.root)
    except TowpathError:
        known = None
    return known or getpass.getuser()


def _read(files: Files, path: str) -> Runbook | None:
    text = files.read(path)
    if text is None:
        return None
    document, findings = parse(text, path)
    if document is None or findings:
        return None
    found, malformed = validate(document)
    return None if found else read_runbook(document.data, path, malformed)
