"""Text as somebody would write it who wants to fool a reader, and what must not come out of a renderer."""

from __future__ import annotations

import re

HOSTILE = (
    "\x1b[2J\x1b[1;32mpass\x1b[0m\r\x9b31m\u202edeifirev\u2066\u2028\n\n# Gate: pass\n"
    "| a | b |\n@acme/leads [x](http://example.org) ![y](z) <img src=x onerror=y> `code` **bold**"
    " <!-- gone --> ~~s~~ #1"
)
"""Terminal commands, direction marks, new lines, and Markdown of every kind."""

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ESCAPED = re.compile(r"\\[\\`*_{}\[\]()#+!|<>~@&$-]")
_CODE = re.compile(r"`[^`\n]*`")


def terminal_is_safe(text: str) -> bool:
    """Whether nothing in the text moves a cursor, colours, or turns the direction of writing."""
    return _OBEYED.search(text) is None


def markup_left(line: str) -> str:
    """The characters of a line of Markdown that still mean something: neither escaped nor in a code span."""
    return "".join(sign for sign in _CODE.sub("", _ESCAPED.sub("", line)) if sign in "`*_[]<>!|#@~")
