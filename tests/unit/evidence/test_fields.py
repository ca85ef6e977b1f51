"""Dotted names, and the table of a preview."""

from __future__ import annotations

from towpath.evidence.fields import flat, table_of, value_at
from towpath.evidence.results import Field


def test_dotted_names() -> None:
    row = {"a": {"b": {"c": 1}}, "a.b": 2, "x": None}
    assert (value_at(row, "a.b"), value_at(row, "a.b.c"), value_at(row, "x"), value_at(row, "x.y")) == (
        2,
        1,
        None,
        None,
    )
    assert value_at(row, "") is None
    assert dict(flat({"a": {"b": {"c": 1}}, "d": []})) == {"a.b.c": 1, "d": []}


def test_fields_that_are_read_come_first_and_missing_ones_show() -> None:
    rows = [{"q": f"why {n}?", "id": n} for n in range(5)]
    assert table_of((flat(row) for row in rows), {"id": "example id", "task": "task"}) == (
        Field(name="id", rows=5, values=("0", "1", "2"), read_as="example id"),
        Field(name="task", rows=0, values=(), read_as="task"),
        Field(name="q", rows=5, values=("why 0?", "why 1?", "why 2?"), read_as=""),
    )
