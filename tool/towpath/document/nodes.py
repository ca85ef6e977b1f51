"""A parsed YAML file: its plain data, and the place in the text of everything in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yaml import MappingNode, ScalarNode, SequenceNode

from towpath.model.finding import START, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import Node

    from towpath.model.runbook import Pointer

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML document with a mark on every node.

    Attributes:
        path: the file, relative to the repository.
        text: the bytes as they were read; edits start from these.
        data: plain data by the YAML 1.2 core schema: dict, list, str, int, float, bool, None. Keys are strings.
        source: the decoded text without a byte order mark; marks count its characters.
        root: the node tree the data was built from.
        refused: nodes the parser already complained about; later checks keep silent there.
    """

    path: str
    text: bytes
    data: Any
    source: str = field(repr=False)
    root: Node = field(repr=False, compare=False)
    refused: frozenset[Pointer] = frozenset()

    def node(self, pointer: Pointer) -> Node | None:
        """The node a pointer names, or None when there is none."""
        _, found, reached = self._walk(pointer)
        return found if reached == len(pointer) else None

    def span(self, pointer: Pointer, on_key: bool = False) -> Span:
        """Where a node is written.

        Args:
            pointer: keys and indices from the root. What does not exist is placed at the name of its nearest parent.
            on_key: the span of the key's name instead of its value; of an item of a list, its first entry.

        Returns:
            Lines and columns from 1, columns in characters, the end exclusive and without trailing comments.
        """
        key, node, reached = self._walk(pointer)
        if on_key or reached < len(pointer):
            return self._name_span(key, node)
        if key is not None and _is_blank(node):
            return self.span_of(key)
        return self.span_of(node)

    def span_of(self, node: Node) -> Span:
        """Where this very node is written."""
        return self._span(node.start_mark.index, self.end_index(node))

    def end_index(self, node: Node) -> int:
        """Index in `source` just after the node's last character, trailing blank lines and comments left out."""
        if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
            last = node.value[-1]
            pair = last if isinstance(last, tuple) else (last, last)
            inside = [part for part in pair if part.start_mark.index >= node.start_mark.index and not _is_blank(part)]
            # an alias is written elsewhere; then only the parser's own, later end is known
            if inside and (pair[1] in inside or _is_blank(pair[1])):
                return self.end_index(inside[-1])
        start, end = node.start_mark.index, node.end_mark.index
        return start + len(self.source[start:end].rstrip())

    def pointers_of(self, wanted: set[int]) -> frozenset[Pointer]:
        """Pointers of the nodes with these identities, keys standing for their values."""
        return frozenset(pointer for pointer, nodes in _every(self.root, ()) if wanted & {id(node) for node in nodes})

    def _walk(self, pointer: Pointer) -> tuple[Node | None, Node, int]:
        """Follow a pointer as far as it goes: the key node on the way in, the node, and how many steps were made."""
        key: Node | None = None
        node = self.root
        for reached, step in enumerate(pointer):
            if isinstance(node, MappingNode):
                pair = next((pair for pair in node.value if _key_text(pair[0]) == step), None)
                if pair is None:
                    return key, node, reached
                key, node = pair
            elif isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
                key, node = None, node.value[step]
            else:
                return key, node, reached
        return key, node, len(pointer)

    def _name_span(self, key: Node | None, node: Node) -> Span:
        if key is not None:
            return self.span_of(key)
        if isinstance(node, MappingNode) and node.value:
            first, value = node.value[0]
            if node is self.root:
                return self.span_of(first)
            if isinstance(value, ScalarNode) and first.end_mark.index <= value.start_mark.index and value.value:
                return self._span(first.start_mark.index, self.end_index(value))
            return self.span_of(first)
        return self.span_of(node)

    def _span(self, start: int, end: int) -> Span:
        if not self.source:
            return START
        first, last = position(self.source, start), position(self.source, max(start, end))
        return Span(*first, *last)


def position(source: str, index: int) -> tuple[int, int]:
    """Line and column, both from 1, of a character of the text."""
    return source.count("\n", 0, index) + 1, index - (source.rfind("\n", 0, index) + 1) + 1


def _key_text(node: Node) -> str | None:
    return node.value if isinstance(node, ScalarNode) else None


def _is_blank(node: Node) -> bool:
    """Whether the value is written as nothing at all, as in `hold:`."""
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index


def _every(node: Node, at: Pointer) -> Iterator[tuple[Pointer, tuple[Node, ...]]]:
    """Every node below one, with its pointer; together with its key where it has one."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            here = (*at, text if (text := _key_text(key)) is not None else "")
            yield here, (key, value)
            yield from _every(value, here)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield (*at, index), (value,)
            yield from _every(value, (*at, index))
