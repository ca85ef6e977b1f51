"""What a rule is: an id, one text, and a pure function from a runbook in its repository to problems.

A rule is one file in `policy/rules/`. Its module docstring is its documentation page: the first line is the title,
then prose, then examples, which are its tests. It ends with `RULE = Rule(...)`, and it is listed in
`policy/rules/__init__.py`.

Examples. A line that begins with `Bad` or `Good` and ends with a colon opens one example (`Bad:`, `Good, with a
waiver:`); a page has at least one of each. The fenced blocks after it are the example's files:

    ```yaml                       the runbook: top-level keys written here replace those of a complete, clean runbook
    ```yaml without=watch,owners  the same, and these top-level keys are taken away
    ```yaml at=runbooks/x.yaml    the same, in this file instead of runbooks/<id>.yaml
    ```yaml before                the same runbook at the base revision (without it there is no base)
    ```yaml file=PATH             another file: under runbooks/ laid over the complete runbook too, elsewhere as it is

A bad example must give this rule's finding, at least one of them inside the lines the first block wrote; a good
example must not give it. The moment of every example is 2026-11-23T12:00:00Z.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from towpath.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from towpath.model.runbook import Pointer, Runbook
    from towpath.model.snapshot import Snapshot
    from towpath.policy.neighbours import Neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a rule says: a sentence about a node. The engine adds file, span and severity.

    Attributes:
        at: pointer of the node; a missing key is reported at its parent.
        on_key: underline the key's name instead of its value.
        related: other nodes of the same file that explain it, with a label each.
    """

    message: str
    at: Pointer
    help: str = ""
    on_key: bool = False
    related: tuple[tuple[Pointer, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One runbook and everything a rule may look at.

    Attributes:
        data: plain data of the file, for names that could not be resolved.
        neighbours: every readable runbook of the snapshot, this one included.
        before: this runbook at the base revision (matched by id), when the snapshot has a base.
        options: the rule's parameters from the policy pack, its defaults filled in.
    """

    runbook: Runbook
    data: Mapping[str, Any]
    snapshot: Snapshot
    neighbours: Neighbours
    before: Runbook | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def refused(self, at: Pointer) -> bool:
        """Whether the schema refused this node or a part of it: what is there was meant, and is not missing."""
        return any(bad[: len(at)] == at for bad in self.runbook.malformed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A lint rule.

    Attributes:
        id: kebab-case; also the file name of its page.
        severity: unless the policy pack says otherwise.
        options: parameter -> (default, meaning); defaults written as in YAML.
        cross_file: whether the answer depends on other files than the runbook.
        needs_base: whether the rule speaks only when there is a base revision.
    """

    id: str
    severity: Severity = Severity.ERROR
    check: Callable[[Subject], Iterator[Problem]]
    options: Mapping[str, tuple[object, str]] = field(default_factory=lambda: MappingProxyType({}))
    cross_file: bool = False
    needs_base: bool = False
