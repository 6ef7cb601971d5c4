"""Turns the options about variables and secrets into edits; no message repeats a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.edits import SetSecret, SetVariable, UnsetSecret, UnsetVariable, VariableEdit
from ecsdeploy.model.ordinary import is_random
from ecsdeploy.model.redaction import secrets_in

_CONTAINER = r"(?:(?P<container>[A-Za-z0-9_-]+|\*)"
# These are compiled when they are needed: most releases change no variable.
_VARIABLE = _CONTAINER + r":)?(?P<name>[A-Za-z_][A-Za-z0-9_.:-]*)"
_ANY_VARIABLE = _CONTAINER + r":)?(?P<name>[^=]+)"
"""ECS takes nearly every name, and we can remove whatever a definition has."""
_FILE = _CONTAINER + r"=)?(?P<file>.+)"
# Behind the name of a secret stand a key of its JSON, a stage and a version, all three or none:
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
_SECRETS_MANAGER = (
    r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,519}(?::[^:\s]*:[^:\s]*:[^:\s]*)?"
)
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
_PARAMETER_STORE = r"(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter/|/)?[\w.-]+(?:/[\w.-]+)*(?::[\w.-]+)?"


def variable_edits(given: Given, cwd: Path) -> tuple[VariableEdit, ...]:
    """The edits: first removals, then the variables of files, then those typed. The last edit of a name counts."""
    unset, typed = (*_unset(given, "unset_env"), *_unset(given, "unset_secret")), (*_set(given), *_secrets(given))
    _refuse_two_of_a_name(given, (*unset, *typed))
    return (*unset, *_of_files(given, cwd), *typed)


def _unset(given: Given, key: str) -> Iterator[VariableEdit]:
    for text in given.texts(key):
        match = re.fullmatch(_ANY_VARIABLE, text, re.ASCII)
        if match is None:
            raise UsageError(
                f"{given.origin(key)} takes the name of a variable, without a value.",
                hint="Write it as `[CONTAINER:]NAME`.",
            )
        edit = UnsetVariable if key == "unset_env" else UnsetSecret
        yield edit(name=match["name"], container=match["container"] or "")


def _set(given: Given) -> Iterator[VariableEdit]:
    for container, name, value in _pairs(given, "env", "VALUE"):
        yield SetVariable(name=name, value=value, container=container)


def _secrets(given: Given) -> Iterator[VariableEdit]:
    for container, name, source in _pairs(given, "secret", "REF"):
        if not _is_reference(source):
            raise UsageError(
                f"What {given.origin('secret')} gives for `{name}` is no reference to a secret, and not shown: it may"
                " be the secret itself.",
                hint="Give the ARN of a secret in Secrets Manager (alone, or with `:JSON-KEY:STAGE:VERSION`), or the"
                " ARN or the name of a parameter in Parameter Store.",
            )
        yield SetSecret(name=name, source=source, container=container)


def _is_reference(text: str) -> bool:
    if re.fullmatch(_SECRETS_MANAGER, text, re.ASCII):
        return True
    is_plain = text.startswith(("/", "arn:")) or not (is_random(text) or secrets_in(text))
    return is_plain and re.fullmatch(_PARAMETER_STORE, text, re.ASCII) is not None


def _pairs(given: Given, key: str, what: str) -> Iterator[tuple[str, str, str]]:
    """Container, name and value of each. Errors show no text that may be more than a name."""
    for text in given.texts(key):
        left, equals, value = text.partition("=")
        match = re.fullmatch(_VARIABLE, left, re.ASCII)
        if not equals or match is None:
            wrong = "has no valid name before its `=`" if equals else "has no `=`"
            raise UsageError(
                f"One {given.origin(key)} {wrong}.",
                hint=f"Write it as `[CONTAINER:]NAME={what}`; a name has letters, digits, `_`, `.`, `:` and `-`.",
            )
        yield match["container"] or "", match["name"], value


def _of_files(given: Given, cwd: Path) -> Iterator[VariableEdit]:
    for text in given.texts("env_file"):
        from ecsdeploy.cli.files.dotenvfile import read_variables

        match = re.fullmatch(_FILE, text, re.ASCII | re.DOTALL)
        if match is None:
            raise UsageError(f"{given.origin('env_file')} names no file.", hint="Write it as `[CONTAINER=]FILE`.")
        for name, value in read_variables(match["file"], cwd).items():
            yield SetVariable(name=name, value=value, container=match["container"] or "")


def _refuse_two_of_a_name(given: Given, edits: tuple[VariableEdit, ...]) -> None:
    """Raise a `UsageError` if two edits are about one name: one of them would have no effect.

    One case is right: a variable becomes a secret, or a secret a variable.
    """
    asked: dict[tuple[str, str], VariableEdit] = {}
    for each in edits:
        other = asked.setdefault((each.container, each.name), each)
        if other is not each and {type(other), type(each)} not in _MOVES:
            keys = dict.fromkeys(given.origin(_KEY_OF[type(edit)]) for edit in (other, each))
            name = f"names `{each.name}` twice" if len(keys) == 1 else f"both name `{each.name}`"
            raise UsageError(f"{' and '.join(keys)} {name}.", hint="Give one of them.")


_KEY_OF: dict[type, str] = {
    SetVariable: "env",
    UnsetVariable: "unset_env",
    SetSecret: "secret",
    UnsetSecret: "unset_secret",
}
_MOVES: tuple[set[type], ...] = ({UnsetSecret, SetVariable}, {UnsetVariable, SetSecret})
