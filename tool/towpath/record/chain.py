"""The records of one runbook, in order, and whether they form a chain.

Each record names the digest of the one before it, so none can be taken out, exchanged or replayed unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.record.digests import digest_of
from towpath.record.statement import RecordRefused, read_record, record_path

if TYPE_CHECKING:
    from towpath.model.record import Record
    from towpath.model.snapshot import Files, Settings

_NAME = re.compile(r"[0-9]{6}\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One record as it lies in the tree: `record` is None when the file was refused, with the reason in `broken`."""

    seq: int
    path: str
    sha256: str
    record: Record | None
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Every record of one runbook, by number.

    Attributes:
        broken: what is wrong with the chain as a whole, and with each link.
    """

    runbook: str
    links: tuple[Link, ...]
    broken: tuple[str, ...] = ()

    @property
    def next_seq(self) -> int:
        """The number of the next record."""
        return self.links[-1].seq + 1 if self.links else 1

    @property
    def tip(self) -> str:
        """Digest the next record must name; empty for the first."""
        return self.links[-1].sha256 if self.links else ""

    @property
    def last(self) -> Record | None:
        """The newest record, if it can be read."""
        return self.links[-1].record if self.links else None

    @property
    def records(self) -> tuple[Record, ...]:
        """Every readable record."""
        return tuple(link.record for link in self.links if link.record is not None)


def chain_of(files: Files, settings: Settings, runbook_id: str) -> Chain:
    """Read and check the records of a runbook. Nothing is raised: what is wrong is in `broken`."""
    folder = f"{settings.records}/{runbook_id}"
    links: list[Link] = []
    broken: list[str] = []
    previous = ""
    for path in files.paths(folder):
        name = path.removeprefix(folder + "/")
        data = files.read(path)
        if not _NAME.fullmatch(name) or data is None:
            broken.append(f"{path} is no record: names are six digits and .json")
            continue
        link = _link(data, path, int(name[:6]), runbook_id, previous)
        expected = links[-1].seq + 1 if links else 1
        if link.seq != expected:
            broken.append(f"{record_path(settings.records, runbook_id, expected)} is missing")
        links.append(link)
        broken += link.broken
        previous = link.sha256
    return Chain(runbook=runbook_id, links=tuple(links), broken=tuple(broken))


def _link(data: bytes, path: str, seq: int, runbook_id: str, previous: str) -> Link:
    sha256 = digest_of(data).sha256
    try:
        record = read_record(data, path)
    except RecordRefused as problem:
        return Link(seq=seq, path=path, sha256=sha256, record=None, broken=(str(problem),))
    broken = []
    if record.runbook != runbook_id:
        broken.append(f"{path} is a record of {record.runbook}")
    if record.seq != seq:
        broken.append(f"{path} says it is number {record.seq}")
    if record.prev != previous:
        broken.append(f"{path} does not follow the record before it")
    return Link(seq=seq, path=path, sha256=sha256, record=record, broken=tuple(broken))
