"""Where a value begins to be a secret: by its length, its letters, its quotes, and the sign before it."""

import pytest

from ecsdeploy.model.redaction import hidden, redact

LINES = {
    "auth=abcdefgh": "auth=***",
    "auth=abcdefg": "auth=abcdefg",
    "auth: 'abcdefgh'": "auth: '***'",
    "auth: 'abcdefg'": "auth: 'abcdefg'",
    "auth: abcdefgh": "auth: abcdefgh",
    "AUTH=abcdefgh": "AUTH=***",
    "token=abcd": "token=***",
    "token=abc": "token=abc",
    "token: 'abc'": "token: '***'",
    "token_foo=plainly": "token_foo=plainly",
    "token_foo=abc123": "token_foo=***",
    "token_foo=ABC123": "token_foo=***",
    "token_foo=abc12": "token_foo=abc12",
    "token_foo=123456": "token_foo=123456",
    "the password hun1": "the password ***",
    "the password hu1": "the password hu1",
    "the token abcd1234": "the token ***",
    "the token abcd123": "the token abcd123",
    "serve --token abc": "serve --token ***",
    "xx --token abc --port 80": "xx --token *** --port 80",
    "--token abc": "--token ***",
    "team/auth-token:7 is": "team/auth-token:7 is",
    "/auth-token:7": "/auth-token:7",
}


@pytest.mark.parametrize(("line", "left"), LINES.items(), ids=range(len(LINES)))
def test_what_is_hidden_begins_where_a_word_ends(line: str, left: str) -> None:
    assert redact(line) == left


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ([(0, 3), (2, 5)], "***f"),
        ([(2, 5), (0, 3)], "***f"),
        ([(0, 3), (3, 5)], "******f"),
        ([(0, 5), (1, 3)], "***f"),
        ([(0, 0)], "abcdef"),
        ([], "abcdef"),
    ],
)
def test_parts_that_overlap_are_hidden_as_one(found: list[tuple[int, int]], left: str) -> None:
    assert hidden("abcdef", found) == left
