"""What the runbook's JSON Schema says, as findings at exact nodes and in words an author understands.

The schema is the only description of the file's shape; the texts come from it (`x-expected` says what belongs there,
`x-unit` names the unit of a quantity). This module decides which branch of a choice the author meant and which word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from towpath.document.core_schema import shown
from towpath.document.schema_pages import SCHEMA_RULES
from towpath.document.schema_words import (
    empty_help,
    expected_text,
    homes_of,
    node_name,
    resolved,
    runbook_schema,
    shown_value,
    subschema,
    value_at,
)
from towpath.document.suggest import closest
from towpath.model.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema_rs import Draft202012Validator, ValidationError

    from towpath.document.nodes import Document
    from towpath.model.runbook import Pointer

__all__ = ["SCHEMA_RULES", "validate"]

_BARE_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+").fullmatch
_SECTION_KINDS = ("eval", "cost", "rollback")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Complaint:
    """One thing the schema refuses. `node` is what rules keep silent about; the place shown is `at`."""

    rule: str
    at: Pointer
    node: Pointer
    message: str
    help: str = ""
    on_key: bool = False


def validate(document: Document) -> tuple[tuple[Finding, ...], frozenset[Pointer]]:
    """Check a document against the schema of a runbook.

    Returns:
        Every problem of the file, in order of place, and the pointers of the malformed nodes (also those the parser
        refused, and the pointers that missing keys would have), about which rules keep silent.
    """
    validator = _validator()
    if validator.is_valid(document.data):
        return (), document.refused
    complaints = [
        complaint
        for complaint in _without_echoes(_complaints(validator.iter_errors(document.data), document.data))
        if not any(complaint.node[: len(refused)] == refused for refused in document.refused)
    ]
    findings = {_finding(document, complaint) for complaint in complaints}
    malformed = document.refused | {complaint.node for complaint in complaints}
    return tuple(sorted(findings, key=Finding.sort_key)), malformed


@cache
def _validator() -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(runbook_schema(), validate_formats=True)


def _complaints(errors: Iterable[ValidationError], data: object) -> Iterator[_Complaint]:
    """Errors of the validator, choices resolved to the branch that was meant."""
    for error in errors:
        name = error.kind.name
        at = tuple(error.instance_path)
        if name in ("oneOf", "anyOf"):
            branch = _branch_meant(error)
            if branch is None:
                yield _no_branch(error, at, data)
            else:
                yield from _complaints(branch, data)
        elif name == "additionalProperties":
            yield from _unknown_keys(error, at, data)
        elif name == "required":
            yield _missing_key(error, at, data)
        elif name == "propertyNames":
            yield _bad_name(error, at, data)
        else:
            yield _bad_value(error, at, data)


def _branch_meant(error: ValidationError) -> list[ValidationError] | None:
    """The branch of a choice whose kind the value has; among several, the one it misses by least.

    None when the value fits no branch even by its kind.
    """
    here = error.instance_path

    def misses_kind(branch: list[ValidationError]) -> bool:
        return any(part.instance_path == here and part.kind.name in ("type", "const", "enum") for part in branch)

    def distance(branch: list[ValidationError]) -> int:
        return sum(2 * len(getattr(part.kind, "unexpected", ())) or 1 for part in branch)

    fitting = [branch for branch in getattr(error.kind, "context", ()) if not misses_kind(branch)]
    return min(fitting, key=distance) if fitting else None


def _no_branch(error: ValidationError, at: Pointer, data: object) -> _Complaint:
    value = value_at(data, at)
    words = [
        option
        for branch in getattr(error.kind, "context", ())
        for part in branch
        for option in _options(part)
        if isinstance(option, str)
    ]
    expected = expected_text(subschema(error.schema_path[:-1]))
    near = closest(value, words) if isinstance(value, str) else None
    return _Complaint(
        rule="wrong-value" if isinstance(value, str) and words else "wrong-type",
        at=at,
        node=at,
        message=f"{node_name(data, at)} must be {expected}, not {shown_value(value)}",
        help=f"did you mean {near}?" if near else empty_help(value),
    )


def _options(error: ValidationError) -> tuple[object, ...]:
    if error.kind.name == "const":
        return (getattr(error.kind, "expected_value", None),)
    return tuple(getattr(error.kind, "options", ()))


def _unknown_keys(error: ValidationError, at: Pointer, data: object) -> Iterator[_Complaint]:
    known = list(subschema(error.schema_path[:-1]).get("properties", {}))
    written = value_at(data, at)
    free = [key for key in known if not isinstance(written, dict) or key not in written]
    for key in getattr(error.kind, "unexpected", ()):
        near = closest(key, free) or closest(key, known)
        elsewhere = homes_of(key)
        if near:
            advice = f"did you mean {near}?"
        elif elsewhere:
            advice = f"{shown(key)} belongs in {elsewhere}"
        else:
            advice = f"known here: {', '.join(known)}"
        yield _Complaint(
            rule="unknown-key",
            at=(*at, key),
            node=(*at, key),
            on_key=True,
            message=f"unknown key {shown(key)} in {node_name(data, at)}",
            help=advice,
        )


def _missing_key(error: ValidationError, at: Pointer, data: object) -> _Complaint:
    key = getattr(error.kind, "property", "")
    wanted = resolved(subschema(error.schema_path[:-1]).get("properties", {}).get(key, {}))
    return _Complaint(
        rule="missing-key",
        at=at,
        node=(*at, key),
        on_key=True,
        message=f"{node_name(data, at)} has no {key}",
        help=f"add {key}: {expected_text(wanted)}",
    )


def _bad_name(error: ValidationError, at: Pointer, data: object) -> _Complaint:
    inner: ValidationError = getattr(error.kind, "error")  # noqa: B009  # not in the type hints of every version
    key = str(inner.instance)
    expected = expected_text(subschema(inner.schema_path[:-1]))
    return _Complaint(
        rule="wrong-value",
        at=(*at, key),
        node=(*at, key),
        on_key=True,
        message=f"the name {shown(key)} in {node_name(data, at)} must be {expected}",
    )


def _bad_value(error: ValidationError, at: Pointer, data: object) -> _Complaint:
    value, schema = value_at(data, at), subschema(error.schema_path[:-1])
    expected, name = expected_text(schema), node_name(data, at)
    if "x-unit" in schema and _is_bare_number(value):
        return _Complaint(
            rule="unit-missing",
            at=at,
            node=at,
            message=f"{name} has no unit: {value} could mean anything",
            help=f"write {expected}",
        )
    near = closest(value, [str(option) for option in _options(error)]) if isinstance(value, str) else None
    return _Complaint(
        rule="wrong-type" if error.kind.name == "type" else "wrong-value",
        at=at,
        node=at,
        message=f"{name} must be {expected}, not {shown_value(value)}",
        help=f"did you mean {near}?" if near else empty_help(value),
    )


def _without_echoes(complaints: Iterable[_Complaint]) -> list[_Complaint]:
    """Leave out that a key is missing where the same mapping holds a misspelling of it."""
    every = list(complaints)
    meant = {(*item.at[:-1], item.help[len("did you mean ") : -1]) for item in every if item.rule == "unknown-key"}
    return [item for item in every if item.rule != "missing-key" or item.node not in meant]


def _finding(document: Document, complaint: _Complaint) -> Finding:
    return Finding(
        rule=complaint.rule,
        severity=Severity.ERROR,
        message=complaint.message,
        path=document.path,
        span=document.span(complaint.at, on_key=complaint.on_key),
        help=complaint.help,
        related=tuple(
            Location(
                path=document.path, span=document.span(pointer), label=f"used by {node_name(document.data, stage)}"
            )
            for pointer, stage in _users(document.data, complaint.at)
        ),
    )


def _users(data: object, at: Pointer) -> Iterator[tuple[Pointer, Pointer]]:
    """The stages that use the named section a pointer lies in: their reference to it, and the stage."""
    if len(at) < 3 or at[0] != "checks" or at[1] not in _SECTION_KINDS or not isinstance(data, dict):
        return
    stages = data.get("stages")
    for index, stage in enumerate(stages if isinstance(stages, list) else ()):
        used = stage.get(at[1]) if isinstance(stage, dict) else None
        here: Pointer = ("stages", index, at[1])
        if used == at[2]:
            yield here, ("stages", index)
        elif isinstance(used, dict) and used.get("use") == at[2]:
            yield (*here, "use"), ("stages", index)


def _is_bare_number(value: object) -> bool:
    if isinstance(value, str):
        return bool(_BARE_NUMBER(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)
