"""YAML text -> Document: PyYAML's C parser composes nodes, and this module builds plain data by YAML 1.2 rules.

PyYAML's own loader follows YAML 1.1, where `on` is true, `012` is ten and the last of two equal keys wins silently.
Composing nodes and building the data here is also faster, and leaves a mark on every node. The parser is never handed
text that could exhaust it: size, depth and hidden characters are looked at first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaml import ScalarNode, SequenceNode, YAMLError
from yaml._yaml import CParser
from yaml.events import CollectionEndEvent, CollectionStartEvent

from towpath.document.nodes import BYTE_ORDER_MARK, Document, position
from towpath.document.yaml_pages import YAML_RULES
from towpath.model.finding import Finding, Location, Severity, Span

if TYPE_CHECKING:
    from yaml import Node

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_VALUES", "YAML_RULES", "parse", "plain_scalar"]

MAX_BYTES = 512 * 1024
MAX_DEPTH = 32
MAX_VALUES = 20_000

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+").fullmatch
_BASED = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+").fullmatch
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)").fullmatch
_NUMBER_START = frozenset("0123456789-+.")
_MOST_DIGITS = 15
"""Every whole number of so many digits is exact in a double, and so in every JSON reader."""

_PRINTABLE_ASCII = bytes([9, 10, 13, *range(0x20, 0x7F)])
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
_DEEP_LINE = re.compile(rf"^[ \t?-]{{{MAX_DEPTH * 8}}}", re.MULTILINE)

_Note = tuple[str, "Node", str, "Node | None"]
"""Rule, node, sentence and, for a duplicate, the first key."""


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
        return None, tuple(findings)
    if "*" in source and (problem := _alias_problem(root)):
        at = root.start_mark.index
        return None, (*findings, _finding("yaml-limit", problem, path, source, at))
    notes: list[_Note] = []
    data = _value(root, 1, notes)
    if "!" in source:
        _bare_tags(root, source, notes)
    document = Document(path=path, text=text, data=data, source=source, root=root)
    if not notes:
        return document, tuple(findings)
    refused = document.pointers_of({id(node) for _, node, _, _ in notes})
    findings.extend(_explain(document, note) for note in notes)
    document = Document(path=path, text=text, data=data, source=source, root=root, refused=refused)
    return document, tuple(sorted(dict.fromkeys(findings), key=Finding.sort_key))


def plain_scalar(text: str) -> str | int | float | bool | None:
    """What a scalar written without quotes means by the YAML 1.2 core schema (section 10.3.2).

    Raises:
        OverflowError: it is a number other programs cannot hold.
    """
    if text[:1] in _NUMBER_START and text:
        if _INT(text):
            return _whole(text, 10)
        if _FLOAT(text):
            number = float(text)
            if number - number != 0:
                raise OverflowError(text)
            return number
        if _BASED(text):
            return _whole(text[2:], 16 if text[1] == "x" else 8)
        if _NOT_FINITE(text):
            raise OverflowError(text)
    return _WORDS.get(text, text)


def _whole(digits: str, base: int) -> int:
    if len(digits.lstrip("+-0")) > _MOST_DIGITS:
        raise OverflowError(digits)
    return int(digits, base)


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

    The count of brackets and the leading dashes and spaces of a line bound the depth from above; only a text that
    passes these bounds is walked, event by event, which needs no stack.
    """
    brackets = source.count("[") + source.count("{")
    if brackets <= MAX_DEPTH * 16 and not _DEEP_LINE.search(source):
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


def _compose(source: str, path: str) -> tuple[Node | None, list[Finding]]:
    """The node tree of the first document, and findings about the text as a whole."""
    parser = _Nodes(source)
    root: Node | None = None
    try:
        if not parser.check_node():
            return None, [_empty(source, path)]
        root = parser.get_node()
        if not parser.check_node():
            if root and root.start_mark.index == root.end_mark.index:
                return None, [_empty(source, path)]
            return root, []
        return root, [_several(source, path, parser.peek_event().start_mark.index)]
    except YAMLError as problem:
        return None, [_syntax(problem, source, path)]
    finally:
        parser.dispose()


