"""Snapshot -> findings: every runbook is read, every rule of the pack is run on it, and what they say is placed.

Fail closed: what cannot be read is a finding of the parser or the schema, a rule that fails is a finding of its own,
and a runbook that vanished while it moved traffic is one too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.document.loading import Loaded, load_all, runbook_paths
from towpath.document.loading import load_runbook as load_file
from towpath.model.finding import START, Finding, Severity
from towpath.model.runbook import PLANNED, Runbook
from towpath.model.snapshot import Snapshot
from towpath.policy.catalogue import RULES
from towpath.policy.placing import placed, severity_for, silenced
from towpath.policy.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from towpath.document.nodes import Document
    from towpath.policy.pack import Pack


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
        progress: told how many of the reported runbooks are done, after each.

    Returns:
        Findings in order of file, place and rule, each once.
    """
    loaded = load_all(snapshot)
    runbooks = tuple(item.runbook for item in loaded if item.runbook is not None)
    before = _before(snapshot, loaded)
    findings: list[Finding] = []
    for done, item in enumerate((item for item in loaded if wanted(item.path, paths)), 1):
        findings.extend(item.findings)
        findings.extend(_said_by_rules(item, snapshot, pack, runbooks, before))
        if progress:
            progress(done)
    findings.extend(finding for finding in _deleted(loaded, before) if wanted(finding.path, paths))
    return tuple(dict.fromkeys(sorted(findings, key=Finding.sort_key)))


def wanted(path: str, paths: Collection[str] | None) -> bool:
    """Whether a file is one of the paths or lies below one of them."""
    if paths is None or path in paths:
        return True
    return any(path.startswith(f"{folder.rstrip('/')}/") or folder in ("", ".") for folder in paths)


def _before(snapshot: Snapshot, loaded: tuple[Loaded, ...]) -> Mapping[str, Runbook]:
    """The runbooks of the base revision by id; empty without one."""
    if snapshot.base is None:
        return {}
    same = {item.path: item for item in loaded}
    base = Snapshot(files=snapshot.base, now=snapshot.now, settings=snapshot.settings)
    found: dict[str, Runbook] = {}
    for path in runbook_paths(base):
        # most files of a pull request are as they were: read once
        known = same.get(path)
        item = known if known and known.text == snapshot.base.read(path) else load_file(snapshot.base, path)
        if item.runbook is not None:
            found.setdefault(item.runbook.id, item.runbook)
    return found


def _said_by_rules(
    item: Loaded, snapshot: Snapshot, pack: Pack, runbooks: tuple[Runbook, ...], before: Mapping[str, Runbook]
) -> Iterator[Finding]:
    if item.document is None or item.runbook is None:
        if not item.errors:
            yield _crashed("the reader", "nothing is wrong with the file, and yet it could not be read", item.path)
        return
    runbook, document = item.runbook, item.document
    earlier = before.get(runbook.id)
    for rule in RULES.values():
        setting = pack.rules[rule.id]
        if setting.severity is None or (rule.needs_base and snapshot.base is None):
            continue
        subject = Subject(
            runbook=runbook,
            data=document.data,
            snapshot=snapshot,
            runbooks=runbooks,
            before=earlier,
            options=setting.options,
        )
        yield from _run(rule, subject, severity_for(rule, setting.severity, runbook), document)


def _run(rule: Rule, subject: Subject, severity: Severity, document: Document) -> Iterator[Finding]:
    try:
        for problem in rule.check(subject):
            if not silenced(problem.at, subject.runbook.malformed):
                yield placed(problem, rule, severity, document)
    except Exception as failure:
        # whatever a rule did not expect: the file was not checked by it, and that is never clean
        yield _crashed(f"the rule {rule.id}", f"{type(failure).__name__}: {failure}", document.path)


def _crashed(who: str, why: str, path: str) -> Finding:
    return Finding(
        rule="rule-crashed",
        severity=Severity.ERROR,
        message=f"{who} failed on this file: {why}",
        path=path,
        help="this is a fault in Towpath; please report it with the file",
    )


def _deleted(loaded: tuple[Loaded, ...], before: Mapping[str, Runbook]) -> Iterator[Finding]:
    """Runbooks that stood in a stage at the base revision and are gone."""
    here = {item.named_id for item in loaded}
    unreadable = {item.path for item in loaded if not item.named_id}
    files = {item.path: item for item in loaded}
    for runbook_id, runbook in before.items():
        if runbook_id in here or runbook.path in unreadable or not runbook.live or runbook.rollout.stage == PLANNED:
            continue
        message = f"the runbook {runbook_id} is gone, but its migration stands at stage {runbook.rollout.stage}"
        advice = "restore it; take the migration back with towpath rollback, or finish it with towpath close"
        # another migration may live in the file now: then its id is the place
        holder = files.get(runbook.path)
        yield Finding(
            rule="runbook-deleted",
            severity=Severity.ERROR,
            message=message,
            path=runbook.path,
            span=holder.document.span(("id",)) if holder and holder.document else START,
            help=advice,
        )
