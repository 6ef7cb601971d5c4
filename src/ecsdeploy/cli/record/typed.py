"""The command line of a record: its options and the files that they name, without values of variables, and as words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from ecsdeploy.cli.commands import load
from ecsdeploy.cli.files.dotenvfile import read_variables
from ecsdeploy.cli.options.option import Option
from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.cli.record.redacted import Redactor, variables_in
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.redaction import HIDDEN

READ = ("base", "file_base", "env_file", "patch", "volume_configurations", "appspec", "run_task_input")
"""The options that read a file."""
_LEFT_OUT = frozenset({"record", "junit", "report", "notify", "debug_file", "verbose", "no_input"})
"""What is about the other machine: where to write, and whom to ask."""
_OF_THE_CALLER = frozenset({"access_key", "secret_key", "external_id"})
_NOT_RECORDED = {
    "eval_image": "runs a shell",
    "smoke": "runs a program of this machine",
    "approve": "asks somebody at this machine",
    "tag_env_var": "reads a variable of this machine",
    "provenance": "reads variables of this machine",
    "var": "fills a file with values, and a record has none",
    "show_values": "shows values, and a record has none",
}
_LARGEST = 1024 * 1024
Files = Mapping[str, str]


def options_of(command: str) -> tuple[Option, ...]:
    """The options of a command; of the flag form, if it is empty."""
    return load(command).options if command else OPTIONS


def check(command: str, given: Given) -> None:
    """Raise a `UsageError` for what depends on more of this machine than a record keeps."""
    if command == "exec" and not given.has("dry_run"):
        raise UsageError(
            "A session is between the plugin and the container, so the run cannot be recorded.",
            hint="`--dry-run` records how the task is chosen.",
        )
    for key, why in _NOT_RECORDED.items():
        if given.has(key):
            told = f"{given.origin(key)} {why}, so the run cannot be recorded."
            raise UsageError(told, hint="Leave one of them out.")
    if any("$" in text or "`" in text for key in ("image", "tag") for text in given.texts(key)):
        raise UsageError(
            "The image is to come from a file, from git or from a variable, so the run cannot be recorded.",
            hint="Give the image as it is.",
        )


def values_of(given: Mapping[str, list[str]], files: Files) -> Iterator[tuple[str, str]]:
    """The names and values of the variables that a command line sets."""
    for text in given.get("env", ()):
        name, _, value = text.partition("=")
        yield name.rpartition(":")[2], value
    for key in READ:
        for text in given.get(key, ()):
            # A patch may also be typed as it is.
            yield from _in_file(key, files.get(_named(text), text))


def redacted(given: Mapping[str, list[str]], redactor: Redactor) -> dict[str, list[str]]:
    found = {key: [_redacted(key, text, redactor) for text in texts] for key, texts in given.items()}
    # Operands may be the words of a command, where an option says what the word after it is.
    return {**found, "operands": redactor.of(given["operands"])} if "operands" in given else found


def _redacted(key: str, text: str, redactor: Redactor) -> str:
    if key in _OF_THE_CALLER:
        return HIDDEN if text else ""
    if key == "env":
        name, equals, value = text.partition("=")
        return f"{name}{equals}{redactor.value(value)}"
    return _patched(text, redactor) if key == "patch" else redactor.text(text, key)


def redacted_files(given: Mapping[str, list[str]], files: Files, redactor: Redactor) -> dict[str, str]:
    kinds = {name: key for key in READ for name in map(_named, given.get(key, ()))}
    return {name: _redacted_file(kinds[name], text, redactor) for name, text in files.items()}


def _redacted_file(key: str, text: str, redactor: Redactor) -> str:
    if key == "env_file":
        return "".join(f"{name}={redactor.value(value)}\n" for name, value in _in_file(key, text))
    if key == "patch":
        return _patched(text, redactor)
    parsed = _json(text)
    return redactor.text(text) if parsed is None else json.dumps(redactor.of(parsed), indent=1)


def _patched(text: str, redactor: Redactor) -> str:
    steps = _json(text)
    if not isinstance(steps, list):
        return redactor.text(text, "patch")
    return json.dumps([_step(each, redactor) for each in steps])


def _step(step: Any, redactor: Redactor) -> Any:
    if isinstance(step, dict) and "/environment" in str(step.get("path")):
        return {**step, "value": _values(step.get("value"), redactor)} if "value" in step else step
    return redactor.of(step)


def _values(found: Any, redactor: Redactor) -> Any:
    match found:
        case str():
            return redactor.value(found)
        case {"value": _}:
            return {**found, "value": _values(found["value"], redactor)}
        case list():
            return [_values(each, redactor) for each in found]
        case _:
            return found


def _in_file(key: str, text: str) -> Iterator[tuple[str, str]]:
    parsed = _json(text)
    if key == "env_file" and isinstance(parsed, dict):
        yield from parsed.items()
        return
    yield from variables_in(parsed)
    if key == "patch" and isinstance(parsed, list):
        for step in parsed:
            if isinstance(step, dict) and "/environment" in str(step.get("path")):
                name = str(step.get("path")).removesuffix("/value").rpartition("/")[2]
                yield from ((name, each) for each in _texts(step.get("value")))


def _texts(found: Any) -> Iterator[str]:
    match found:
        case str():
            yield found
        case {"value": inner}:
            yield from _texts(inner)
        case list():
            for each in found:
                yield from _texts(each)
        case _:
            return


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def files_of(given: Given, cwd: Path) -> dict[str, str]:
    """The text of each file that an option reads, by the name that it was given; of a dotenv file, its variables.

    Raises a `UsageError` for what can be read only once. A file that is missing is told by whoever needs it.
    """
    found: dict[str, str] = {}
    for key in READ:
        for name in map(_named, given.texts(key)):
            path = cwd / name
            if path.exists() and not path.is_file():
                raise UsageError(
                    f"`{name}` is no file, so the run cannot be recorded.", hint="Write it to a file first."
                )
            if path.is_file():
                found[name] = _read(key, name, cwd)
    return found


def _read(key: str, name: str, cwd: Path) -> str:
    if key == "env_file":
        return json.dumps(read_variables(name, cwd))
    try:
        content = (cwd / name).read_bytes()
    except OSError as error:
        raise UsageError(f"`{name}` cannot be read: {error.strerror}.") from None
    if len(content) > _LARGEST:
        raise UsageError(f"`{name}` is larger than 1 MiB, so the run cannot be recorded.")
    return content.decode("utf-8-sig", "replace")


def is_inside(name: str) -> bool:
    """Whether a name leads into the folder that it is for."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name


