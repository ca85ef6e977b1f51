"""YAML text -> Document: PyYAML's C parser composes nodes, and plain data is built from them by YAML 1.2 rules.

Composing nodes and building the data ourselves is faster than PyYAML's own loading, and leaves a mark on every node.
The parser is never handed text that could exhaust it: size, depth and hidden characters are looked at first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaml import ScalarNode, YAMLError
from yaml._yaml import CParser
from yaml.events import CollectionEndEvent, CollectionStartEvent

from towpath.document.core_schema import MAX_DEPTH, Refusal, plain_data
from towpath.document.nodes import BYTE_ORDER_MARK, Document, position
from towpath.document.yaml_pages import YAML_RULES
from towpath.model.finding import Finding, Location, Severity, Span

if TYPE_CHECKING:
    from yaml import Node

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_VALUES", "YAML_RULES", "parse"]

MAX_BYTES = 512 * 1024
MAX_VALUES = 20_000

_PRINTABLE_ASCII = bytes([9, 10, 13, *range(0x20, 0x7F)])
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
_DOCUMENT_START = re.compile(r"^---", re.MULTILINE)
_INDENTING = bytes.maketrans(b"\t?-", b"   ")
_DEEP_INDENT = b" " * (MAX_DEPTH * 2)


class _Nodes(CParser):
    """The C composer with no tag resolution: an untagged node has the tag "", so that written tags are seen."""

    def __init__(self, source: str) -> None:
        CParser.__init__(self, source)

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        """Called by the composer for every node without a tag."""
        return ""

    def descend_resolver(self, parent: object, index: object) -> None:
        """Part of the composer's protocol; there is nothing to resolve."""

    def ascend_resolver(self) -> None:
        """Part of the composer's protocol; there is nothing to resolve."""


def parse(text: bytes, path: str) -> tuple[Document | None, tuple[Finding, ...]]:
    """Read one YAML file.

    Args:
        text: the bytes of the file; untrusted.
        path: the file, relative to the repository, for the findings.

    Returns:
        The document, and what is wrong with the text. The document is None when the text cannot be read at all. A
        document that comes with findings exists only so that the rest of the file can be checked too: where a key
        stands twice its data holds the first value, and nobody may act on it.
    """
    source, refusal = _decode(text, path)
    if refusal:
        return None, (refusal,)
    if _too_deep(source):
        return None, (_finding("yaml-limit", f"nested more than {MAX_DEPTH} levels deep", path, source, 0),)
    root, findings = _compose(source, path)
    if root is None:
        return None, findings
    if "&" in source and "*" in source and (loop := _alias_problem(root)):
        node, message = loop
        return None, (*findings, _finding("yaml-limit", message, path, source, node.start_mark.index))
    data, refusals = plain_data(root, source)
    document = Document(path=path, text=text, data=data, source=source, root=root)
    if not refusals:
        return document, findings
    refused = document.pointers_of({id(refusal.node) for refusal in refusals})
    findings = (*findings, *dict.fromkeys(_refusal(document, refusal) for refusal in refusals))
    document = Document(path=path, text=text, data=data, source=source, root=root, refused=refused)
    return document, tuple(sorted(findings, key=Finding.sort_key))


def _decode(text: bytes, path: str) -> tuple[str, Finding | None]:
    """The text, or why it is none: too large, not UTF-8, hidden characters."""
    if len(text) > MAX_BYTES:
        return "", _finding("yaml-limit", f"{len(text):,} bytes; a runbook may have {MAX_BYTES:,}", path, "", 0)
    body = text.removeprefix(BYTE_ORDER_MARK)
    try:
        source = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        before = body[: problem.start].decode("utf-8")
        message = f"byte 0x{body[problem.start]:02x} is not UTF-8"
        return "", _finding("yaml-encoding", message, path, before, len(before), "save the file as UTF-8")
    # deleting what is harmless is the fastest way to see whether anything else is there
    if (body.translate(None, _PRINTABLE_ASCII) or b"\r" in body) and (hidden := _HIDDEN.search(source)):
        message = f"hidden character U+{ord(hidden[0]):04X}"
        return "", _finding(
            "yaml-encoding",
            message,
            path,
            source,
            hidden.start(),
            "remove it, or write it as an escape in double quotes",
        )
    return source, None


def _too_deep(source: str) -> bool:
    """Whether nesting passes the limit by far enough to threaten the C stack of the composer (about 30,000 levels).

    The count of brackets and the longest run of dashes and spaces bound the depth from above; only a text that passes
    these bounds is walked, event by event, which needs no stack.
    """
    brackets = source.count("[") + source.count("{")
    if brackets <= MAX_DEPTH * 4 and _DEEP_INDENT not in source.encode("utf-8").translate(_INDENTING):
        return False
    parser, depth = _Nodes(source), 0
    try:
        while parser.check_event():
            event = parser.get_event()
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                return True
    except YAMLError:
        return False  # composing stops at the same place and reports it
    finally:
        parser.dispose()
    return False


