"""Which model of the files is which arm of the runbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.evidence.values import shortened
from towpath.model.errors import EvidenceRefused, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from towpath.evidence.results import Answer
    from towpath.model.evidence import ArmName

ARM_NAMES: tuple[ArmName, ...] = ("baseline", "candidate")


def arms_of_models(
    answers: Iterable[Answer],
    model_ids: Mapping[ArmName, str],
    said: Mapping[ArmName, str],
    left_out: Collection[str] = (),
) -> dict[str, ArmName]:
    """The arm of each model in the files, by the model's shown name.

    A model is an arm's when one of its names is the arm's model id, or is what `said` calls that arm.

    Args:
        model_ids: model id of each arm in the runbook.
        said: names given by the user, which count instead of the model id.
        left_out: models of the files that are to be ignored.

    Raises:
        UsageError: a name in `said` or `left_out` is no model of the files.
        EvidenceRefused: an arm has no model or several, both arms have the same one, or a model is neither arm's.
    """
    names: dict[str, set[str]] = {}
    for answer in answers:
        names.setdefault(answer.model, set()).update(answer.names)
    here = ", ".join(map(shortened, sorted(names)))
    for ignored in left_out:
        if ignored not in names:
            raise UsageError(f"the files have no model {ignored!r} to leave out", f"they have: {here}")
        del names[ignored]
    found: dict[str, ArmName] = {}
    for arm in ARM_NAMES:
        wanted = said.get(arm, model_ids[arm])
        fitting = sorted(model for model, known in names.items() if wanted in known)
        if len(fitting) != 1:
            _refuse_arm(arm, wanted, fitting, names, arm in said)
        if fitting[0] in found:
            raise EvidenceRefused(
                f"{fitting[0]!r} would be both baseline and candidate",
                f"say which is which: --arm baseline=NAME --arm candidate=NAME; the files have: {here}",
            )
        found[fitting[0]] = arm
    if strangers := sorted(set(names) - set(found)):
        raise EvidenceRefused(
            f"the files also have {', '.join(map(repr, strangers))}, neither baseline nor candidate of the runbook",
            f"leave it out on purpose with: --leave-out {strangers[0]!r}",
        )
    return found


def _refuse_arm(arm: str, wanted: str, fitting: list[str], names: Mapping[str, set[str]], explicit: bool) -> None:
    here = ", ".join(map(shortened, sorted(names)))
    if fitting:
        raise EvidenceRefused(
            f"several models of the files may be the {arm} {wanted!r}: {', '.join(map(shortened, fitting))}",
            f"say which: --arm {arm}=NAME",
        )
    if explicit:
        raise UsageError(f"the files have no model {wanted!r}", did_you_mean(wanted, names) or f"they have: {here}")
    raise EvidenceRefused(
        f"no model of the files is the {arm} {wanted!r}", f"say which it is: --arm {arm}=NAME; the files have: {here}"
    )
