"""A rule's page as Markdown (documentation, SARIF) and as plain text (terminal)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from towpath.policy.catalogue import FIXED, RULES
from towpath.report.codeframe import Paint, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.policy.page import Example, Page

_INLINE = re.compile(r"`([^`]+)`")


def page_facts(rule: str) -> tuple[str, ...]:
    """What the page's text does not say: severity, what the rule looks at, options with defaults."""
    if rule in FIXED or rule not in RULES:
        return ("Severity: error; no rule pack can change it.",)
    found = RULES[rule]
    facts = [f"Severity: {found.severity.value}, unless the rule pack says otherwise."]
    if found.needs_base:
        facts.append("Speaks only with `--base REV`.")
    elif found.cross_file:
        facts.append("Looks at other files of the repository too.")
    return tuple(facts)


def page_options(rule: str) -> tuple[tuple[str, str, str], ...]:
    """Name, default as written in YAML, and meaning of each option of a rule."""
    options = RULES[rule].options if rule in RULES else {}
    return tuple((name, _as_yaml(default), meaning) for name, (default, meaning) in options.items())


def page_markdown(page: Page) -> str:
    """The whole page, beginning with its title as a heading."""
    return "\n".join(_markdown(page)).rstrip() + "\n"


def _markdown(page: Page) -> Iterator[str]:
    yield from (f"# {page.rule}", "", page.title, "")
    if page.prose:
        yield from (page.prose, "")
    for fact in page_facts(page.rule):
        yield f"* {fact}"
    yield ""
    if options := page_options(page.rule):
        yield from ("## Options", "", "| Option | Default | Meaning |", "| --- | --- | --- |")
        for name, default, meaning in options:
            yield f"| `{name}` | `{default}` | {meaning.replace('|', chr(92) + '|')} |"
        yield ""
    if page.examples:
        yield from ("## Examples", "")
    for example in page.examples:
        yield from (f"**{example.title}**", "")
        for block in example.blocks:
            if block.caption:
                yield from (f"*{block.caption}:*", "")
            yield from (f"```{block.language}", *map(visible, block.text.rstrip("\n").split("\n")), "```", "")


def page_text(page: Page, *, colour: bool = False) -> str:
    """The whole page without markup."""
    paint = Paint(colour)
    lines = [f"{paint(page.rule, 'bold')}: {page.title}", ""]
    if page.prose:
        lines += [_plain(line, paint) for line in page.prose.split("\n")] + [""]
    lines += [_plain(fact, paint) for fact in page_facts(page.rule)]
    for name, default, meaning in page_options(page.rule):
        lines.append(f"Option {paint(name, 'cyan')}, default {default}: {_plain(meaning, paint)}")
    for example in page.examples:
        lines += ["", *_example_text(example, paint)]
    return "\n".join(lines).rstrip() + "\n"


def _example_text(example: Example, paint: Paint) -> Iterator[str]:
    yield paint(example.title, "red" if example.kind == "bad" else "green", "bold")
    for block in example.blocks:
        if block.caption:
            yield f"  ({block.caption})"
        for line in block.text.rstrip("\n").split("\n"):
            yield f"    {visible(line)}".rstrip()


def _plain(line: str, paint: Paint) -> str:
    """A line without backticks; what stood in them is coloured on a terminal."""
    return _INLINE.sub(lambda found: paint(found[1], "cyan"), line) if paint.colour else line


def _as_yaml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_as_yaml(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_as_yaml(item)}" for key, item in value.items()) + "}"
    return str(value)
