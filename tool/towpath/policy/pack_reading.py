"""One rule pack file: found, read and checked, every mistake in it with its place and a suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from towpath.document.parse import parse
from towpath.document.suggest import did_you_mean
from towpath.model import quantity
from towpath.model.errors import UsageError
from towpath.model.finding import Severity
from towpath.policy.catalogue import FIXED, RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from towpath.document.nodes import Document
    from towpath.model.runbook import Pointer

OFF = "off"
SEVERITIES = (*(severity.value for severity in Severity), OFF)
KEYS = ("apiVersion", "kind", "name", "version", "extends", "description", "rules")
NEEDED = ("apiVersion", "kind", "name", "version")

_QUANTITIES: tuple[tuple[Callable[[object], object], str], ...] = (
    (quantity.parse_duration, "a duration such as 48h"),
    (quantity.parse_points, "percentage points such as 5pp"),
    (quantity.parse_ratio, "a ratio such as 2x"),
    (quantity.parse_percent, "a percentage such as 10%"),
    (quantity.parse_money, "money such as 100 USD/month"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """One file of a pack, checked.

    Attributes:
        source: how messages and the digest name it: `towpath/recommended`, or the path in the repository.
        extends: the pack it starts from; empty when it stands alone.
        rules: what it says about each rule: `severity` and options, as written.
    """

    source: str
    text: bytes
    name: str
    version: int
    extends: str
    rules: Mapping[str, Mapping[str, object]]


def read_pack_file(source: str, text: bytes) -> PackFile:
    """Check one pack file.

    Raises:
        UsageError: not YAML, an unknown key, rule or option, or a value of the wrong kind; names the place.
    """
    document, findings = parse(text, source)
    if document is None or findings:
        first = findings[0]
        raise UsageError(f"{_place(source, first.span.line, first.span.column)}: {first.message}", first.help)
    data = document.data
    if not isinstance(data, dict):
        _refuse(document, (), "a rule pack is a mapping", f"it has the keys {', '.join(KEYS)}")
    for key in data:
        if key not in KEYS:
            _refuse(document, (key,), f"unknown key {key!r} in a rule pack", did_you_mean(key, KEYS), on_key=True)
    for key in NEEDED:
        if key not in data:
            _refuse(document, (), f"the rule pack has no {key}", on_key=True)
    for key, wanted in (("apiVersion", "towpath/v1"), ("kind", "RulePack")):
        if data[key] != wanted:
            _refuse(document, (key,), f"{key} must be {wanted}, not {data[key]!r}")
    name, version, extends = data["name"], data["version"], data.get("extends", "")
    if not isinstance(name, str) or not name:
        _refuse(document, ("name",), "name must be a text")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        _refuse(document, ("version",), "version must be a whole number from 1, counted up with every change")
    if "extends" in data and (not isinstance(extends, str) or not extends):
        _refuse(document, ("extends",), "extends must name a pack, such as towpath/recommended")
    rules = data.get("rules", {})
    if not isinstance(rules, dict):
        _refuse(document, ("rules",), "rules must map rule names to their settings")
    for rule in rules:
        _check_rule(document, rule)
    return PackFile(source=source, text=text, name=name, version=version, extends=extends, rules=rules)


def _check_rule(document: Document, rule: str) -> None:
    at: Pointer = ("rules", rule)
    written = document.data["rules"][rule]
    if rule in FIXED:
        why = "it says that a file cannot be read or a check did not run, which is never clean"
        _refuse(document, at, f"the rule {rule} cannot be changed: {why}", "remove it from the pack", on_key=True)
    if rule not in RULES:
        _refuse(document, at, f"there is no rule {rule!r}", did_you_mean(rule, RULES) or _LIST, on_key=True)
    if not isinstance(written, dict):
        _refuse(document, at, f"the settings of {rule} must be a mapping", "write for example {severity: warning}")
    options = RULES[rule].options
    for key, value in written.items():
        if key == "severity":
            if value not in SEVERITIES:
                hint = did_you_mean(str(value), SEVERITIES)
                _refuse(document, (*at, key), f"severity must be one of {', '.join(SEVERITIES)}, not {value!r}", hint)
        elif key not in options:
            known = ("severity", *options)
            hint = did_you_mean(key, known) or f"it has: {', '.join(known)}"
            _refuse(document, (*at, key), f"the rule {rule} has no option {key!r}", hint, on_key=True)
        elif expected := mismatch(options[key][0], value):
            _refuse(document, (*at, key), f"{key} of {rule} must be {expected}, not {value!r}")


_LIST = "list the rules with: towpath explain"


def mismatch(default: object, value: object) -> str:
    """What an option's value must be when it is not of the kind of its default; empty when it is."""
    if isinstance(default, bool) or isinstance(value, bool):
        return "" if isinstance(default, bool) and isinstance(value, bool) else "true or false"
    if isinstance(default, int | float):
        return "" if isinstance(value, int | float) and value >= 0 else "a number that is not negative"
    if isinstance(default, str):
        for parse_quantity, expected in _QUANTITIES:
            if _fits(parse_quantity, default):
                return "" if _fits(parse_quantity, value) else expected
        return "" if isinstance(value, str) else "a text"
    if isinstance(default, list | tuple):
        fits = isinstance(value, list) and all(isinstance(item, str | int | float) for item in value)
        return "" if fits else "a list of texts"
    return "" if isinstance(value, dict) else "a mapping"


def _fits(parse_quantity: Callable[[object], object], value: object) -> bool:
    try:
        parse_quantity(value)
    except quantity.QuantityError:
        return False
    return True


def _refuse(document: Document, at: Pointer, message: str, hint: str = "", *, on_key: bool = False) -> NoReturn:
    span = document.span(at, on_key=on_key)
    raise UsageError(f"{_place(document.path, span.line, span.column)}: {message}", hint)


def _place(source: str, line: int, column: int) -> str:
    return f"{source}:{line}:{column}"
