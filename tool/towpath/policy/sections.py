"""The sections of a runbook's stages, each once: a named section that four stages use is one place with one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import (
        CostSection,
        EvalSection,
        Pointer,
        Requirement,
        RollbackSection,
        Runbook,
        Stage,
        Trigger,
    )


def eval_sections(runbook: Runbook) -> Iterator[tuple[Stage, EvalSection]]:
    """Every eval section with the first stage that uses it."""
    seen: set[Pointer] = set()
    for stage in runbook.stages:
        if stage.eval is not None and stage.eval.at not in seen:
            seen.add(stage.eval.at)
            yield stage, stage.eval


def cost_sections(runbook: Runbook) -> Iterator[tuple[Stage, CostSection]]:
    """Every cost section with the first stage that uses it."""
    seen: set[Pointer] = set()
    for stage in runbook.stages:
        if stage.cost is not None and stage.cost.at not in seen:
            seen.add(stage.cost.at)
            yield stage, stage.cost


def rollback_sections(runbook: Runbook) -> Iterator[tuple[Stage, RollbackSection]]:
    """Every rollback section with the first stage that uses it."""
    seen: set[Pointer] = set()
    for stage in runbook.stages:
        if stage.rollback is not None and stage.rollback.at not in seen:
            seen.add(stage.rollback.at)
            yield stage, stage.rollback


def triggers(runbook: Runbook) -> Iterator[Trigger]:
    """Every rollback trigger. A stage that adds to a named section has its triggers at its own place, too."""
    seen: set[Pointer] = set()
    for stage in runbook.stages:
        for trigger in stage.rollback.when if stage.rollback is not None else ():
            if trigger.at not in seen:
                seen.add(trigger.at)
                yield trigger


def requirements(runbook: Runbook) -> Iterator[Requirement]:
    """Every requirement of the eval sections."""
    seen: set[Pointer] = set()
    for stage in runbook.stages:
        for requirement in stage.eval.require if stage.eval is not None else ():
            if requirement.at not in seen:
                seen.add(requirement.at)
                yield requirement
