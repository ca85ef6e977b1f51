"""YAML nodes -> plain data by the core schema of YAML 1.2 (section 10.3.2), noting what is refused on the way.

PyYAML's own construction follows YAML 1.1, where `on` is true, `012` is ten and the last of two equal keys wins
silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yaml import ScalarNode, SequenceNode

if TYPE_CHECKING:
    from yaml import Node

MAX_DEPTH = 32

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+").fullmatch
_BASED = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+").fullmatch
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)").fullmatch
_NUMBER_START = frozenset("0123456789-+.")
_MOST_DIGITS = 15
"""Every whole number of so many digits is exact in a double, and so in every JSON reader."""

_KEY_SUSPECTS = _NUMBER_START | {"<"}
_BARE_TAG = re.compile(r"(?:&\S+\s+)?!(?:\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A node that YAML allows and a runbook does not.

    Attributes:
        first: the earlier key, for a duplicate.
    """

    rule: str
    node: Node
    message: str
    help: str
    first: Node | None = None


def plain_scalar(text: str) -> str | int | float | bool | None:
    """What a scalar written without quotes means.

    Raises:
        OverflowError: it is a number other programs cannot hold.
    """
    if text[:1] in _NUMBER_START and text:
        if _INT(text):
            return _whole(text, 10)
        if _FLOAT(text):
            number = float(text)
            if number - number != 0:
                raise OverflowError(text)
            return number
        if _BASED(text):
            return _whole(text[2:], 16 if text[1] == "x" else 8)
        if _NOT_FINITE(text):
            raise OverflowError(text)
    return _WORDS.get(text, text)


def plain_data(root: Node, source: str) -> tuple[Any, tuple[Refusal, ...]]:
    """The data of a node tree whose aliases are known to be harmless.

    What is refused is noted, and the rest goes on: a refused number stays text, of two equal keys the first value
    stays, a key that is no text is taken as it is written, a list or mapping as a key is left out.
    """
    refusals: list[Refusal] = []
    data = _value(root, 1, refusals)
    if "!" in source:
        _bare_tags(root, source, refusals)
    return data, tuple(refusals)


def shown(text: str) -> str:
    """Untrusted text in a message: one line, not too long."""
    plain = text if text.isprintable() else ascii(text)[1:-1]
    return plain if len(plain) <= 60 else f"{plain[:57]}..."


def _whole(digits: str, base: int) -> int:
    if len(digits.lstrip("+-0")) > _MOST_DIGITS:
        raise OverflowError(digits)
    return int(digits, base)


def _value(node: Node, depth: int, refusals: list[Refusal]) -> Any:
    if node.tag:
        refusals.append(_tag(node, node.tag))
    if depth > MAX_DEPTH:
        message = f"nested more than {MAX_DEPTH} levels deep"
        refusals.append(Refusal(rule="yaml-limit", node=node, message=message, help="write it more plainly"))
        return None
    if isinstance(node, ScalarNode):
        return _scalar(node, refusals)
    if isinstance(node, SequenceNode):
        return [_value(item, depth + 1, refusals) for item in node.value]
    data: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value
        if not isinstance(key, ScalarNode):
            refusals.append(_bad_key(key, "a list or a mapping cannot be a key"))
            continue
        if name[:1] in _KEY_SUSPECTS or key.tag or name in _WORDS:
            _check_key(key, refusals)
        built = _value(value, depth + 1, refusals)
        if name not in data:
            data[name] = built
            continue
        first = next(other for other, _ in node.value if other.value == name)
        message = f"the key {shown(name)} stands twice: first in line {first.start_mark.line + 1}"
        refusals.append(
            Refusal(rule="yaml-duplicate-key", node=key, message=message, help="keep one of the two", first=first)
        )
    return data


def _scalar(node: ScalarNode, refusals: list[Refusal]) -> str | int | float | bool | None:
    text: str = node.value
    if node.style or node.tag:
        return text
    try:
        return plain_scalar(text)
    except OverflowError:
        message = f"{shown(text)} is a number other programs cannot hold"
        advice = "put it in quotes if it is a name; else write a smaller number"
        refusals.append(Refusal(rule="yaml-limit", node=node, message=message, help=advice))
        return text


def _check_key(key: ScalarNode, refusals: list[Refusal]) -> None:
    if key.tag:
        refusals.append(_tag(key, key.tag))
    if key.style:
        return
    if key.value == "<<":
        message = "merge keys (<<) do not exist in YAML 1.2"
        refusals.append(_bad_key(key, message, "name the section once under checks and use it by name"))
        return
    try:
        is_text = isinstance(plain_scalar(key.value), str)
    except OverflowError:
        is_text = False
    if not is_text:
        refusals.append(_bad_key(key, f"the key {shown(key.value)} is not a text" if key.value else "a key is empty"))


def _bare_tags(root: Node, source: str, refusals: list[Refusal]) -> None:
    """Note the tag `!` on its own, which the parser does not hand on."""
    pending, seen = [root], set[int]()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not node.tag and _BARE_TAG.match(source, node.start_mark.index):
            refusals.append(_tag(node, "!"))
        if not isinstance(node, ScalarNode):
            pending.extend(part for item in node.value for part in (item if isinstance(item, tuple) else (item,)))


def _tag(node: Node, tag: str) -> Refusal:
    message = f"the tag {shown(tag.replace('tag:yaml.org,2002:', '!!'))} is not allowed"
    advice = "write the value plainly; quotes make a text of anything"
    return Refusal(rule="yaml-tag", node=node, message=message, help=advice)


def _bad_key(node: Node, message: str, advice: str = "put the name in quotes") -> Refusal:
    return Refusal(rule="yaml-key", node=node, message=message, help=advice)
