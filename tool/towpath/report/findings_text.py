"""Findings for people: place, message, the lines of the file with the place underlined, what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.model.finding import START, Severity
from towpath.report.codeframe import Mark, Paint, frame, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from towpath.model.finding import Finding

_STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a lint run covered.

    Attributes:
        files: how many runbooks were checked.
        pack: name of the rule pack.
        pack_version: its version.
        pack_sha256: its digest.
        base: the commit compared with, as the user named it; empty when history was not looked at.
    """

    files: int
    pack: str
    pack_version: int
    pack_sha256: str
    base: str = ""


def render_findings(
    findings: Iterable[Finding],
    read: Callable[[str], bytes | None],
    *,
    colour: bool,
    prefix: str = "",
    brief: bool = False,
) -> Iterator[str]:
    """Each finding as a block of lines.

    Args:
        read: the bytes of a file by its path, for the lines shown.
        colour: whether the reader is a terminal.
        prefix: put before every path, so that it can be opened from the current folder.
        brief: only the line with place and message.
    """
    paint = Paint(colour)
    sources: dict[str, str] = {}
    for finding in findings:
        if brief:
            yield _headline(finding, paint, prefix)
            continue
        if finding.path not in sources:
            content = read(finding.path) or b""
            sources[finding.path] = content.removeprefix(_BYTE_ORDER_MARK).decode("utf-8", "replace")
        yield "\n".join(_block(finding, sources[finding.path], paint, prefix))


def render_summary(findings: Iterable[Finding], summary: Summary, *, colour: bool) -> str:
    """One line: how much was checked and what was found."""
    paint = Paint(colour)
    count = Counter(finding.severity for finding in findings)
    files = counted(summary.files, "runbook")
    history = "" if summary.base else "; without --base, rules about history did not run"
    if not count:
        return f"{paint('clean', 'green', 'bold')}: {files} checked with {visible(summary.pack)}{history}"
    said = [paint(counted(count[kind], kind.value), _STYLE[kind], "bold") for kind in Severity if count[kind]]
    return f"{', '.join(said)} in {files}, checked with {visible(summary.pack)}{history}"


def counted(number: int, noun: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _headline(finding: Finding, paint: Paint, prefix: str) -> str:
    place = paint(f"{visible(prefix + finding.path)}:{finding.span.line}:{finding.span.column}", "bold")
    kind = paint(finding.severity.value, _STYLE[finding.severity], "bold")
    return f"{place}: {kind}: {visible(finding.message)} [{finding.rule}]"


def _block(finding: Finding, source: str, paint: Paint, prefix: str) -> Iterator[str]:
    style, span = _STYLE[finding.severity], finding.span
    yield _headline(finding, paint, prefix)
    here = [item for item in finding.related if item.path == finding.path]
    if span != START or here:
        marks = [Mark(span=span, main=True, style=style)]
        marks += [Mark(span=item.span, label=item.label, style="blue") for item in here]
        yield from (f"  {line}" for line in frame(source, marks, paint))
    for item in finding.related:
        if item.path != finding.path:
            where = f"{visible(prefix + item.path)}:{item.span.line}:{item.span.column}"
            yield f"  {paint('see', 'cyan')} {where}{': ' if item.label else ''}{visible(item.label)}"
    if finding.help:
        yield f"  {paint('help:', 'cyan')} {visible(finding.help)}"
    yield f"  {paint(f'why: towpath explain {finding.rule}', 'dim')}"
