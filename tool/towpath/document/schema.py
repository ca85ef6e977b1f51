"""What the runbook's JSON Schema says, as findings at exact nodes and in words an author understands.

The schema is the only description of the file's shape; the texts come from it (`x-expected` says what belongs there,
`x-unit` names the unit of a quantity). This module decides which branch of a choice the author meant and which word.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from towpath.document.schema_pages import SCHEMA_RULES
from towpath.document.suggest import closest
from towpath.model.finding import Finding, Location, Severity
from towpath.shipped import schema_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema_rs import Draft202012Validator, ValidationError

    from towpath.document.nodes import Document
    from towpath.model.runbook import Pointer

__all__ = ["SCHEMA_RULES", "validate"]

_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
}
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
def _schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(schema_text("runbook.v1"))
    return loaded


@cache
def _validator() -> Draft202012Validator:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(_schema(), validate_formats=True)


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
    value = _at(data, at)
    words = [
        option
        for branch in getattr(error.kind, "context", ())
        for part in branch
        for option in _options(part)
        if isinstance(option, str)
    ]
    expected = _expected(_subschema(error.schema_path[:-1]))
    near = closest(value, words) if isinstance(value, str) else None
    return _Complaint(
        rule="wrong-value" if isinstance(value, str) and words else "wrong-type",
        at=at,
        node=at,
        message=f"{_name(data, at)} must be {expected}, not {_shown(value)}",
        help=f"did you mean {near}?" if near else _empty_help(value),
    )


def _options(error: ValidationError) -> tuple[object, ...]:
    if error.kind.name == "const":
        return (getattr(error.kind, "expected_value", None),)
    return tuple(getattr(error.kind, "options", ()))


def _unknown_keys(error: ValidationError, at: Pointer, data: object) -> Iterator[_Complaint]:
    known = list(_subschema(error.schema_path[:-1]).get("properties", {}))
    written = _at(data, at)
    free = [key for key in known if not isinstance(written, dict) or key not in written]
    for key in getattr(error.kind, "unexpected", ()):
        near = closest(key, free) or closest(key, known)
        elsewhere = _homes(key)
        if near:
            advice = f"did you mean {near}?"
        elif elsewhere:
            advice = f"{_short(key)} belongs in {elsewhere}"
        else:
            advice = f"known here: {', '.join(known)}"
        yield _Complaint(
            rule="unknown-key",
            at=(*at, key),
            node=(*at, key),
            on_key=True,
            message=f"unknown key {_short(key)} in {_name(data, at)}",
            help=advice,
        )


def _missing_key(error: ValidationError, at: Pointer, data: object) -> _Complaint:
    key = getattr(error.kind, "property", "")
    wanted = _resolved(_subschema(error.schema_path[:-1]).get("properties", {}).get(key, {}))
    return _Complaint(
        rule="missing-key",
        at=at,
        node=(*at, key),
        on_key=True,
        message=f"{_name(data, at)} has no {key}",
        help=f"add {key}: {_expected(wanted)}",
    )


def _bad_name(error: ValidationError, at: Pointer, data: object) -> _Complaint:
    inner: ValidationError = getattr(error.kind, "error")  # noqa: B009  # not in the type hints of every version
    key = str(inner.instance)
    expected = _expected(_subschema(inner.schema_path[:-1]))
    return _Complaint(
        rule="wrong-value",
        at=(*at, key),
        node=(*at, key),
        on_key=True,
        message=f"the name {_short(key)} in {_name(data, at)} must be {expected}",
    )


def _bad_value(error: ValidationError, at: Pointer, data: object) -> _Complaint:
    value, schema = _at(data, at), _subschema(error.schema_path[:-1])
    expected, name = _expected(schema), _name(data, at)
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
        message=f"{name} must be {expected}, not {_shown(value)}",
        help=f"did you mean {near}?" if near else _empty_help(value),
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
            Location(path=document.path, span=document.span(pointer), label=f"used by {_name(document.data, stage)}")
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


def _subschema(path: list[str | int]) -> dict[str, Any]:
    node: Any = _schema()
    for step in path:
        node = node[step]
    return node if isinstance(node, dict) else {}


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    return {**_subschema(list(reference.removeprefix("#/").split("/"))), **schema}


def _expected(schema: dict[str, Any]) -> str:
    """What belongs there, in words."""
    if "x-expected" in schema:
        return str(schema["x-expected"])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    text = _KINDS.get(schema.get("type", ""), "something else")
    if "minimum" in schema:
        text += (
            f" from {schema['minimum']} to {schema['maximum']}"
            if "maximum" in schema
            else f" of at least {schema['minimum']}"
        )
    if schema.get("minItems") or schema.get("minProperties"):
        text += " with at least one entry"
    return text


@cache
def _homes(key: str) -> str:
    """Where else in a runbook a key is known, for an author who put it one level off; empty when nowhere."""
    places = {
        "the runbook's top level": _schema()["properties"],
        "a stage": _schema()["$defs"]["stage"]["properties"],
        "an arm": _schema()["$defs"]["arm"]["properties"],
        "a task": _schema()["$defs"]["task"]["properties"],
        "an eval section": _schema()["$defs"]["eval"]["properties"],
        "a cost section": _schema()["$defs"]["cost"]["properties"],
        "a rollback section": _schema()["$defs"]["rollback"]["properties"],
        "a trigger under rollback.when": _schema()["$defs"]["trigger"]["properties"],
    }
    return " or ".join(place for place, properties in places.items() if key in properties)


def _at(data: object, pointer: Pointer) -> object:
    for step in pointer:
        data = data[step]  # type: ignore[index]  # the validator made the pointer from this very data
    return data


def _name(data: object, pointer: Pointer) -> str:
    """A pointer as people say it, stages by their names: `stages.canary.eval`."""
    parts: list[str] = []
    for step in pointer:
        data = data[step]  # type: ignore[index]  # as in `_at`
        named = data.get("name") if isinstance(step, int) and isinstance(data, dict) else None
        parts.append(_short(str(named)) if isinstance(named, str) else _short(str(step)))
    return ".".join(parts) or "the runbook"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return (
            f"an empty {'mapping' if isinstance(value, dict) else 'list'}"
            if not value
            else _KINDS["object" if isinstance(value, dict) else "array"]
        )
    return _short(json.dumps(value, ensure_ascii=False))


def _empty_help(value: object) -> str:
    return "write a value, or remove the key" if value is None else ""


def _short(text: str) -> str:
    plain = text if text.isprintable() else ascii(text)[1:-1]
    return plain if len(plain) <= 60 else f"{plain[:57]}..."


def _is_bare_number(value: object) -> bool:
    if isinstance(value, str):
        return bool(_BARE_NUMBER(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)
