"""Untrusted text in Markdown."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~@&$])")


def inert(text: str) -> str:
    """Untrusted text as one line of Markdown that shows exactly its characters: no markup, mentions or comments."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return _MARKUP.sub(r"\\\1", " ".join(line.split()))


def code(text: str) -> str:
    """Untrusted text as a code span of one line; a backtick, which would end it, becomes an apostrophe."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"`{' '.join(line.split()).replace('`', chr(39))}`"
