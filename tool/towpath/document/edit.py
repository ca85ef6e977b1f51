"""Edits of one mapping in a YAML file that leave every other byte as it was.

An edit is a few replacements in the text, made at the marks of the nodes. Afterwards the result is parsed again: when
it does not hold exactly the wanted data, or anything outside the mapping moved, there is an error and no edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from yaml import MappingNode, ScalarNode

from towpath.document.nodes import BYTE_ORDER_MARK
from towpath.document.parse import parse
from towpath.document.scalar_text import Entry, value_text
from towpath.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yaml import Node

    from towpath.document.nodes import Document
    from towpath.model.runbook import Pointer


@dataclass(frozen=True, slots=True)
class _Replacement:
    """Characters `start` to `end` of the text become `text`."""

    start: int
    end: int
    text: str


class _Cannot(Exception):
    """The text is written in a way that cannot be edited in place; says why."""


def set_entries(document: Document, pointer: Pointer, entries: Mapping[str, Entry | Mapping[str, Entry]]) -> bytes:
    """The bytes of the file with some entries of one mapping set.

    Entries that already have the wanted value keep their bytes. Values are replaced where they stand, so order,
    comments, quotes, line ends and indentation stay; a missing key is added after the last one. A mapping is written on
    one line; a block that it replaces goes away with the comments inside it.

    Args:
        document: a document without findings.
        pointer: the mapping, such as `("rollout",)`.
        entries: key -> wanted value; None writes `null`.

    Raises:
        UsageError: there is no such mapping, a value cannot be written in YAML, or the mapping is written in a way that
            cannot be edited in place (anchors, aliases).
    """
    mapping = document.node(pointer)
    place = f"{document.path}: {'.'.join(map(str, pointer))}"
    if not isinstance(mapping, MappingNode):
        raise UsageError(f"{place} is not a mapping", f"see what is wrong with: towpath lint {document.path}")
    wanted = {key: _plain(value) for key, value in entries.items()}
    before = _inside(document.data, pointer)
    try:
        if len(document.pointers_of({id(mapping)})) > 1:
            raise _Cannot("it is also read at another place, by an alias")
        edits = [
            edit
            for key, value in entries.items()
            if key not in before or not same(before[key], wanted[key])
            for edit in _edits(document, mapping, key, value)
        ]
        edits.extend(_additions(document, mapping, {key: entries[key] for key in entries if key not in before}))
        result = _apply(document, edits)
        _verify(document, pointer, {**before, **wanted}, edits, result)
    except (_Cannot, ValueError) as problem:
        raise UsageError(
            f"{place} cannot be edited in place: {problem}",
            "write the block plainly, one key per line, without anchors and aliases",
        ) from None
    return result


def same(one: object, other: object) -> bool:
    """Whether two plain values are equal with their types: 1, 1.0 and true are three values, 5 and 5.0 one."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return type(one) is type(other) and one == other


def _edits(
    document: Document, mapping: MappingNode, key: str, value: Entry | Mapping[str, Entry]
) -> tuple[_Replacement, ...]:
    """Replace the value of a key that is there; nothing for one that is not."""
    pair = next((pair for pair in mapping.value if pair[0].value == key), None)
    if pair is None:
        return ()
    name, old = pair
    source, end_of_key = document.source, name.end_mark.index
    _refuse_references(source, mapping, name, old)
    start, end = old.start_mark.index, document.end_index(old)
    quote = old.style if isinstance(old, ScalarNode) and old.style in ("'", '"') else ""
    text = value_text(value, quote)
    if start == old.end_mark.index:
        colon = ":" if ":" in source[end_of_key:start] else ""
        return (_Replacement(start, start, f" {text}" if colon else f": {text}"),)
    line_start = source.rfind("\n", 0, start) + 1
    if isinstance(old, ScalarNode) or old.flow_style or line_start <= end_of_key:
        return (_Replacement(start, end, text),)
    # a block below its key: the value goes to the key's line, and the block's own lines go away
    colon_index = source.index(":", end_of_key)
    line_end = source.find("\n", end)
    if line_end < 0:
        # the last line has no line end; take the one before the block instead
        line_start, line_end = len(source[:line_start].rstrip("\r\n")), len(source)
    else:
        line_end += 1
    return (_Replacement(colon_index + 1, colon_index + 1, f" {text}"), _Replacement(line_start, line_end, ""))