def _value(node: Node, depth: int, notes: list[_Note]) -> Any:
    """Plain data of a node. What is refused is noted, and the rest goes on."""
    if node.tag:
        notes.append(("yaml-tag", node, f"the tag {_short_tag(node.tag)} is not allowed", None))
    if depth > MAX_DEPTH:
        notes.append(("yaml-limit", node, f"nested more than {MAX_DEPTH} levels deep", None))
        return None
    if isinstance(node, ScalarNode):
        if node.style or node.tag:
            return node.value
        try:
            return plain_scalar(node.value)
        except OverflowError:
            notes.append(("yaml-limit", node, f"{_shown(node.value)} is a number other programs cannot hold", None))
            return node.value
    if isinstance(node, SequenceNode):
        return [_value(item, depth + 1, notes) for item in node.value]
    data: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value
        if key.__class__ is not ScalarNode:
            notes.append(("yaml-key", key, "a list or a mapping cannot be a key", None))
            continue
        if (not key.style and name[:1] in _KEY_SUSPECTS) or key.tag or name in _WORDS:
            _check_key(key, notes)
        if name in data:
            first = next(other for other, _ in node.value if other.value == name)
            notes.append(("yaml-duplicate-key", key, f"the key {_shown(name)} stands twice", first))
            _value(value, depth + 1, notes)
            continue
        data[name] = _value(value, depth + 1, notes)
    return data


_KEY_SUSPECTS = _NUMBER_START | {"<"}


def _check_key(key: Node, notes: list[_Note]) -> None:
    if key.tag:
        notes.append(("yaml-tag", key, f"the tag {_short_tag(key.tag)} is not allowed", None))
    if key.style:
        return
    if key.value == "<<":
        notes.append(("yaml-key", key, "merge keys (<<) do not exist in YAML 1.2", None))
        return
    try:
        text = isinstance(plain_scalar(key.value), str)
    except OverflowError:
        text = False
    if not text:
        notes.append(("yaml-key", key, f"the key {_shown(key.value) or 'without a name'} is not a text", None))


def _alias_problem(root: Node) -> str:
    """Why the aliases of a document are refused; empty when they are harmless. Linear in the nodes written."""
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
                return "an alias contains itself"
            pending.append((child, False))
    if sizes[id(root)] > MAX_VALUES:
        return f"the aliases unfold to {sizes[id(root)]:,} values; {MAX_VALUES:,} are allowed"
    return ""


def _bare_tags(root: Node, source: str, notes: list[_Note]) -> None:
    """Note the tag `!` on its own, which the parser does not hand on."""
    pending, seen = [root], set[int]()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not node.tag and _BARE_TAG.match(source, node.start_mark.index):
            notes.append(("yaml-tag", node, "the tag ! is not allowed", None))
        if not isinstance(node, ScalarNode):
            pending.extend(part for item in node.value for part in (item if isinstance(item, tuple) else (item,)))


_BARE_TAG = re.compile(r"(?:&\S+\s+)?!(?:\s|$)")

_ADVICE = {
    "yaml-tag": "write the value plainly; quotes make a text of anything",
    "yaml-key": "put the name in quotes",
    "yaml-limit": "write it more plainly; put a number that is a name in quotes",
    "yaml-duplicate-key": "keep one of the two",
}


def _explain(document: Document, note: _Note) -> Finding:
    rule, node, message, first = note
    advice = _ADVICE[rule]
    if message.startswith("merge keys"):
        advice = "name the section once under checks and use it by name"
    related: tuple[Location, ...] = ()
    if first is not None:
        place = document.span_of(first)
        message = f"{message}: first in line {place.line}"
        related = (Location(path=document.path, span=place, label="first written here"),)
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        path=document.path,
        span=document.span_of(node),
        help=advice,
        related=related,
    )


def _empty(source: str, path: str) -> Finding:
    return _finding("yaml-empty", "the file is empty", path, source, 0, "write a runbook: towpath new")


def _several(source: str, path: str, index: int) -> Finding:
    message = "a second document begins here; everything after it would be ignored"
    return _finding("yaml-several-documents", message, path, source, index, "write one runbook per file")


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


def _short_tag(tag: str) -> str:
    return _shown(tag.replace("tag:yaml.org,2002:", "!!"))


def _shown(text: str) -> str:
    """Untrusted text in a message: one line, not too long."""
    plain = text if text.isprintable() else ascii(text)[1:-1]
    return plain if len(plain) <= 60 else f"{plain[:57]}..."
