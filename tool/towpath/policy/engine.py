"""Snapshot -> findings: every runbook is read, every rule of the pack is run on it, and what they say is placed.

In two steps. `examine` takes one file as far as it goes alone: text, schema, the rules that look at nothing else. It
needs no other file, so many files can be examined at the same time, and it keeps no syntax tree: those of 2,000 files
would be half a gigabyte, and Python's garbage collector would go over them again and again. `conclude` then runs the
rules that compare files with each other or with the base revision.

Fail closed: what cannot be read is a finding of the parser or the schema, a rule that fails is a finding of its own,
and a runbook that vanished while it moved traffic is one too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from towpath.document.loading import load_runbook, runbook_paths
from towpath.document.parse import parse
from towpath.model.finding import START, Finding, Severity
from towpath.model.runbook import PLANNED, Runbook
from towpath.model.snapshot import Snapshot
from towpath.policy.catalogue import RULES
from towpath.policy.neighbours import Neighbours
from towpath.policy.placing import placed, severity_for, silenced
from towpath.policy.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from towpath.document.nodes import Document
    from towpath.policy.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One file, as far as it goes alone.

    Attributes:
        text: its bytes.
        data: plain data of the file; None when it is no YAML.
        runbook: None when too little is there to speak of.
        named_id: the id the file claims, however broken the rest is.
        reported: whether its findings were asked for; otherwise it is only there to be compared with.
        findings: of the parser, the schema and the rules that look at one file.
    """

    path: str
    text: bytes
    data: Any
    runbook: Runbook | None
    named_id: str
    reported: bool
    findings: tuple[Finding, ...]


def lint(
    snapshot: Snapshot,
    pack: Pack,
    paths: Collection[str] | None = None,
    *,
    progress: Callable[[int], None] | None = None,
) -> tuple[Finding, ...]:
    """Everything that is wrong with the runbooks of a repository.

    Args:
        snapshot: with a base, rules about history run as well.
        pack: which rules apply, and how.
        paths: report only these files and what lies below these folders; all runbooks are read in any case, because
            some rules compare them.
        progress: told how many runbooks were examined, after each.

    Returns:
        Findings in order of file, place and rule, each once.
    """
    examined: list[Examined] = []
    for path in runbook_paths(snapshot):
        examined.append(examine(snapshot, pack, path, paths))
        if progress:
            progress(len(examined))
    return conclude(snapshot, pack, examined, paths)


def examine(snapshot: Snapshot, pack: Pack, path: str, paths: Collection[str] | None = None) -> Examined:
    """Read one runbook and run the rules that look at nothing else.

    Raises:
        UsageError: there is no such file.
    """
    loaded = load_runbook(snapshot.files, path)
    reported = wanted(path, paths)
    findings = list(loaded.findings) if reported else []
    document, runbook = loaded.document, loaded.runbook
    if reported and document is not None and runbook is not None:
        for rule, subject in _subjects(
            snapshot, pack, runbook, document.data, Neighbours.of((runbook,)), None, _looks_at_one_file
        ):
            findings.extend(_run(rule, subject, pack, lambda: document))
    elif reported and not loaded.errors:
        findings.append(_crashed("the reader", "nothing is wrong with the file, and yet it could not be read", path))
    return Examined(
        path=path,
        text=loaded.text,
        data=document.data if document else None,
        runbook=runbook,
        named_id=loaded.named_id,
        reported=reported,
        findings=tuple(findings),
    )