def _additions(
    document: Document, mapping: MappingNode, entries: Mapping[str, Entry | Mapping[str, Entry]]
) -> tuple[_Replacement, ...]:
    """Add keys that are not there after the last one."""
    if not entries:
        return ()
    written = [f"{value_text(key)}: {value_text(value)}" for key, value in entries.items()]
    source = document.source
    if not mapping.value:
        inside = source.index("{", mapping.start_mark.index) + 1
        return (_Replacement(inside, inside, ", ".join(written)),)
    end = document.end_index(mapping) if not mapping.flow_style else _end_of_last(document, mapping)
    if mapping.flow_style:
        return (_Replacement(end, end, "".join(f", {item}" for item in written)),)
    line_end = source.find("\n", end)
    stop = len(source) if line_end < 0 else line_end - int(source[line_end - 1] == "\r")
    newline = "\r\n" if "\r\n" in source else "\n"
    indent = " " * mapping.start_mark.column
    return (_Replacement(stop, stop, "".join(f"{newline}{indent}{item}" for item in written)),)


def _end_of_last(document: Document, mapping: MappingNode) -> int:
    key, value = mapping.value[-1]
    return max(document.end_index(value), int(key.end_mark.index))


def _refuse_references(source: str, mapping: MappingNode, name: Node, old: Node) -> None:
    """Anchors and aliases mean that a value is written at one place and read at another."""
    elsewhere = name.start_mark.index < mapping.start_mark.index or old.start_mark.index < name.end_mark.index
    if elsewhere or source[old.start_mark.index : old.start_mark.index + 1] == "&":
        raise _Cannot(f"{name.value} uses an anchor or an alias")


def _apply(document: Document, edits: list[_Replacement]) -> bytes:
    source, pieces, done = document.source, list[str](), 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.start < done:
            raise _Cannot("two changes meet in one line")
        pieces += (source[done : edit.start], edit.text)
        done = edit.end
    mark = BYTE_ORDER_MARK if document.text.startswith(BYTE_ORDER_MARK) else b""
    return mark + "".join((*pieces, source[done:])).encode("utf-8")


def _verify(
    document: Document, pointer: Pointer, wanted: dict[str, Any], edits: list[_Replacement], result: bytes
) -> None:
    """Refuse a result that does not say exactly what was wanted, or edits that reach outside the mapping's lines."""
    mapping = document.node(pointer)
    assert mapping is not None
    first, source = mapping.start_mark.index, document.source
    after_last = source.find("\n", document.end_index(mapping)) + 1 or len(source)
    if not all(first <= edit.start <= edit.end <= after_last for edit in edits):
        raise _Cannot("the text outside the block would change")
    head, tail = source[:first].encode("utf-8"), source[after_last:].encode("utf-8")
    if not result.removeprefix(BYTE_ORDER_MARK).startswith(head) or not result.endswith(tail):
        raise _Cannot("the text outside the block would change")
    after, findings = parse(result, document.path)
    if after is None or findings:
        raise _Cannot(findings[0].message if findings else "the result cannot be read")
    if not same(after.data, _with(document.data, pointer, wanted)):
        raise _Cannot("the result would not hold the wanted values")


def _plain(value: Entry | Mapping[str, Entry]) -> Any:
    """A wanted value as the parser will read it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return {key: _plain(item) for key, item in value.items()}


def _inside(data: Any, pointer: Pointer) -> dict[str, Any]:
    for step in pointer:
        data = data[step]
    found: dict[str, Any] = data
    return found


def _with(data: Any, pointer: Pointer, wanted: dict[str, Any]) -> Any:
    """A copy of the data with one mapping replaced."""
    if not pointer:
        return wanted
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[pointer[0]] = _with(data[pointer[0]], pointer[1:], wanted)  # type: ignore[index]
    return copy
