"""What an adapter is, what it is given and what it gives back.

An adapter knows one tool's files and nothing of runbooks: it says which answers are there, from which model, with which
scores. Which model is which arm, which metric counts, and whether the whole is sound, is decided once for all adapters
(`collecting.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, Protocol

from towpath.model.errors import EvidenceRefused
from towpath.model.evidence import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

MAX_BYTES = 256_000_000
"""A larger result file is refused before it is read into memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile:
    """One file an evaluation tool wrote.

    Attributes:
        name: how messages and the binding call it, relative to the repository where it lies inside.
        data: all of its bytes, read once.
    """

    name: str
    data: bytes

    @property
    def source(self) -> Source:
        """Name, digest and size, as the binding keeps them."""
        return Source(path=self.name, sha256=hashlib.sha256(self.data).hexdigest(), size=len(self.data))

    def refuse(self, message: str, hint: str = "", where: str = "") -> NoReturn:
        """Raise EvidenceRefused, naming the file and the place in it."""
        raise EvidenceRefused(f"{self.name}{', ' + where if where else ''}: {message}", hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the suite wants its files read; empty means the adapter's own habit."""

    id_from: str = ""
    task_from: str = ""
    score_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of one model, as found in a file.

    Attributes:
        where: place in the file, such as `row 12`.
        model: the name people see; `names` are all names under which the file knows it.
        scores: metric -> value. `only_metric` when this row speaks of that one alone and others follow on other rows.
        error: a class of failure; such an answer has no scores.
    """

    where: str
    example: str
    task: str
    model: str
    names: frozenset[str]
    scores: Mapping[str, float] = field(default_factory=dict)
    only_metric: str = ""
    repeat: int = 0
    error: str = ""
    cluster: str = ""
    latency_ms: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    refusal: bool | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Everything read from one file.

    Attributes:
        measured_at: when the tool ran, as the file says; None when it does not say.
        notes: what the reader should know, such as a column that looks misspelt.
    """

    file: ResultFile
    tool: str
    tool_version: str
    measured_at: datetime | None
    answers: tuple[Answer, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a file, for `--preview`.

    Attributes:
        rows: in how many rows it is there and not empty.
        values: a few of its values, shortened.
        read_as: what it is used for; empty when it is not read.
    """

    name: str
    rows: int
    values: tuple[str, ...]
    read_as: str = ""


class Adapter(Protocol):
    """Reads the files of one evaluation tool. Implemented by the modules in `adapters/`."""

    NAME: str
    EXPECTS: str
    """One line: what the files look like, for people whose file was not recognised."""

    def recognises(self, file: ResultFile, options: Options) -> bool:
        """Whether the file looks like this tool's, judged by its beginning."""
        ...

    def fields(self, file: ResultFile, options: Options) -> tuple[Field, ...]:
        """The fields of the file and what each is read as; says so too where the options are wrong."""
        ...

    def read(self, file: ResultFile, options: Options, beside: Sequence[ResultFile] = ()) -> Samples:
        """All answers. `beside` are the other files of the import, for tools that spread one run over several.

        Raises EvidenceRefused: malformed, cut off, or not what its own totals say.
        """
        ...
