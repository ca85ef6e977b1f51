"""Rule pages as Markdown and as plain text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from towpath.policy.catalogue import RULES
from towpath.policy.page import PageError, read_page
from towpath.report.pages import page_facts, page_markdown, page_options, page_text

TEXT = """Stages grow.

Because `small` steps fail small.

Bad, with a base:

```yaml without=watch,owners
id: x
```

```yaml file=evidence/a.jsonl before
{}
```

Good:

```yaml at=runbooks/x.yaml
id: y
```
"""


def test_page_is_read_with_its_examples() -> None:
    page = read_page("stages-grow", TEXT)
    assert (page.title, page.prose) == ("Stages grow.", "Because `small` steps fail small.")
    bad, good = page.examples
    assert (bad.kind, bad.title, good.kind, good.title) == ("bad", "Bad, with a base:", "good", "Good:")
    assert bad.blocks[0].without == ("watch", "owners")
    assert (bad.blocks[1].file, bad.blocks[1].before) == ("evidence/a.jsonl", True)
    assert bad.blocks[1].caption == "in evidence/a.jsonl, at the base revision"
    assert (good.blocks[0].at, good.blocks[0].text) == ("runbooks/x.yaml", "id: y\n")


@pytest.mark.parametrize(
    "text",
    ["", "T.\n\nBad:\n"]
    + [f"T.\n\nBad:\n\n```yaml{rest}" for rest in ("\nx: 1\n", " wihtout=x\n```\n", " before=x\n```\n")],
)
def test_half_a_page_is_refused(text: str) -> None:
    with pytest.raises(PageError):
        read_page("x", text)


def test_markdown_and_text_say_the_same() -> None:
    page = read_page("stage-sections", TEXT)
    markdown, text = page_markdown(page), page_text(page)
    assert markdown.startswith("# stage-sections\n\nStages grow.\n")
    assert "*in evidence/a.jsonl, at the base revision:*\n\n```yaml\n{}\n```" in markdown
    assert "Bad, with a base:\n  (without watch and owners)\n    id: x\n" in text
    assert "\x1b" not in text
    assert "\x1b[36msmall\x1b[0m steps" in page_text(page, colour=True)


def test_options_and_facts_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"least": ("48h", "shortest | bake"), "of": (["a", True], "which")}
    rule = replace(RULES["stage-sections"], options=options, needs_base=True)
    monkeypatch.setattr("towpath.report.pages.RULES", {"stage-sections": rule})
    assert page_options("stage-sections") == (("least", "48h", "shortest | bake"), ("of", "[a, true]", "which"))
    assert page_facts("stage-sections")[1] == "Speaks only with `--base REV`."
    page = read_page("stage-sections", TEXT)
    assert "| `least` | `48h` | shortest \\| bake |" in page_markdown(page)
    assert "Option least, default 48h: shortest | bake" in page_text(page)
    assert page_facts("yaml-syntax") == ("Severity: error; no rule pack can change it.",)
