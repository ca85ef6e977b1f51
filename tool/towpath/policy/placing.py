"""A rule's problem -> a finding: where it stands in the file, what else explains it, and how severe it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.finding import Finding, Location, Severity
from towpath.model.runbook import PLANNED, Pointer, Runbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from towpath.document.nodes import Document
    from towpath.policy.rule import Problem, Rule

SECTION_KINDS = ("eval", "cost", "rollback")


def silenced(at: Pointer, malformed: frozenset[Pointer]) -> bool:
    """Whether a pointer is a malformed node or lies below one; the schema has spoken of it already."""
    return any(at[:length] in malformed for length in range(len(at) + 1)) if malformed else False


def severity_for(rule: Rule, severity: Severity, runbook: Runbook) -> Severity:
    """The severity of a rule's findings in one runbook.

    In a draft that has not started, a gap is expected: errors become warnings, which lint still shows and counts. What
    compares with the base revision stays an error, and so does everything once the migration moves, draft or not.
    """
    if severity is Severity.ERROR and runbook.draft and runbook.rollout.stage == PLANNED and not rule.needs_base:
        return Severity.WARNING
    return severity


def placed(problem: Problem, rule: Rule, severity: Severity, document: Document) -> Finding:
    """The finding of a problem. One inside a named section also points at the stages that use the section."""
    return Finding(
        rule=rule.id,
        severity=severity,
        message=problem.message,
        path=document.path,
        span=document.span(problem.at, on_key=problem.on_key),
        help=problem.help,
        related=(
            *(
                Location(path=document.path, span=document.span(pointer), label=label)
                for pointer, label in problem.related
            ),
            *(
                Location(path=document.path, span=document.span(pointer), label=f"used by stage {stage}")
                for pointer, stage in section_users(document.data, problem.at)
            ),
        ),
    )


def section_users(data: Mapping[str, object], at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """The stages that use the named section a pointer lies in: where they name it, and the stage's name."""
    if len(at) < 3 or at[0] != "checks" or at[1] not in SECTION_KINDS:
        return
    stages = data.get("stages")
    for index, stage in enumerate(stages if isinstance(stages, list) else ()):
        used = stage.get(at[1]) if isinstance(stage, dict) else None
        here: Pointer = ("stages", index, at[1])
        if used == at[2]:
            yield here, str(stage.get("name"))
        elif isinstance(used, dict) and used.get("use") == at[2]:
            yield (*here, "use"), str(stage.get("name"))
