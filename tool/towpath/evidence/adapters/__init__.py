"""One module per evaluation tool. Adding one is writing its module and listing it here.

A module has `NAME`, `EXPECTS`, `recognises`, `fields` and `read`, as `results.Adapter` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import towpath.evidence.adapters.deepeval as deepeval
import towpath.evidence.adapters.generic as generic
import towpath.evidence.adapters.inspect as inspect
import towpath.evidence.adapters.lm_eval as lm_eval
import towpath.evidence.adapters.promptfoo as promptfoo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from towpath.evidence.results import Adapter

ADAPTERS: Mapping[str, Adapter] = {
    "promptfoo": promptfoo,
    "inspect": inspect,
    "lm-eval": lm_eval,
    "deepeval": deepeval,
    "generic": generic,
}
"""Name of a suite's adapter in a runbook -> its module."""
