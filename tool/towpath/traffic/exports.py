"""Which export files a repository has, who owns each, and what must be in it.

One path belongs to one feature. Its owner is the feature's live runbook; without one, the runbook that moved last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from towpath.model.errors import TowpathError
from towpath.traffic.exporters import EXPORTERS
from towpath.traffic.routing import routing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from towpath.model.runbook import Runbook
    from towpath.model.snapshot import Settings


class ExportRefused(TowpathError):
    """An export that cannot be rendered: unknown target, or a path two features claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """One rendered file and the runbook it speaks for."""

    path: str
    target: str
    runbook: str
    content: bytes


def exports_of(runbook: Runbook, today: date, settings: Settings) -> tuple[ExportFile, ...]:
    """What one runbook's exports must contain.

    Raises:
        ExportRefused: unknown target, or a path that is not the exports' to write.
        NowhereToRoute: no living model for the baseline.
    """
    if not runbook.exports:
        return ()
    routing = routing_of(runbook, today)
    files = []
    for export in runbook.exports:
        if not may_write(export.path, settings):
            raise ExportRefused(
                f"{runbook.path}: an export must not be written to {export.path!r}",
                "name a file inside the repository, outside its runbooks, evidence, records and policies",
            )
        render = EXPORTERS.get(export.target)
        if render is None:
            raise ExportRefused(
                f"{runbook.path}: unknown export target {export.target!r}", f"known targets: {', '.join(EXPORTERS)}"
            )
        files.append(ExportFile(path=export.path, target=export.target, runbook=runbook.id, content=render(routing)))
    return tuple(files)


def may_write(path: str, settings: Settings) -> bool:
    """Whether an export may be written there: inside the repository, and nothing that means something else."""
    parts = path.split("/")
    # a runbook is untrusted text: it must not make a bot write a workflow, a record or another runbook
    if any(part in ("", ".", "..") or part.startswith(".") or "\\" in part for part in parts):
        return False
    ours = (settings.runbooks, settings.evidence, settings.records, settings.policies)
    return path not in ("towpath.toml", "CODEOWNERS") and not any(path.startswith(f"{folder}/") for folder in ours)


def owners(runbooks: Iterable[Runbook], moved: Mapping[str, datetime]) -> dict[str, Runbook]:
    """Export path -> the runbook that owns it.

    Args:
        moved: runbook id -> when its newest transition was made; a runbook that never moved is missing.

    Raises:
        ExportRefused: two features claim one path.
    """
    never = datetime.min.replace(tzinfo=UTC)
    owner: dict[str, Runbook] = {}
    # later ones win: finished before live, and the one that moved last
    for runbook in sorted(runbooks, key=lambda one: (one.live, moved.get(one.id, never), one.id)):
        for export in runbook.exports:
            other = owner.get(export.path)
            if other is not None and other.feature.name != runbook.feature.name:
                raise ExportRefused(
                    f"{export.path} is claimed by the features {other.feature.name} and {runbook.feature.name}",
                    "give each feature its own export path",
                )
            owner[export.path] = runbook
    return owner
