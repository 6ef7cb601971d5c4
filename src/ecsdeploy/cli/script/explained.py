"""Says what the bash script would have done with these options and left unsaid, and what this tool does.

The facts are those of `docs/reference/differences.md`, whose numbers stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ecsdeploy.cli.exits import ScriptError
from ecsdeploy.cli.script.flags import read_flags
from ecsdeploy.cli.script.requests import check_contract
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value


@value(frozen=True, slots=True)
class Difference:
    """One difference: its number in the page, what the script does, and what we do."""

    number: str
    script: str
    here: str


def differences(words: Sequence[str]) -> tuple[Difference, ...]:
    """What differs for this command line of the flag form. No value of an option is repeated.

    Raises a `UsageError` if the words cannot be read.
    """
    try:
        given = read_flags(words)
    except ScriptError as error:
        raise UsageError(error.message, hint=error.hint) from None
    return (*_refused(given), *(difference for applies, difference in _TABLE if applies(given)))


def _refused(given: Given) -> Iterator[Difference]:
    try:
        check_contract(given)
    except ScriptError as error:
        ends = f"ends with exit code {int(error.code)}"
        if error.said:
            yield Difference("", f"It {ends}: {error.said}", "The same.")
        else:
            yield Difference("", "It does not notice this.", f"The run {ends}. {error.message} {error.hint}".rstrip())


def _has(*keys: str) -> Callable[[Given], bool]:
    """Whether all of these options are given."""
    return lambda given: all(given.has(key) for key in keys)


def _image_has(*parts: str) -> Callable[[Given], bool]:
    return lambda given: any(part in text for text in given.texts("image") for part in parts)


def _registers(given: Given) -> bool:
    return not given.has("force_new_deployment") and not given.has("revision")


def _has_keys(given: Given) -> bool:
    return given.has("access_key") or given.has("secret_key")


def _sizes(given: Given) -> bool:
    return given.has("min") or given.has("max")


_TABLE: tuple[tuple[Callable[[Given], bool], Difference], ...] = (
    (
        _has("service"),
        Difference(
            "D1",
            "It reports success when one new task runs and one deployment is left, whichever deployment that is.",
            "The run follows its own deployment. If that fails, is rolled back or replaced, the exit code is 1.",
        ),
    ),
    (
        _image_has(""),
        Difference(
            "D2",
            "It compares the ends of names. It may replace another image of the same ending; or it replaces nothing,"
            " deploys an unchanged revision and reports success.",
            "The repository must be the same. If no container has it, nothing is registered, and the exit code is 1.",
        ),
    ),
    (
        _image_has("@sha256:"),
        Difference("D3", "It crashes: `tag: unbound variable`, exit code 1.", "The digest is deployed."),
    ),
    (
        _has("tag"),
        Difference(
            "D3",
            "It sets the tag on every image, also on sidecars, and makes wrong names of digests and of hosts with a"
            " port.",
            "The tag is set on every image that is not pinned by digest; a warning names the pinned ones.",
        ),
    ),
    (
        _has("tag_env_var"),
        Difference(
            "D6",
            "It ignores the variable if the image has a tag, and crashes if the variable is not set.",
            "The variable overrides the tag. If it is empty or not set, it is named, and the exit code is 1.",
        ),
    ),
    (
        _image_has("$", "`"),
        Difference(
            "D7",
            "It cannot read such an image since 2015: exit code 13.",
            "A file, `git describe`, `git rev-parse` or a variable gives the tag, without a shell.",
        ),
    ),
    (
        _registers,
        Difference(
            "D4",
            "It sends the fields that it knows, and drops all others without a word: `pidMode`, `ipcMode`, fields that"
            " AWS added later, and without `--copy-task-definition-tags` the tags.",
            "Every field that ECS stored is sent. Tags are copied with that option only.",
        ),
    ),
    (
        _has("file_base"),
        Difference(
            "D5",
            "The file must be wrapped in `taskDefinition` and have several lines; members that it lacks are sent as"
            " null, which the AWS CLI refuses.",
            "The wrapped form, the bare definition and a filled-in skeleton of the AWS CLI are read.",
        ),
    ),
    (
        _has("timeout"),
        Difference(
            "D17",
            "It does not check the number, and counts its own pauses alone: calls take longer than that.",
            "The time is real, for each phase, and must be a positive whole number.",
        ),
    ),
    (
        _has("skip_deployments_check"),
        Difference(
            "D19",
            "One running task is enough.",
            "The new revision must be at its desired count, and healthy. Old tasks may still drain.",
        ),
    ),
    (
        _sizes,
        Difference(
            "D18",
            "What ECS refuses is refused after a revision has been registered.",
            "It is refused first, with exit code 1.",
        ),
    ),
    (
        _has("enable_rollback", "service"),
        Difference(
            "D11",
            "It goes back after a timeout alone, and does not look whether that worked.",
            "The run goes back after every failure, also restores count and percentages, waits, and says how it ended.",
        ),
    ),
    (
        _has("max_definitions"),
        Difference(
            "D12",
            "It may deregister the revision that one would go back to, and those that others use.",
            "That happens after success alone. Revisions in use, and the one to go back to, stay and are named.",
        ),
    ),
    (
        _has("run_task", "task_definition"),
        Difference(
            "D13",
            "It prints `executed successfully` once the task was asked for, unless `--wait-for-success` is given.",
            "The exit code is 0 once the task has started; with `--wait-for-success`, once it ended with 0.",
        ),
    ),
    (
        _has("network_configuration"),
        Difference(
            "D13", "It loses the quotes of JSON, and drops a value with blanks.", "The value is sent as it was typed."
        ),
    ),
    (
        _has_keys,
        Difference(
            "D8",
            "They have no effect, unless the variables of AWS are set already.",
            "They are used; a warning says that other processes can read them.",
        ),
    ),
    (
        _has("assume_role"),
        Difference(
            "D8",
            "It assumes the role without the profile, and calls with `-p` afterwards use the profile, not the role.",
            "The role is assumed with that profile or those keys, and its credentials are renewed.",
        ),
    ),
    (
        _has("instance_profile"),
        Difference(
            "D8", "It says that the option is not yet in use.", "The role of the instance or container is used."
        ),
    ),
    (
        _has("verbose"),
        Difference(
            "D14", "It prints every command that it runs, with secrets.", "Each API call is logged, without secrets."
        ),
    ),
)
"""The differences, in the order in which we tell them, each with the options that it is about."""
