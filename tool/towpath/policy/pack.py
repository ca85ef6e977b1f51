"""Rule packs: which lint rules apply, how severe they are and with which parameters, as data.

A pack is a YAML file (`schema/pack.v1.json`). Towpath ships `towpath/recommended`; a repository's own packs lie in its
`policies/` and usually begin with `extends: towpath/recommended`. A rule that no pack of the chain names runs as its
author meant it: a newer Towpath never loses a check because a pack is older. A misspelt rule or parameter is refused,
because it would otherwise leave the real one as it was.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.model.errors import UsageError
from towpath.model.finding import Severity
from towpath.policy.catalogue import RULES
from towpath.policy.pack_reading import OFF, PackFile, read_pack_file
from towpath.shipped import policy_text, shipped_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from towpath.model.snapshot import Snapshot
    from towpath.policy.rule import Rule

SHIPPED = "towpath/"
"""Names that begin so are packs that travel with Towpath."""

_SUFFIXES = ("", ".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How one rule applies.

    Attributes:
        severity: None when the rule is off.
        options: every parameter of the rule, its defaults filled in; lists are tuples.
    """

    severity: Severity | None
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A rule pack with everything it extends.

    Attributes:
        version: counted up by its authors with every change.
        sha256: over the bytes of every file it is made of, in hexadecimal.
        rules: a setting for every rule Towpath knows.
    """

    name: str
    version: int
    sha256: str
    rules: Mapping[str, Setting]


def load_pack(snapshot: Snapshot, name_or_path: str | None = None) -> Pack:
    """The pack a repository uses.

    Args:
        snapshot: where a repository's own packs are read.
        name_or_path: a shipped pack such as `towpath/recommended`, or a file of the policies folder by its name or
            path; the repository's setting when None.

    Raises:
        UsageError: there is no such pack, or it is malformed (file, line and column are named).
    """
    chain: list[PackFile] = []
    wanted = name_or_path or snapshot.settings.pack
    while wanted:
        source, text = _find(snapshot, wanted, chain)
        if source in [file.source for file in chain]:
            way = " -> ".join([*(file.source for file in chain), source])
            raise UsageError(f"rule packs extend each other in a circle: {way}", "remove one of the extends")
        chain.append(read_pack_file(source, text))
        wanted = chain[-1].extends
    digest = hashlib.sha256()
    for file in chain:
        digest.update(f"{file.source} {hashlib.sha256(file.text).hexdigest()}\n".encode())
    rules = {
        name: _setting(rule, (file.rules.get(name, {}) for file in reversed(chain))) for name, rule in RULES.items()
    }
    return Pack(name=chain[0].name, version=chain[0].version, sha256=digest.hexdigest(), rules=MappingProxyType(rules))


def shipped_packs() -> tuple[str, ...]:
    """Names of the packs that travel with Towpath, such as `towpath/recommended`."""
    return tuple(sorted(f"{SHIPPED}{path.stem}" for path in (shipped_root() / "policies").glob("*.yaml")))


def _setting(rule: Rule, written: Iterable[Mapping[str, object]]) -> Setting:
    """The rule's own settings with those of each file laid over, the extended file first."""
    severity: Severity | None = rule.severity
    options = {
        name: tuple(default) if isinstance(default, list) else default for name, (default, _) in rule.options.items()
    }
    for file in written:
        for key, value in file.items():
            if key == "severity":
                severity = None if value == OFF else Severity(value)
            else:
                options[key] = tuple(value) if isinstance(value, list) else value
    return Setting(severity=severity, options=MappingProxyType(options))


def _find(snapshot: Snapshot, wanted: str, chain: list[PackFile]) -> tuple[str, bytes]:
    """The name by which a pack is known, and its bytes."""
    asked = f"{chain[-1].source} extends {wanted!r}, but there" if chain else "there"
    folder = snapshot.settings.policies
    if wanted.startswith(SHIPPED):
        name = wanted.removeprefix(SHIPPED)
        if re.fullmatch(r"[a-z0-9-]+", name) and wanted in shipped_packs():
            return wanted, policy_text(name).encode()
        raise UsageError(f"{asked} is no pack {wanted!r}", did_you_mean(wanted, shipped_packs()))
    for path in (wanted.removeprefix("./"), *(f"{folder}/{wanted}{suffix}" for suffix in _SUFFIXES)):
        if path.endswith((".yaml", ".yml")) and (text := snapshot.files.read(path)) is not None:
            return path, text
    own = [path for path in snapshot.files.paths(folder) if path.endswith((".yaml", ".yml"))]
    known = (*shipped_packs(), *own, *(path.removeprefix(f"{folder}/").rpartition(".")[0] for path in own))
    hint = did_you_mean(wanted, known) or f"there are: {', '.join((*shipped_packs(), *own))}"
    raise UsageError(f"{asked} is no rule pack {wanted!r}", hint)
