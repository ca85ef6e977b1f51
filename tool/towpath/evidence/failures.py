"""The class of a failed call, from the text that a tool or provider gave.

The text itself is not kept: it may quote the prompt. A class is enough to see that a model was unlucky with rate limits
rather than wrong.
"""

from __future__ import annotations

import re

_CLASSES = (
    # the first that fits wins: a 429 often also says "overloaded", a 504 also "timeout"
    ("rate_limit", r"\b429\b|rate.?limit|too many requests|quota|\btpm\b|\brpm\b"),
    ("overloaded", r"\b529\b|overloaded|\b503\b|capacity"),
    ("timeout", r"\b408\b|\b504\b|time[d]?.?out|deadline|etimedout"),
    ("content_filter", r"content.?(filter|policy|management)|blocked by|safety"),
    ("auth", r"\b40[13]\b|api.?key|unauthori[sz]ed|forbidden|permission"),
    ("connection", r"econn|enotfound|connection|network|socket|dns"),
    ("server_error", r"\b5\d\d\b|internal server|bad gateway"),
)
_ALREADY_A_CLASS = re.compile(r"[a-z]+(_[a-z]+)*")
_LONGEST_CLASS = 40


def failure_class(text: str) -> str:
    """One of the classes above, the text itself where it already is a class, else `error`.

    Args:
        text: what the tool wrote about the failed call; not empty.
    """
    if len(text) <= _LONGEST_CLASS and "_" in text and _ALREADY_A_CLASS.fullmatch(text):
        return text
    lowered = text[:2000].lower()
    return next((name for name, pattern in _CLASSES if re.search(pattern, lowered)), "error")
