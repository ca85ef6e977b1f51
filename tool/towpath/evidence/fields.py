"""Fields of nested rows by dotted name, and the table of fields that `--preview` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.evidence.results import Field
from towpath.evidence.values import is_empty, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DEPTH = 4
_VALUES = 3
_MOST_FIELDS = 200


def value_at(row: object, name: str) -> object:
    """The value at a dotted name such as `metadata.task`; None when it is not there.

    A key that itself contains dots is found whole first.
    """
    if not isinstance(row, dict) or not name:
        return None
    if name in row:
        return row[name]
    head, _, rest = name.partition(".")
    return value_at(row.get(head), rest) if rest else None


def flat(row: Mapping[str, object], prefix: str = "", depth: int = _DEPTH) -> Iterator[tuple[str, object]]:
    """Every field of a nested row by its dotted name."""
    for key, value in row.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth > 1:
            yield from flat(value, f"{name}.", depth - 1)
        else:
            yield name, value


def table_of(rows: Iterable[Iterable[tuple[str, object]]], read_as: Mapping[str, str]) -> tuple[Field, ...]:
    """What fields there are, in how many rows, with a few different values, and what each is read as.

    Fields that are read come first, in the order of `read_as`; such a one that no row has is listed with 0 rows.
    """
    filled: dict[str, int] = {}
    values: dict[str, list[str]] = {}
    for row in rows:
        for name, value in row:
            if name not in filled and len(filled) >= _MOST_FIELDS:
                continue
            filled[name] = filled.get(name, 0) + (not is_empty(value))
            some = values.setdefault(name, [])
            if not is_empty(value) and len(some) < _VALUES and (text := shortened(value)) not in some:
                some.append(text)
    names = [*(name for name in read_as if name), *(name for name in filled if name not in read_as)]
    return tuple(
        Field(name=name, rows=filled.get(name, 0), values=tuple(values.get(name, ())), read_as=read_as.get(name, ""))
        for name in names
    )
