"""A piece of a file with the place underlined, as compilers show it.

The text of a file is untrusted: characters that would move the cursor, colour the terminal or turn the direction of
writing are shown as escapes, here and in every message that goes through `visible`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from towpath.model.finding import Span

WIDEST = 120
"""Columns of a source line that are shown; a longer line is cut around the place."""

_CODES = {"red": "31", "yellow": "33", "blue": "34", "cyan": "36", "green": "32", "bold": "1", "dim": "2"}
_HIDDEN = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Styles text for a terminal, or leaves it as it is."""

    colour: bool

    def __call__(self, text: str, *styles: str) -> str:
        """The text in these styles: a colour, `bold`, `dim`."""
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place to underline: the main one with `^`, others with `-`."""

    span: Span
    label: str = ""
    main: bool = False
    style: str = "red"


def visible(text: str) -> str:
    """The text on one line, characters that a terminal would obey or hide as escapes."""
    if text.isprintable():
        return text
    return "".join(_shown(letter) for letter in text)


def frame(source: str, marks: Sequence[Mark], paint: Paint) -> list[str]:
    """Lines of the source with the marks under them, in order of place, the line before the main mark included."""
    lines = source.split("\n")
    inside = [mark for mark in marks if mark.span.line <= len(lines)]
    if not inside or not source:
        return []
    ordered = sorted(inside, key=lambda mark: (mark.span.line, mark.span.column, not mark.main))
    before = {mark.span.line - 1 for mark in inside if mark.main and mark.span.line > 1}
    numbers = sorted({mark.span.line for mark in inside} | before)
    width = len(str(numbers[-1]))
    shown: list[str] = [f"{' ' * width} {paint('|', 'blue')}"]
    previous = numbers[0] - 1
    for number in numbers:
        if number > previous + 1:
            shown.append(paint(f"{'.' * width}", "blue"))
        previous = number
        here = [mark for mark in ordered if mark.span.line == number]
        line = lines[number - 1].rstrip("\r")
        start = _cut(line, here)
        text, _ = _cells(line[start:], len(line) - start)
        shown.append(f"{paint(f'{number:>{width}} |', 'blue')} {'...' if start else ''}{_clipped(text)}".rstrip())
        for mark in here:
            shown.append(f"{' ' * width} {paint('|', 'blue')} {_underline(line, start, mark, paint)}")
    return shown


def _underline(line: str, start: int, mark: Mark, paint: Paint) -> str:
    first = max(mark.span.column - 1 - start, 0)
    many = mark.span.end_line > mark.span.line
    last = len(line) - start if many else mark.span.end_column - 1 - start
    _, offset = _cells(line[start:], first)
    _, end = _cells(line[start:], max(last, first))
    length = max(1, min(end, WIDEST) - offset)
    sign = "^" if mark.main else "-"
    drawn = sign * length + (f" {visible(mark.label)}" if mark.label else "")
    return " " * (offset + (3 if start else 0)) + paint(drawn, mark.style)


def _cells(text: str, count: int) -> tuple[str, int]:
    """The first characters as they are shown, and how many terminal cells they take."""
    part = "".join(" " if letter == "\t" else _shown(letter) for letter in text[:count])
    if part.isascii():
        return part, len(part)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in part)
    flat = sum(unicodedata.combining(letter) != 0 for letter in part)
    return part, len(part) + wide - flat


def _cut(line: str, marks: Sequence[Mark]) -> int:
    """Where a long line begins to be shown, so that its first mark is seen."""
    if len(line) <= WIDEST or not marks:
        return 0
    return max(0, min(mark.span.column for mark in marks) - 1 - WIDEST // 3)


def _clipped(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}..."


def _shown(letter: str) -> str:
    if letter.isprintable() or unicodedata.category(letter) not in _HIDDEN:
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
