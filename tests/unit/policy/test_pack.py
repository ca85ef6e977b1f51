"""Rule packs: extending, refusing, digests."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from support.runbooks import snapshot
from towpath.document.parse import parse
from towpath.model.errors import UsageError
from towpath.model.finding import Severity
from towpath.model.snapshot import Settings
from towpath.policy.catalogue import RULES
from towpath.policy.pack import load_pack, shipped_packs
from towpath.policy.pack_reading import mismatch, read_pack_file
from towpath.shipped import policy_text, schema_text

HEAD = "apiVersion: towpath/v1\nkind: RulePack\nname: acme\nversion: 3\n"
EXTENDS = HEAD + "extends: towpath/recommended\n"


def own(text: str, path: str = "policies/acme.yaml") -> dict[str, str | bytes]:
    return {path: text}


def test_recommended_names_every_rule_once_and_as_its_author_meant_it() -> None:
    file = read_pack_file("towpath/recommended", policy_text("recommended").encode())
    assert list(file.rules) == list(RULES), "policies/recommended.yaml and policy/rules/__init__.py list the same rules"
    pack = load_pack(snapshot())
    for rule in RULES.values():
        assert pack.rules[rule.id].severity is rule.severity
        defaults = {name: default for name, (default, _) in rule.options.items()}
        given = pack.rules[rule.id].options
        assert given == {name: tuple(item) if isinstance(item, list) else item for name, item in defaults.items()}


@pytest.mark.parametrize("name", shipped_packs())
def test_shipped_packs_follow_their_schema(name: str) -> None:
    document, findings = parse(policy_text(name.removeprefix("towpath/")).encode(), name)
    assert document
    assert not findings
    jsonschema.Draft202012Validator(schema()).validate(document.data)


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(schema_text("pack.v1"))
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


def test_own_pack_is_laid_over_what_it_extends() -> None:
    around = snapshot(own(EXTENDS + "rules:\n  stage-sections: {severity: note}\n"))
    pack = load_pack(around, "acme")
    assert (pack.name, pack.version) == ("acme", 3)
    assert pack.rules["stage-sections"].severity is Severity.NOTE
    assert set(pack.rules) == set(RULES)


@pytest.mark.parametrize("asked", ["acme", "acme.yaml", "policies/acme.yaml", "./policies/acme.yaml"])
def test_own_pack_is_found_by_name_or_path(asked: str) -> None:
    assert load_pack(snapshot(own(EXTENDS)), asked).name == "acme"
    assert load_pack(snapshot(own(EXTENDS), settings=Settings(pack=asked))).name == "acme"


def test_packs_extend_each_other_step_by_step() -> None:
    files = own(EXTENDS + "rules: {stage-sections: {severity: warning}}\n") | own(
        HEAD + "extends: acme\nrules: {}\n", "policies/team.yaml"
    )
    assert load_pack(snapshot(files), "team").rules["stage-sections"].severity is Severity.WARNING


def test_a_rule_that_no_pack_names_runs_all_the_same() -> None:
    assert load_pack(snapshot(own(HEAD)), "acme").rules["stage-sections"].severity is Severity.ERROR


def test_off_switches_a_rule_off() -> None:
    around = snapshot(own(EXTENDS + "rules: {stage-sections: {severity: off}}\n"))
    assert load_pack(around, "acme").rules["stage-sections"].severity is None


def test_digest_is_over_every_byte_of_the_chain() -> None:
    def digest(text: str) -> str:
        return load_pack(snapshot(own(text)), "acme").sha256

    assert digest(EXTENDS) == digest(EXTENDS)
    assert digest(EXTENDS) != digest(EXTENDS + "# a remark\n")
    assert digest(EXTENDS) != digest(HEAD)
    assert digest(HEAD) != load_pack(snapshot()).sha256


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        (EXTENDS + "rules: {stage-sektions: {severity: off}}\n", "acme.yaml:6:9: there is no rule", "stage-sections"),
        (EXTENDS + "rules:\n  stage-sections: {severty: off}\n", "7:20: the rule stage-sections has no", "severity"),
        (EXTENDS + "rules:\n  stage-sections: {severity: erorr}\n", "7:30: severity must be one of", "error"),
        (EXTENDS + "rules:\n  stage-sections: off\n", "must be a mapping", "severity: warning"),
        (EXTENDS + "rules:\n  unknown-key: {severity: off}\n", "cannot be changed", "remove it"),
        (EXTENDS + "rules:\n  rule-crashed: {severity: off}\n", "cannot be changed", "remove it"),
        (EXTENDS + "ruels: {}\n", "6:1: unknown key 'ruels'", "rules"),
        (HEAD.replace("RulePack", "Runbook"), "kind must be RulePack", ""),
        (HEAD.replace("version: 3", "version: newest"), "version must be a whole number", ""),
        (HEAD.replace("name: acme\n", ""), "has no name", ""),
        (HEAD + "name: again\n", "5:1", ""),
        (HEAD + "extends: towpath/recomended\n", "acme.yaml extends 'towpath/recomended'", "towpath/recommended"),
        (HEAD + "extends: 3\n", "extends must name a pack", ""),
        (HEAD + "rules: []\n", "rules must map", ""),
        ("- a\n", "is a mapping", "apiVersion"),
        ("", "empty", ""),
        ("a: [", "acme.yaml:", ""),
    ],
)  # fmt: skip
def test_mistakes_are_refused_with_place_and_suggestion(text: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_pack(snapshot(own(text)), "acme")
    assert said in str(refused.value)
    assert hint in refused.value.hint


def test_unknown_packs_get_a_suggestion() -> None:
    with pytest.raises(UsageError, match="no rule pack 'acmee'") as refused:
        load_pack(snapshot(own(EXTENDS)), "acmee")
    assert refused.value.hint == "did you mean acme?"
    with pytest.raises(UsageError, match=r"no pack 'towpath/\.\./x'"):
        load_pack(snapshot(), "towpath/../x")


def test_a_circle_is_refused() -> None:
    files = own(HEAD + "extends: team\n") | own(HEAD + "extends: acme\n", "policies/team.yaml")
    with pytest.raises(UsageError, match=r"circle: policies/acme.yaml -> policies/team.yaml -> policies/acme.yaml"):
        load_pack(snapshot(files), "acme")


@pytest.mark.parametrize(
    ("default", "good", "bad"),
    [
        ("48h", "3d", "5pp"),
        ("48h", "3d", 48),
        ("10%", "20%", "2x"),
        ("5pp", "3pp", "much"),
        ("2x", "3x", 2),
        (10, 12.5, "12"),
        (10, 0, -1),
        (10, 1, True),
        (True, False, "no"),
        ("name", "other", 3),
        (["a"], ["b", 2], "b"),
        (("a",), [], {}),
        ({"a": 1}, {"b": 2}, [1]),
    ],
)
def test_an_option_is_of_the_kind_of_its_default(default: object, good: object, bad: object) -> None:
    assert mismatch(default, good) == ""
    assert mismatch(default, bad)


def test_options_are_laid_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    with_option = replace(RULES["stage-sections"], options={"least": ("48h", "shortest bake"), "most": (3, "count")})
    listed = {**RULES, "stage-sections": with_option}
    monkeypatch.setattr("towpath.policy.pack.RULES", listed)
    monkeypatch.setattr("towpath.policy.pack_reading.RULES", listed)
    around = snapshot(own(EXTENDS + "rules: {stage-sections: {least: 72h}}\n"))
    assert load_pack(around, "acme").rules["stage-sections"].options == {"least": "72h", "most": 3}
    around = snapshot(own(EXTENDS + "rules: {stage-sections: {least: 72}}\n"))
    with pytest.raises(UsageError, match="least of stage-sections must be a duration such as 48h, not 72"):
        load_pack(around, "acme")
