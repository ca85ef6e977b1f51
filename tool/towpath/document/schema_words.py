"""The words of schema findings: what belongs in a place, what the place is called, what was found there."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from towpath.document.core_schema import shown
from towpath.shipped import schema_text

if TYPE_CHECKING:
    from towpath.model.runbook import Pointer

_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
}


@cache
def runbook_schema() -> dict[str, Any]:
    """The shipped schema of a runbook."""
    loaded: dict[str, Any] = json.loads(schema_text("runbook.v1"))
    return loaded


def subschema(path: list[str | int]) -> dict[str, Any]:
    """The part of the schema at a path, as the validator names it; empty for a part that is only true or false."""
    node: Any = runbook_schema()
    for step in path:
        node = node[step]
    return node if isinstance(node, dict) else {}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with what it refers to filled in."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    return {**subschema(list(reference.removeprefix("#/").split("/"))), **schema}


def expected_text(schema: dict[str, Any]) -> str:
    """What belongs there, in words."""
    if "x-expected" in schema:
        return str(schema["x-expected"])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    text = _KINDS.get(schema.get("type", ""), "something else")
    if "maximum" in schema:
        text += f" from {schema['minimum']} to {schema['maximum']}"
    elif "minimum" in schema:
        text += f" of at least {schema['minimum']}"
    if schema.get("minItems") or schema.get("minProperties"):
        text += " with at least one entry"
    return text


def homes_of(key: str) -> str:
    """Where else in a runbook a key is known, for an author who put it one level off; empty when nowhere."""
    schema = runbook_schema()
    parts = {
        "a stage": "stage",
        "an arm": "arm",
        "a task": "task",
        "an eval section": "eval",
        "a cost section": "cost",
        "a rollback section": "rollback",
        "a trigger under rollback.when": "trigger",
    }
    places = {"the top level": schema["properties"]}
    places |= {place: schema["$defs"][part]["properties"] for place, part in parts.items()}
    return " or ".join(place for place, properties in places.items() if key in properties)


def value_at(data: object, pointer: Pointer) -> object:
    """The value a pointer of the validator names."""
    for step in pointer:
        data = data[step]  # type: ignore[index]  # the validator made the pointer from this very data
    return data


def node_name(data: object, pointer: Pointer) -> str:
    """A pointer as people say it, stages by their names: `stages.canary.eval`."""
    parts: list[str] = []
    for step in pointer:
        data = data[step]  # type: ignore[index]  # as in `value_at`
        named = data.get("name") if isinstance(step, int) and isinstance(data, dict) else None
        parts.append(shown(named if isinstance(named, str) and named else str(step)))
    return ".".join(parts) or "the runbook"


def shown_value(value: object) -> str:
    """A value in a message: short, on one line, empty things called empty."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return shown(json.dumps(value, ensure_ascii=False))


def empty_help(value: object) -> str:
    """What to do about a key that was written without a value."""
    return "write a value, or remove the key" if value is None else ""
