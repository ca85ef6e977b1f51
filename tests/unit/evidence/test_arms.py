"""Which model is which arm: never guessed, never both, nobody left over."""

from __future__ import annotations

import pytest

from towpath.evidence.arms import arms_of_models
from towpath.evidence.results import Answer
from towpath.model.errors import EvidenceRefused, UsageError
from towpath.model.evidence import ArmName

IDS: dict[ArmName, str] = {"baseline": "old-model", "candidate": "new-model"}


def answers(*models: str | tuple[str, str]) -> list[Answer]:
    """One answer of each model; a pair is a shown name and another name."""
    return [
        Answer(where="row 1", example="e", task="t", model=shown, names=frozenset({shown, other}))
        for shown, other in ((model, model) if isinstance(model, str) else model for model in models)
    ]


def test_by_model_id_or_any_other_name() -> None:
    found = arms_of_models(answers("new-model", ("cheap", "old-model")), IDS, {})
    assert found == {"new-model": "candidate", "cheap": "baseline"}


def test_by_the_name_the_user_says() -> None:
    found = arms_of_models(answers("a", "new-model"), IDS, {"baseline": "a"})
    assert found == {"a": "baseline", "new-model": "candidate"}


def test_a_label_that_contradicts_the_provider_is_refused() -> None:
    # labelled as the new model, but the id says that the old one was called
    with pytest.raises(EvidenceRefused, match="would be both baseline and candidate"):
        arms_of_models(answers(("new-model", "old-model")), IDS, {})
    with pytest.raises(EvidenceRefused, match="several models of the files may be the baseline 'old-model'"):
        arms_of_models(answers(("new-model", "old-model"), "old-model"), IDS, {})


def test_an_arm_without_a_model_is_refused_with_the_models_there_are() -> None:
    with pytest.raises(EvidenceRefused, match="no model of the files is the baseline 'old-model'") as refused:
        arms_of_models(answers("new-model", "gpt-x"), IDS, {})
    assert "the files have: gpt-x, new-model" in refused.value.hint


def test_a_model_of_neither_arm_is_refused_unless_left_out() -> None:
    files = answers("old-model", "new-model", "third")
    with pytest.raises(EvidenceRefused, match="the files also have 'third'"):
        arms_of_models(files, IDS, {})
    assert "third" not in arms_of_models(files, IDS, {}, ["third"])


def test_names_that_the_files_do_not_have_are_refused() -> None:
    files = answers("old-model", "new-model")
    with pytest.raises(UsageError, match="no model 'old-modl'") as refused:
        arms_of_models(files, IDS, {"baseline": "old-modl"})
    assert refused.value.hint == "did you mean old-model?"
    with pytest.raises(UsageError, match="to leave out"):
        arms_of_models(files, IDS, {}, ["third"])


def test_the_same_model_with_two_prompts_must_be_told_apart() -> None:
    same: dict[ArmName, str] = {"baseline": "m", "candidate": "m"}
    files = answers("m | v1", "m | v2")
    with pytest.raises(EvidenceRefused, match="no model"):
        arms_of_models(files, same, {})
    said: dict[ArmName, str] = {"baseline": "m | v1", "candidate": "m | v2"}
    assert arms_of_models(files, same, said) == {"m | v1": "baseline", "m | v2": "candidate"}


def test_control_characters_of_a_name_do_not_reach_the_terminal() -> None:
    with pytest.raises(EvidenceRefused) as refused:
        arms_of_models(answers("\x1b[2Jevil", "new-model"), IDS, {})
    assert "\x1b" not in refused.value.hint + str(refused.value)
