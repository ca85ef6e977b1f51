"""The page of a rule: title, prose and examples, read from one text (the format is described in `policy/rule.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_OPENING = re.compile(r"(Bad|Good)\b[^`]*:")
_FENCE = re.compile(r"```(\w*)[ ]*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block of an example, that is one file of it.

    Attributes:
        language: the first word after the fence.
        at: the runbook's path, when it is not the usual one.
        file: path of another file; empty for the runbook itself.
        before: whether this is the file at the base revision.
        without: top-level keys taken away.
    """

    text: str
    language: str = ""
    at: str = ""
    file: str = ""
    before: bool = False
    without: tuple[str, ...] = ()

    @property
    def caption(self) -> str:
        """What a reader needs to know beyond the text; empty for the plain case."""
        place = self.file or self.at
        parts = [f"in {place}" if place else "", "at the base revision" if self.before else ""]
        parts.append(f"without {' and '.join(self.without)}" if self.without else "")
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example of a page, named by the line that opened it."""

    kind: Literal["bad", "good"]
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A rule's documentation.

    Attributes:
        title: one line.
        prose: paragraphs about why, before the examples.
        examples: what gives the finding and what does not.
    """

    rule: str
    title: str
    prose: str
    examples: tuple[Example, ...]


class PageError(ValueError):
    """The text is not a page; says what is wrong with it."""


def read_page(rule: str, text: str) -> Page:
    """Read a rule's text.

    Raises:
        PageError: no title, an unclosed fence, an unknown word after a fence, or an example without a block.
    """
    title, _, rest = text.strip().partition("\n")
    if not title:
        raise PageError(f"{rule}: the page is empty")
    prose: list[str] = []
    examples: list[tuple[str, list[Block]]] = []
    fence: tuple[str, str] | None = None
    body: list[str] = []
    for line in rest.split("\n"):  # splitlines would break at characters that an example is about
        if fence is not None:
            if line.strip() == "```":
                _keep(rule, _block(rule, *fence, "".join(body)), examples, prose)
                fence, body = None, []
            else:
                body.append(line + "\n")
        elif found := _FENCE.fullmatch(line.strip()):
            fence = (found[1], found[2])
        elif _OPENING.fullmatch(line.strip()):
            examples.append((line.strip(), []))
        elif not examples:
            prose.append(line)
    if fence is not None:
        raise PageError(f"{rule}: a fenced block is not closed")
    for opening, blocks in examples:
        if not blocks:
            raise PageError(f"{rule}: the example {opening!r} has no fenced block")
    return Page(
        rule=rule,
        title=title.strip(),
        prose="\n".join(prose).strip(),
        examples=tuple(
            Example(kind="bad" if opening.startswith("Bad") else "good", title=opening, blocks=tuple(blocks))
            for opening, blocks in examples
        ),
    )


def _keep(rule: str, block: Block, examples: list[tuple[str, list[Block]]], prose: list[str]) -> None:
    if examples:
        examples[-1][1].append(block)
    else:
        prose.extend([f"```{block.language}", block.text.rstrip("\n"), "```"])


def _block(rule: str, language: str, words: str, text: str) -> Block:
    given: dict[str, str] = {}
    for word in words.split():
        name, _, value = word.partition("=")
        if name not in ("without", "at", "file", "before") or (name == "before") == bool(value):
            raise PageError(f"{rule}: {word!r} after a fence is not one of before, without=, at=, file=")
        given[name] = value
    return Block(
        text=text,
        language=language,
        at=given.get("at", ""),
        file=given.get("file", ""),
        before="before" in given,
        without=tuple(key for key in given.get("without", "").split(",") if key),
    )
