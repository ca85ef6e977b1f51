"""Files of a snapshot -> runbooks, each with what is wrong with its text and its schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from towpath.document.parse import parse
from towpath.document.runbook_reading import read_runbook
from towpath.document.schema import validate
from towpath.document.schema_pages import SCHEMA_RULES
from towpath.document.suggest import closest
from towpath.model.errors import UsageError
from towpath.model.finding import Severity

if TYPE_CHECKING:
    from towpath.document.nodes import Document
    from towpath.model.finding import Finding
    from towpath.model.runbook import Runbook
    from towpath.model.snapshot import Files, Snapshot

_ROUTING = ("rollout", "arms", "cohort", "exports", "feature", "id")
"""Keys of a runbook that decide who gets which model."""

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One runbook file, read as far as it could be.

    Attributes:
        path: the file, relative to the repository.
        text: its bytes.
        document: None when it is no YAML at all.
        runbook: None when too little is there to speak of. A runbook beside error findings is for further findings
            only; nobody may act on it.
        findings: what the parser and the schema say, in order of place.
    """

    path: str
    text: bytes
    document: Document | None
    runbook: Runbook | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid acting on the runbook."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def named_id(self) -> str:
        """The id the file claims, however broken the rest is; empty when there is none."""
        data = self.document.data if self.document else None
        claimed = data.get("id") if isinstance(data, dict) else None
        return claimed if isinstance(claimed, str) else ""


def load_runbook(files: Files, path: str) -> Loaded:
    """Read one runbook file.

    Raises:
        UsageError: there is no such file.
    """
    text = files.read(path)
    if text is None:
        raise UsageError(f"there is no file {path}", "list the runbooks with: towpath status --all")
    return _load(text, path)


def load_all(snapshot: Snapshot) -> tuple[Loaded, ...]:
    """Every YAML file under the runbook folder, folders in it included, sorted by path."""
    return tuple(load_runbook(snapshot.files, path) for path in runbook_paths(snapshot))


def runbook_paths(snapshot: Snapshot) -> tuple[str, ...]:
    """Where the runbooks of a snapshot lie, sorted."""
    paths = snapshot.files.paths(snapshot.settings.runbooks)
    return tuple(sorted(path for path in paths if path.lower().endswith(SUFFIXES)))


def find_runbook(snapshot: Snapshot, id_or_path: str, *, urgent: bool = False) -> Loaded:
    """The one runbook a user names, by id or by path; its document and runbook are there and without errors.

    Args:
        urgent: for going back, errors of the schema are passed over where they say nothing about who gets which model.

    Raises:
        UsageError: there is none (with the closest id), there are several of that id, or its file has errors.
    """
    paths = runbook_paths(snapshot)
    plain_path = id_or_path.removeprefix("./")
    if plain_path in paths:
        return _usable(load_runbook(snapshot.files, plain_path), urgent)
    if plain_path.lower().endswith(SUFFIXES):
        close = closest(plain_path, paths)
        where = f"there is no runbook {id_or_path} under {snapshot.settings.runbooks}/"
        raise UsageError(where, f"did you mean {close}?" if close else "name a runbook by its id or its path")
    found = [loaded for path in paths if (loaded := _claims(snapshot.files, path, id_or_path))]
    if len(found) > 1:
        places = " and ".join(loaded.path for loaded in found)
        raise UsageError(
            f"the id {id_or_path} stands in {places}", "give each runbook its own id, or name one by its path"
        )
    if found:
        return _usable(found[0], urgent)
    return _usable(_by_file_name(snapshot, paths, id_or_path), urgent)


def _claims(files: Files, path: str, wanted: str) -> Loaded | None:
    """The file, if its id is the wanted one.

    Reading 2,000 files to find one would take a second, so a file that cannot spell the id is not parsed. A backslash
    may be part of an escape that spells it.
    """
    text = files.read(path)
    if text is None or (wanted.encode() not in text and b"\\" not in text):
        return None
    loaded = _load(text, path)
    return loaded if loaded.named_id == wanted else None


def _by_file_name(snapshot: Snapshot, paths: tuple[str, ...], wanted: str) -> Loaded:
    """The file of that name when it is too broken to have an id; else the error that there is none."""
    for path in paths:
        if path.rpartition("/")[2].rpartition(".")[0] == wanted:
            loaded = load_runbook(snapshot.files, path)
            if loaded.errors:
                return loaded
    ids = sorted({loaded.named_id for loaded in load_all(snapshot)} - {""})
    close = closest(wanted, ids)
    if close:
        hint = f"did you mean {close}?"
    elif ids:
        hint = f"there are: {', '.join(ids[:8])}{', ...' if len(ids) > 8 else ''}"
    else:
        hint = "write one with: towpath new"
    raise UsageError(f"there is no runbook {wanted!r} under {snapshot.settings.runbooks}/", hint)


def _usable(loaded: Loaded, urgent: bool) -> Loaded:
    if loaded.errors and not (urgent and _routes(loaded)):
        first, more = loaded.errors[0], len(loaded.errors) - 1
        rest = f" (and {more} more)" if more else ""
        place = f"{first.path}:{first.span.line}:{first.span.column}"
        raise UsageError(f"{place}: {first.message}{rest}", f"see everything with: towpath lint {loaded.path}")
    if loaded.document is None or loaded.runbook is None:
        raise UsageError(f"{loaded.path} is no runbook", f"see why with: towpath lint {loaded.path}")
    return loaded


def _routes(loaded: Loaded) -> bool:
    """Whether all errors are the schema's, and none is about who gets which model."""
    runbook = loaded.runbook
    if runbook is None or any(finding.rule not in SCHEMA_RULES for finding in loaded.errors):
        return False
    return not any(
        not pointer or pointer[0] in _ROUTING or pointer == ("stages",) or pointer[2:] == ("name",)
        for pointer in runbook.malformed
    )


def _load(text: bytes, path: str) -> Loaded:
    document, findings = parse(text, path)
    if document is None:
        return Loaded(path=path, text=text, document=None, runbook=None, findings=findings)
    more, malformed = validate(document)
    runbook = read_runbook(document.data, path, malformed)
    together = tuple(sorted((*findings, *more), key=lambda finding: finding.sort_key()))
    return Loaded(path=path, text=text, document=document, runbook=runbook, findings=together)