def _compose(source: str, path: str) -> tuple[Node | None, tuple[Finding, ...]]:
    """The node tree of the first document, and findings about the text as a whole."""
    parser = _Nodes(source)
    root: Node | None = None
    try:
        if not parser.check_node():
            return None, (_empty(source, path),)
        root = parser.get_node()
        if not parser.check_node():
            if root and root.start_mark.index == root.end_mark.index:
                return None, (_empty(source, path),)
            return root, ()
        return root, (_several(source, path, root),)
    except YAMLError as problem:
        return None, (_syntax(problem, source, path),)
    finally:
        parser.dispose()


def _alias_problem(root: Node) -> tuple[Node, str] | None:
    """Where and why the aliases of a document are refused; None when harmless. Linear in the nodes written."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    pending: list[tuple[Node, bool]] = [(root, False)]
    while pending:
        node, done = pending.pop()
        if id(node) in sizes:
            continue
        children = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
        children = [] if isinstance(node, ScalarNode) else children
        if done:
            open_nodes.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in children)
            continue
        open_nodes.add(id(node))
        pending.append((node, True))
        for child in children:
            if id(child) in open_nodes:
                return child, "what is named here contains itself"
            pending.append((child, False))
    if sizes[id(root)] > MAX_VALUES:
        return root, f"the aliases unfold to {sizes[id(root)]:,} values; {MAX_VALUES:,} are allowed"
    return None


def _empty(source: str, path: str) -> Finding:
    return _finding("yaml-empty", "the file is empty", path, source, 0, "write a runbook: towpath new")


def _several(source: str, path: str, root: Node | None) -> Finding:
    after = root.end_mark.index if root else 0
    found = _DOCUMENT_START.search(source, after)
    message = "a second document begins here; everything after it would be ignored"
    place = found.start() if found else after
    return _finding("yaml-several-documents", message, path, source, place, "write one runbook per file")


def _refusal(document: Document, refusal: Refusal) -> Finding:
    related: tuple[Location, ...] = ()
    if refusal.first is not None:
        place = document.span_of(refusal.first)
        related = (Location(path=document.path, span=place, label="first written here"),)
    return Finding(
        rule=refusal.rule,
        severity=Severity.ERROR,
        message=refusal.message,
        path=document.path,
        span=document.span_of(refusal.node),
        help=refusal.help,
        related=related,
    )


_SYNTAX_HELP = (
    ("mapping values are not allowed", 'a text with ": " in it needs quotes; otherwise look at the indentation'),
    ("cannot start any token", "indent with spaces, not tabs; a text that begins with @ ` or % needs quotes"),
    ("could not find expected ':'", "a key needs a colon and a space after it; a longer text needs quotes or >-"),
    ("did not find expected key", "look at the indentation of this line and the one before it"),
    ("did not find expected ',' or", "a bracket opened before this place is not closed, or a comma is missing"),
    ("end of stream", "a quote opened before this place is not closed"),
    ("unknown escape", "inside double quotes a backslash is written as \\\\; single quotes keep it as it is"),
    ("undefined alias", "a text that begins with * needs quotes"),
    ("second occurrence", "an anchor (&name) may be given once"),
    ("anchor", "a text that begins with & needs quotes"),
    ("incompatible YAML", "remove the %YAML line"),
)


def _syntax(problem: YAMLError, source: str, path: str) -> Finding:
    mark, context = getattr(problem, "problem_mark", None), getattr(problem, "context_mark", None)
    said = getattr(problem, "problem", None) or getattr(problem, "reason", None) or "cannot be read as YAML"
    about = getattr(problem, "context", None) or ""
    related: tuple[Location, ...] = ()
    if context is not None and mark is not None and (context.line, context.column) != (mark.line, mark.column):
        span = _point(source, context.index)
        related = (Location(path=path, span=span, label=about or "this is where it began"),)
    advice = next((text for part, text in _SYNTAX_HELP if part in f"{said} {about}"), "")
    return Finding(
        rule="yaml-syntax",
        severity=Severity.ERROR,
        message=f"{about}: {said}" if about else said,
        path=path,
        span=_point(source, mark.index if mark is not None else 0),
        help=advice,
        related=related,
    )


def _finding(rule: str, message: str, path: str, source: str, index: int, advice: str = "") -> Finding:
    span = _point(source, index)
    return Finding(rule=rule, severity=Severity.ERROR, message=message, path=path, span=span, help=advice)


def _point(source: str, index: int) -> Span:
    """The one character at an index; nothing wide at the end of a line or file."""
    index = min(index, len(source))
    line, column = position(source, index)
    wide = index < len(source) and source[index] not in "\r\n"
    return Span(line, column, line, column + wide)
