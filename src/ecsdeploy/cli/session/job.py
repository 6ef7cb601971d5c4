"""What the CI job around a command line wants and has been told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from ecsdeploy.model.values import value


@value(slots=True)
class Job:
    """The job's wish and knowledge about one command line."""

    report: str = ""
    """The file of `--junit`, as far as we have understood the command line; empty without one."""
    is_told: bool = False
    """Whether the run has reported how it ended."""


def typed_value(words: Sequence[str], option: str) -> str:
    """The value of an option in words that we have not read yet; empty without one, or if several differ."""
    found = set()
    for word, after in pairwise((*words, "")):
        if word.partition("=")[0] == option:
            found.add(_after(option, word, after))
    only = found.pop() if len(found) == 1 else ""
    return "" if only.startswith("-") else only


def secret_addresses(words: Sequence[str], variables: Mapping[str, str]) -> Iterator[str]:
    """The addresses of `--notify` in words that we have not read yet and in its variable, as a text may show them."""
    typed = (text for word, after in pairwise((*words, "")) if (text := _after("--notify", word, after)))
    for text in (*typed, *variables.get("ECS_DEPLOY_NOTIFY", "").split()):
        if text.endswith("://"):
            # A scheme alone is no secret, and stands in our own messages.
            continue
        path = "/".join(text.split("/")[3:])
        yield from (text, text.removeprefix("slack+"), text.partition("://")[2], path, path.partition("?")[0])


def _after(option: str, word: str, after: str) -> str:
    name, equals, text = word.partition("=")
    if name != option:
        return ""
    return text if equals else after