def kept(given: Given) -> dict[str, list[str]]:
    """The options that a record keeps."""
    return {key: [*texts] for key, texts in given.values.items() if key not in _LEFT_OUT}


def words_of(command: str, given: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The words of the command line; a record is the work of others: what writes a file, or runs one, is refused."""
    check(command, Given({key: tuple(texts) for key, texts in given.items()}))
    known = {option.key: option for option in options_of(command)}
    words = [command] if command else []
    for key, texts in given.items():
        if key == "operands" or key in _LEFT_OUT:
            continue
        if key not in known or (known[key].takes_file and key not in READ):
            raise UsageError(f"The record has the option `{key}`, which no record has.")
        words += _typed(known[key], texts, flag_form=not command)
    operands = given.get("operands", ())
    return (*words, *(("--",) if operands else ()), *operands)


def _typed(option: Option, texts: Iterable[str], *, flag_form: bool) -> Iterator[str]:
    name = option.spellings[-1] if flag_form else option.names[-1]
    if option.takes > 1:
        yield from (name, *texts)
        return
    for text in texts:
        if option.is_switch:
            yield from (name,) if text else ()
        elif text == option.bare and option.bare:
            yield name
        else:
            yield from (f"{name}={text}",) if not flag_form else (name, text)


def _named(text: str) -> str:
    """The file of `[CONTAINER=]FILE`, or of `FILE`."""
    before, equals, after = text.partition("=")
    return after if equals and "/" not in before else text
