"""Our own inputs as a command line: each is the long option of that name."""

import shlex
from collections.abc import Iterator

from action.order import Inputs, Order, option
from action.vocabularies import OURS
from ecsdeploy.errors import UsageError

_SWITCHES = frozenset(
    {
        "copy-task-definition-tags",
        "force-new-deployment",
        "no-fail-fast",
        "skip-unchanged",
        "no-preflight",
        "dry-run",
        "quiet",
        "verbose",
    }
)
_APART = ("image", "container", "env", "secrets", "args")
_NO_RELEASE = frozenset({"-h", "--help", "--version"})
_TRUTH = {"true": True, "false": False}


def translate(given: Inputs) -> Order:
    """`ecs-deploy deploy` with these options."""
    return Order(commands=(("deploy", *words(given)),))


def words(given: Inputs, leave_out: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The options that are given, but for those to `leave_out`."""
    kept = {name: given[name] for name in OURS if name in given and name not in leave_out}
    return (
        *_options(kept),
        *_images(kept),
        *_lines(kept, "env", "env"),
        *_lines(kept, "secrets", "secret"),
        *args(kept),
    )


def is_true(given: Inputs, name: str) -> bool:
    """A switch; a `UsageError` where it is neither `true` nor `false`."""
    text = given.get(name, "false")
    try:
        return _TRUTH[text.lower()]
    except KeyError:
        raise UsageError(f"The input `{name}` must be `true` or `false`, not `{text}`.") from None


def _options(given: Inputs) -> Iterator[str]:
    for name, text in given.items():
        if name in _SWITCHES:
            yield from (f"--{name}",) if is_true(given, name) else _off(name)
        elif name not in _APART:
            yield from option(name, text)


def _off(name: str) -> tuple[str, ...]:
    """What says no to a switch that is on otherwise."""
    return (f"--no-{name}",) if name == "copy-task-definition-tags" else ()


def _images(given: Inputs) -> Iterator[str]:
    """One a line, each `IMAGE` or `CONTAINER=IMAGE`; `container` names the one of a single line."""
    images = given.get("image", "").split()
    if "container" not in given:
        yield from (f"--image={each}" for each in images)
    elif len(images) == 1 and "=" not in images[0]:
        yield f"--image={given['container']}={images[0]}"
    else:
        raise UsageError("The input `container` goes with one `image`.", hint="Write `CONTAINER=IMAGE` on each line.")


def _lines(given: Inputs, name: str, long: str) -> Iterator[str]:
    """One edit a line; what a line holds is never shown. They are words of this process alone, which `ps` has not.

    A newline alone ends a line: a value may hold what Unicode calls the end of one.
    """
    for number, line in enumerate(given.get(name, "").split("\n"), 1):
        if line.strip() and "=" not in line:
            raise UsageError(
                f"Line {number} of the input `{name}` has no `=`.",
                hint="Each line is `[CONTAINER:]NAME=VALUE`; a value of several lines stands in a file, which `args`"
                " names with `--env-file`.",
            )
        yield from option(long, line.strip())


def args(given: Inputs) -> list[str]:
    """The words of the input of that name."""
    try:
        words = shlex.split(given.get("args", ""))
    except ValueError as error:
        raise UsageError(f"The input `args` cannot be split into words: {str(error).lower()}.") from None
    for word in _NO_RELEASE.intersection(words):
        raise UsageError(f"With `{word}` in the input `args` nothing would be deployed.", hint="Leave it out.")
    return words
