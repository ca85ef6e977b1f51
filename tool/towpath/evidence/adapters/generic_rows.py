"""Rows of CSV or JSON Lines bytes, one after the other, each with its place; nothing is guessed or repaired."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ROWS = 1_000_000
MAX_LINE = 1_000_000
"""Characters in one line of JSON Lines. A CSV field is limited by Python's csv module to 131,072."""

Row = dict[str, Any]


class MalformedRow(ValueError):
    """A row that is not CSV or JSON Lines.

    Attributes:
        where: the place, such as `line 12`; empty when the whole file is meant.
    """

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


def rows_of(data: bytes) -> Iterator[tuple[str, Row]]:
    """Every row with its place. What begins with a brace is JSON Lines, anything else CSV.

    Raises:
        MalformedRow: not UTF-8, a line too long or too many, not JSON, a header with empty or equal names, a row with
            more or fewer fields than the header.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise MalformedRow(f"is not UTF-8 at byte {problem.start}") from None
    numbered = _json_lines(text) if text.lstrip().startswith("{") else _csv(text)
    for count, (line, row) in enumerate(numbered):
        if count >= MAX_ROWS:
            raise MalformedRow(f"there are more than {MAX_ROWS:,} rows", f"line {line}")
        yield f"line {line}", row


def _json_lines(text: str) -> Iterator[tuple[int, Row]]:
    # not splitlines(): that would also split at characters which JSON allows inside a string
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        where = f"line {line}"
        if len(content) > MAX_LINE:
            raise MalformedRow(f"is longer than {MAX_LINE:,} characters", where)

        def refuse(constant: str, where: str = where) -> NoReturn:
            raise MalformedRow(f"{constant} is not a number", where)

        try:
            row = json.loads(content, parse_constant=refuse)
        except MalformedRow:
            raise
        except (ValueError, RecursionError) as problem:
            raise MalformedRow(f"is not JSON: {problem}", where) from None
        if not isinstance(row, dict):
            raise MalformedRow("is not a JSON object", where)
        yield line, row


def _csv(text: str) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells)
            elif len(cells) != len(header):
                raise MalformedRow(
                    f"has {len(cells)} fields where the header has {len(header)}", f"line {reader.line_num}"
                )
            else:
                yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as problem:
        raise MalformedRow(f"is not CSV: {problem}", f"line {reader.line_num}") from None


def _header(cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise MalformedRow("the header is separated by something else than commas", "line 1")
    if "" in header or len(set(header)) != len(header):
        raise MalformedRow("the header has an empty name or one name twice", "line 1")
    return header
