"""The pages of what the engine itself says, for `towpath explain` and the documentation."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGINE_RULES: Mapping[str, str] = MappingProxyType(
    {
        "runbook-deleted": """\
A migration that moves traffic keeps its runbook.

With `--base REV`, a runbook that stands in a stage at the base revision must still be there. Without it nothing would
watch the candidate any more, no rollback could be planned, and the exported routing would stay as it was. Take the
migration back (`towpath rollback`) or finish it (`towpath close`), then delete the file. Renaming a file is fine as
long as the id inside stays; a migration that is still planned, is done or was rolled back may be deleted.

Bad, the file now holds another migration:

```yaml
id: support-triage-2027-01
```

```yaml before
rollout: {stage: canary, percent: 5, hold: null}
```

Good:

```yaml
rollout: {stage: canary, percent: 5, hold: null}
```

```yaml before
rollout: {stage: canary, percent: 5, hold: null}
```
""",
        "rule-crashed": """\
Every rule ran to its end.

A rule that failed on a file has not said that the file is clean, so this counts as an error and cannot be switched
off. It is a fault in Towpath: report it with the runbook (values may be replaced) and the message. Other findings of
the same file may lead to what the rule did not expect.
""",
    }
)
