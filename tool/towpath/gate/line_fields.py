"""Takes the values out of one JSON object of an evidence line, each of the kind it must have, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable


class LineProblem(ValueError):
    """A line or value that does not belong into evidence; the message goes behind file and line."""


class Fields:
    """Takes the values out of one JSON object, each of the kind it must have."""

    def __init__(self, data: dict[str, object]) -> None:
        self._left = dict(data)

    def text(self, key: str, default: str | None = None) -> str:
        """The text there; `default` when absent, refused when there is none."""
        return cast("str", self._take(key, default, lambda value: isinstance(value, str), "text"))

    def number(self, key: str, *, required: bool = False) -> float | None:
        """The number there, or None when it is absent or null."""
        if required and key not in self._left:
            raise LineProblem(f"has no {key}")
        value = self._left.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise LineProblem(f"{key} is not a number")
        try:
            return float(value)
        except OverflowError:
            raise LineProblem(f"{key} is too large") from None

    def whole(self, key: str) -> int | None:
        """The whole number there, or None when it is absent or null."""
        value = self._left.pop(key, None)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise LineProblem(f"{key} is not a whole number")
        return value

    def truth(self, key: str) -> bool | None:
        """True or false as said there, or None when absent."""
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, bool):
            raise LineProblem(f"{key} is not true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts there, empty when absent."""

        def is_texts(value: object) -> bool:
            return isinstance(value, list) and all(isinstance(item, str) for item in value)

        return tuple(cast("list[str]", self._take(key, [], is_texts, "a list of texts")))

    def inner(self, key: str) -> dict[str, object]:
        """The object there."""
        return cast("dict[str, object]", self._take(key, None, lambda value: isinstance(value, dict), "an object"))

    def inners(self, key: str) -> list[dict[str, object]]:
        """The list of objects there."""

        def is_objects(value: object) -> bool:
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)

        return cast("list[dict[str, object]]", self._take(key, None, is_objects, "a list of objects"))

    def mapping(self, key: str) -> dict[str, str]:
        """The object there, all of whose values are texts."""
        found = self.inner(key)
        if not all(isinstance(value, str) for value in found.values()):
            raise LineProblem(f"{key} is not a mapping to texts")
        return cast("dict[str, str]", found)

    def nothing_left(self) -> None:
        """Refuses keys that nobody took."""
        if self._left:
            raise LineProblem(f"has an unknown key {min(self._left)[:40]!r}")

    def _take(self, key: str, default: object, fits: Callable[[object], bool], kind: str) -> object:
        if key not in self._left:
            if default is None:
                raise LineProblem(f"has no {key}")
            return default
        value = self._left.pop(key)
        if not fits(value):
            raise LineProblem(f"{key} is not {kind}")
        return value
