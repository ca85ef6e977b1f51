"""The pages of what the YAML parser says, for `towpath explain` and the documentation.

Examples are whole texts of a file, not laid over a runbook, because what is wrong is the text.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _page(title: str, prose: str, bad: str, good: str) -> str:
    return f"{title}\n\n{prose}\n\nBad:\n\n```yaml\n{bad}\n```\n\nGood:\n\n```yaml\n{good}\n```\n"


YAML_RULES: Mapping[str, str] = MappingProxyType(
    {
        "yaml-syntax": _page(
            "The file is well-formed YAML.",
            "Nothing can be checked in a file that cannot be read. The finding points at the place where reading"
            " stopped; the mistake is there or just before it: a text with a colon that needs quotes, a bracket"
            " or quote that was never closed, a tab or a wrong number of spaces in the indentation.",
            "title: Support triage: the second try",
            'title: "Support triage: the second try"',
        ),
        "yaml-duplicate-key": _page(
            "A key stands once in its mapping.",
            "Readers differ in which of two values they take, so a reviewer may read one margin and the gate"
            " another. Both places are shown; remove one of them.",
            "tasks:\n  refunds: {margin: 3pp}\n  refunds: {margin: 9pp}",
            "tasks:\n  refunds: {margin: 3pp}",
        ),
        "yaml-several-documents": _page(
            "A file holds one document.",
            "What follows a second `---` would be dropped without a word by most readers. One migration is one file.",
            "id: first\n---\nid: second",
            "id: first",
        ),
        "yaml-tag": _page(
            "Values carry no YAML tags.",
            "A tag such as `!!str`, `!!binary` or `!secret` asks the reader to make something else of a value"
            " than what is written. Runbooks hold plain texts, numbers, true, false, null, lists and mappings;"
            " quotes make a text of anything.",
            "salt: !!str 2026",
            'salt: "2026"',
        ),
        "yaml-limit": _page(
            "The file keeps to sane limits.",
            "A runbook of more than 512 KiB, nested more than 32 levels, with aliases that contain themselves or"
            " unfold to more than 20,000 values, or with numbers that other programs cannot hold (.inf, .nan,"
            " more than 15 digits) is refused instead of read, because it is a mistake or an attack.",
            "tasks: &again\n  refunds: *again",
            "tasks:\n  refunds: {margin: 3pp}",
        ),
        "yaml-encoding": _page(
            "The file is UTF-8 text without hidden characters.",
            "Control characters, line separators that only some programs break lines at, a carriage return on its"
            " own, and characters that turn the direction of writing make a file look different to a reviewer"
            " than to the program. Inside double quotes such a character can be written out, for example as"
            ' "\\u2028".',
            "title: one line\u2028or two",
            'title: "one line\\u2028or two"',
        ),
        "yaml-key": _page(
            "Keys are texts.",
            "A number, true, false, null, a list or a mapping as a key means different things to different"
            " readers; put a number in quotes when it is a name. The merge key `<<` does not exist in YAML 1.2:"
            " name a section once under `checks` and use it by name.",
            "tasks:\n  2026: {margin: 3pp}",
            'tasks:\n  "2026": {margin: 3pp}',
        ),
        "yaml-empty": _page(
            "The file says something.",
            "A file with nothing but comments is no runbook; perhaps it was saved too early. Write the runbook,"
            " for example with `towpath new`, or remove the file.",
            "# to be written",
            "id: support-triage-2026-11",
        ),
    }
)
