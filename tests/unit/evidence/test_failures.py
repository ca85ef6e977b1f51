"""The class of a failed call."""

from __future__ import annotations

import pytest

from towpath.evidence.failures import failure_class


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("API error: 429 Too Many Requests", "rate_limit"),
        ("Rate limit reached for gpt-x in organization org-1 on tokens per min (TPM)", "rate_limit"),
        ("simulated 529 overloaded_error", "overloaded"),
        ("Request timed out after 300000 ms", "timeout"),
        ("504 Gateway Timeout", "timeout"),
        ("The response was filtered due to the prompt triggering content management policy", "content_filter"),
        ("401 Incorrect API key provided", "auth"),
        ("connect ECONNREFUSED 127.0.0.1:8080", "connection"),
        ("500 Internal Server Error", "server_error"),
        ("Cannot read properties of undefined (reading 'text')", "error"),
        ("context_length", "context_length"),
        ("the_secret_answer_is_something_much_longer_than_a_class", "error"),
        ("timeout", "timeout"),
    ],
)
def test_class(text: str, kind: str) -> None:
    assert failure_class(text) == kind
