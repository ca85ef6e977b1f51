"""`towpath explain`: the page of a rule, or the list of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from towpath.cli.lint import wants_colour
from towpath.document.suggest import did_you_mean
from towpath.model.errors import UsageError
from towpath.policy.catalogue import pages
from towpath.report.codeframe import Paint
from towpath.report.pages import page_facts, page_markdown, page_options, page_text

if TYPE_CHECKING:
    from towpath.policy.page import Page


@click.command()
@click.argument("rule", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="text for people, json for programs, markdown as in docs/rules.",
)
def explain(rule: str | None, form: str) -> int:
    """Explain a lint rule: what it wants, why, what it looks like wrong and right.

    Without RULE, every rule with one line each.
    """
    known = pages()
    if rule is None:
        _show_list(form)
        return 0
    if rule not in known:
        raise UsageError(
            f"there is no rule {rule!r}", did_you_mean(rule, known) or "list the rules with: towpath explain"
        )
    page = known[rule]
    if form == "json":
        click.echo(json.dumps(_as_data(page), indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo(page_markdown(page), nl=False)
    else:
        colour = wants_colour()
        click.echo(page_text(page, colour=colour), nl=False, color=colour)
    return 0


def _show_list(form: str) -> None:
    known = pages()
    if form == "json":
        click.echo(json.dumps([{"rule": name, "title": page.title} for name, page in known.items()], indent=2))
        return
    if form == "markdown":
        for name, page in known.items():
            click.echo(f"* `{name}`: {page.title}")
        return
    colour = wants_colour()
    paint, width = Paint(colour), max(map(len, known))
    for name, page in known.items():
        click.echo(f"{paint(f'{name:<{width}}', 'bold')}  {page.title}", color=colour)


def _as_data(page: Page) -> dict[str, Any]:
    return {
        "rule": page.rule,
        "title": page.title,
        "why": page.prose,
        "facts": list(page_facts(page.rule)),
        "options": [
            {"name": name, "default": default, "meaning": meaning} for name, default, meaning in page_options(page.rule)
        ],
        "examples": [
            {
                "kind": example.kind,
                "title": example.title,
                "files": [{"about": block.caption, "text": block.text} for block in example.blocks],
            }
            for example in page.examples
        ],
    }
