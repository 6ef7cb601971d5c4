"""Text that others wrote: what is left of it, and what is not."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model.redaction import redact
from ecsdeploy.model.text import clean, disarm, printable

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE" + "aB3/" * 30

CLEANED = {
    "plain": ("unable to place a task.", "unable to place a task."),
    "not-ascii": ("naïve 日本 🚀", "naïve 日本 🚀"),
    "lines": ("a\nb\r\nc\td", "a b  c d"),
    "line-separators": ("a\u2028b\u2029c\x85d\x0be", "a b c d e"),
    "wide-spaces": ("\u3000a\u00a0b", " a b"),
    "indentation-stays": ("    raise KeyError", "    raise KeyError"),
    "colour": ("\x1b[1;31mred\x1b[0m", "red"),
    "cursor": ("\x1b[2J\x1b[Hhome", "home"),
    "title": ("\x1b]0;owned\x07text", "text"),
    "link": ("\x1b]8;;https://evil.io\x1b\\text\x1b]8;;\x1b\\", "text"),
    "device-control": ("\x1bP1;2|abc\x1b\\text", "text"),
    "c1-sequence": ("\x9b31mred\x9d0;t\x9cx", "redx"),
    "charset": ("\x1b(Btext\x1bc", "text"),
    "unfinished": ("a\x1b", "a"),
    "unfinished-title": ("\x1b]0;title", "0;title"),
    "bell-and-backspace": ("a\x07b\x08\x00c\x7f", "abc"),
    "bidirectional": ("\u202eevil\u202c \u2066x\u2069", "evil x"),
    "zero-width": ("a\u200bb\u200dc\ufeffd\u00ade", "abcde"),
    "tag-characters": ("a\U000e0041", "a"),
    "surrogate": ("a\ud800b", "ab"),
    "github-command": ("::error::pwned", ": :error::pwned"),
    "github-indented": ("  ::add-mask::x", "  : :add-mask::x"),
    "github-after-line-end": ("a\n::error::x", "a : :error::x"),
    "github-behind-zero-width": (":\u200b:error::x", ": :error::x"),
    "github-behind-colour": ("\x1b[0m::error::x", ": :error::x"),
    "three-colons": (":::error::x", ": : :error::x"),
    "scope-operator": ("std::vector<int>", "std::vector<int>"),
    "address": ("dial tcp [::1]:80", "dial tcp [::1]:80"),
    "github-group": ("##[group]x", "# #[group]x"),
    "github-group-inside": ("a ##[error]x", "a # #[error]x"),
    "azure-command": ("##vso[task.complete]", "# #vso[task.complete]"),
    "heading": ("## heading [1]", "## heading [1]"),
}

texts = st.text() | st.lists(
    st.sampled_from(
        ["::", ":", "##", "#", "[", "vso", "\x1b", "\x1b[", "\x1b]", "\x07", "\n", " ", "\u200b", "\u202e", "a"]
    )
).map("".join)


@pytest.mark.parametrize(("text", "left"), CLEANED.values(), ids=CLEANED)
def test_clean(text: str, left: str) -> None:
    assert clean(text) == left


@given(texts)
def test_clean_leaves_nothing_that_is_not_seen(text: str) -> None:
    categories = {unicodedata.category(char) for char in clean(text)}
    assert categories.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@given(texts)
def test_clean_leaves_nothing_that_a_runner_parses(text: str) -> None:
    left = clean(text)
    assert not left.strip().startswith("::")
    assert not re.search(r"##[A-Za-z]*\[", left)


@given(texts, st.integers(min_value=-3, max_value=40))
def test_cleaning_again_changes_nothing(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert clean(once, limit) == once


@given(texts, st.integers(min_value=1, max_value=40))
def test_clean_keeps_to_its_limit(text: str, limit: int) -> None:
    assert len(clean(text, limit)) <= limit


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=50))
def test_clean_keeps_plain_words(text: str) -> None:
    assert clean(text) == text


@given(texts)
def test_any_piece_of_a_line_that_is_disarmed_is_harmless(text: str) -> None:
    """Wrapping breaks lines at spaces."""
    for piece in disarm(clean(text)).split(" "):
        assert not piece.startswith("::")


def test_a_cut_is_shown() -> None:
    assert clean("abcdef", 4) == "abc…"
    assert clean("abcd", 4) == "abcd"
    assert len(clean("x" * 5000)) == 2000


REDACTED = {
    "environment": (f"AWS_SECRET_ACCESS_KEY={SECRET} next", "AWS_SECRET_ACCESS_KEY=*** next"),
    "json": (f'{{"SecretAccessKey": "{SECRET}", "a": 1}}', '{"SecretAccessKey": "***", "a": 1}'),
    "python": (f"{{'secret_access_key': '{SECRET}'}}", "{'secret_access_key': '***'}"),
    "xml": (f"<SecretAccessKey>{SECRET}</SecretAccessKey>", "<SecretAccessKey>***</SecretAccessKey>"),
    "yaml": (f"aws_secret_access_key: {SECRET}", "aws_secret_access_key: ***"),
    "words": (f"the secret access key = {SECRET}", "the secret access key = ***"),
    "header": ("X-Amz-Security-Token: abc/def==", "X-Amz-Security-Token: ***"),
    "session-token": ("SessionToken=abc", "SessionToken=***"),
    "bare-token": (f"got {TOKEN}.", "got ***."),
    "signature": ("Signature=0f0f0f, x", "Signature=***, x"),
    "external-id": ("ExternalId=corp-42&b=1", "ExternalId=***&b=1"),
    "password": ("password: hunter2", "password: ***"),
    "key-id": ("AKIAIOSFODNN7EXAMPLE denied", "AKIAIO***LE denied"),
    "temporary-key-id": ("Credential=ASIAIOSFODNN7EXAMPLE/20261122", "Credential=ASIAIO***LE/20261122"),
    "short-option": (
        f"ecs-deploy -k AKIAIOSFODNN7EXAMPLE -s {SECRET} -n web",
        "ecs-deploy -k AKIAIO***LE -s *** -n web",
    ),
    "long-option": (f"--aws-secret-key {SECRET}", "--aws-secret-key ***"),
    "long-option-with-equals": (f"--aws-secret-key={SECRET}", "--aws-secret-key=***"),
    "a-sentence": ("The secret access key is missing.", "The secret access key is missing."),
    "a-commit": ("at da39a3ee5e6b4b0d3255bfef95601890afd80709", "at da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    "an-arn": ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x"),
}


@pytest.mark.parametrize(("text", "left"), REDACTED.values(), ids=REDACTED)
def test_redact(text: str, left: str) -> None:
    assert redact(text) == left


@given(st.text())
def test_redacting_again_changes_nothing(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(
    st.from_regex(r"[A-Za-z0-9/+]{40}", fullmatch=True), st.sampled_from(["SecretAccessKey", "aws_secret_access_key"])
)
def test_a_named_secret_key_is_never_shown(secret: str, name: str) -> None:
    for form in (f"{name}={secret}", f'"{name}": "{secret}"', f"<{name}>{secret}</{name}>"):
        assert secret not in redact(form)


def test_of_one_character_only_the_cut_is_left() -> None:
    assert (clean("ab", 1), clean("a", 1)) == ("…", "a")


def test_only_controls_are_written_out() -> None:
    assert printable("a\\b'c\"é 日") == "a\\b'c\"é 日"
    assert printable("2\r\x1b") == "2\\r\\x1b"


@pytest.mark.parametrize("piece", ["\x9d", "\x90a", "\x1b]", "\x1b", "\x9b1", ":", "##a", " "])
def test_the_time_does_not_grow_faster_than_the_text(piece: str) -> None:
    text = piece * 200_000
    began = time.process_time()
    clean(text, len(text))
    assert time.process_time() - began < 2


def test_a_string_that_does_not_end_hides_nothing_behind_the_next() -> None:
    assert clean("a\x9dtitle\x90b\x9cc") == "atitlec"
