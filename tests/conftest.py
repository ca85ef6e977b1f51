"""How property tests run: without deadlines, because a busy machine is no defect; the same examples each time in CI."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("laptop", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "laptop")