def conclude(
    snapshot: Snapshot, pack: Pack, examined: Sequence[Examined], paths: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """The findings of every examined file, and of the rules that compare them.

    Args:
        examined: every runbook of the snapshot.
        paths: as for `lint`.
    """
    neighbours = Neighbours.of(item.runbook for item in examined if item.runbook)
    before = _before(snapshot, examined)
    findings = [finding for item in examined for finding in item.findings]
    for item in examined:
        if not item.reported or item.runbook is None:
            continue
        document = _Reread(item)
        earlier = before.get(item.runbook.id)
        for rule, subject in _subjects(snapshot, pack, item.runbook, item.data, neighbours, earlier, _looks_around):
            findings.extend(_run(rule, subject, pack, document))
    findings.extend(finding for finding in _deleted(examined, before) if wanted(finding.path, paths))
    return tuple(dict.fromkeys(sorted(findings, key=Finding.sort_key)))


def wanted(path: str, paths: Collection[str] | None) -> bool:
    """Whether a file is one of the paths or lies below one of them."""
    if paths is None or path in paths:
        return True
    return any(path.startswith(f"{folder.rstrip('/')}/") or folder in ("", ".") for folder in paths)


class _Reread:
    """The document of an examined file, read again only when a finding must be placed in it."""

    def __init__(self, item: Examined) -> None:
        self._item = item
        self._document: Document | None = None

    def __call__(self) -> Document:
        if self._document is None:
            self._document, _ = parse(self._item.text, self._item.path)
        assert self._document is not None, "a runbook was read from it"
        return self._document


def _looks_at_one_file(rule: Rule) -> bool:
    return not rule.cross_file and not rule.needs_base


def _looks_around(rule: Rule) -> bool:
    return rule.cross_file or rule.needs_base


def _subjects(
    snapshot: Snapshot,
    pack: Pack,
    runbook: Runbook,
    data: Mapping[str, Any],
    neighbours: Neighbours,
    before: Runbook | None,
    which: Callable[[Rule], bool],
) -> Iterator[tuple[Rule, Subject]]:
    """The rules of one step that are switched on, each with what it may look at."""
    for rule in RULES.values():
        setting = pack.rules[rule.id]
        if setting.severity is None or not which(rule) or (rule.needs_base and snapshot.base is None):
            continue
        yield (
            rule,
            Subject(
                runbook=runbook,
                data=data,
                snapshot=snapshot,
                neighbours=neighbours,
                before=before,
                options=setting.options,
            ),
        )


def _run(rule: Rule, subject: Subject, pack: Pack, document: Callable[[], Document]) -> Iterator[Finding]:
    runbook = subject.runbook
    severity = severity_for(rule, pack.rules[rule.id].severity or rule.severity, runbook)
    try:
        for problem in rule.check(subject):
            if not silenced(problem.at, runbook.malformed):
                yield placed(problem, rule, severity, document())
    except Exception as failure:
        # whatever a rule did not expect: the file was not checked by it, and that is never clean
        yield _crashed(f"the rule {rule.id}", f"{type(failure).__name__}: {failure}", runbook.path)


def _crashed(who: str, why: str, path: str) -> Finding:
    return Finding(
        rule="rule-crashed",
        severity=Severity.ERROR,
        message=f"{who} failed on this file: {why}",
        path=path,
        help="this is a fault in Towpath; please report it with the file",
    )


def _before(snapshot: Snapshot, examined: Sequence[Examined]) -> Mapping[str, Runbook]:
    """The runbooks of the base revision by id; empty without one."""
    if snapshot.base is None:
        return {}
    same = {item.path: item for item in examined}
    base = Snapshot(files=snapshot.base, now=snapshot.now, settings=snapshot.settings)
    found: dict[str, Runbook] = {}
    for path in runbook_paths(base):
        # most files of a pull request are as they were: read once
        known = same.get(path)
        unchanged = known is not None and known.text == snapshot.base.read(path)
        runbook = known.runbook if known and unchanged else load_runbook(snapshot.base, path).runbook
        if runbook is not None:
            found.setdefault(runbook.id, runbook)
    return found


def _deleted(examined: Sequence[Examined], before: Mapping[str, Runbook]) -> Iterator[Finding]:
    """Runbooks that stood in a stage at the base revision and are gone."""
    here = {item.named_id for item in examined}
    unreadable = {item.path for item in examined if not item.named_id}
    files = {item.path: item for item in examined}
    for runbook_id, runbook in before.items():
        if runbook_id in here or runbook.path in unreadable or not runbook.live or runbook.rollout.stage == PLANNED:
            continue
        # another migration may live in the file now: then its id is the place
        holder = files.get(runbook.path)
        yield Finding(
            rule="runbook-deleted",
            severity=Severity.ERROR,
            message=f"the runbook {runbook_id} is gone, but its migration stands at stage {runbook.rollout.stage}",
            path=runbook.path,
            span=_Reread(holder)().span(("id",)) if holder else START,
            help="restore it; take the migration back with towpath rollback, or finish it with towpath close",
        )
