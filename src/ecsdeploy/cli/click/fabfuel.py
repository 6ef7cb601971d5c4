"""Reads the command lines of fabfuel's `ecs`, which PyPI has as `ecs-deploy`, and answers with the nearest of ours.

The grammar is that of its version 1.17.0. We skip what may be secret (variables, commands, keys, addresses of
webhooks), and never repeat it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence

import click

from ecsdeploy.cli.words.values import listing
from ecsdeploy.model.redaction import redact
from ecsdeploy.model.values import value

_DEFINITION = {
    1: "--add-container --remove-container",
    2: "--memoryreservation --privileged --essential --env-file --s3-env-file --secrets-env-file --runtime-platform"
    " --volume",
    3: "-d/--docker-label --system-control -p/--port -m/--mount",
    4: "-u/--ulimit -l/--log",
    6: "-h/--health-check",
}
"""Their options for which we need a file, by the number of values that each takes."""
_EDITS = {
    "--env": "--env NAME=VALUE",
    "--secret": "--secret NAME=REF",
    "--exclusive-env": "--replace-env CONTAINER",
    "--command": "--command CONTAINER=WORDS",
    "--cpu": "--cpu CONTAINER=UNITS",
    "--memory": "--memory CONTAINER=MIB",
    "--task-cpu": "--task-cpu UNITS",
    "--task-memory": "--task-memory MIB",
    "--role": "--task-role ROLE",
    "--execution-role": "--execution-role ROLE",
}
"""Edits that both programs have: our options for theirs, with words in capitals for the values."""
_EDITED = {
    1: " -r/--role -x/--execution-role --task-cpu --task-memory",
    2: " -c/--command --cpu --memory -i/--image",
    3: " -e/--env -s/--secret",
}
"""Their options for these edits and for images, by the number of values that each takes."""
_EXCLUSIVE = (
    "--exclusive-secrets --exclusive-docker-labels --exclusive-s3-env-file --exclusive-ulimits"
    " --exclusive-system-controls --exclusive-ports --exclusive-mounts"
)
_TOLD = (
    "--newrelic-apikey --newrelic-appid --newrelic-region --newrelic-revision --comment --user --slack-url"
    " --slack-service-match"
)
"""Options that report a deployment to other services."""
_KEYS = "--access-key-id --secret-access-key"
_TEXTS = (
    "-t/--tag --task --region --profile --account --assume-role --timeout --sleep-time --launchtype --platform-version"
)
_SWITCHES = (
    "--force-new-deployment --exclusive-env --ignore-warnings --diff --no-diff --deregister --no-deregister --rollback"
    " --no-rollback --public-ip"
)
_OF_OURS = frozenset({"-n", "--service", "--service-name", "--cluster", "--like-service", "--family"})
"""Whoever types one of these means our grammar, where `-c` has another meaning."""
_OPERANDS = {
    "deploy": ("cluster", "service"),
    "update": ("family",),
    "cron": ("cluster", "family", "rule"),
    "run": ("cluster", "family", "count"),
    "scale": ("cluster", "service", "count"),
    "diff": ("family", "first", "second"),
}
_FILE = "definition.json"
_THEIRS = "That is a command line of fabfuel's `ecs`, and nothing was done."


@value(frozen=True, slots=True)
class _Typed:
    """One command line of `ecs`: its operands, and all values of each option, by the long name of the option."""

    operands: Mapping[str, str]
    options: Mapping[str, tuple[tuple[str, ...], ...]]

    def text(self, option: str) -> str:
        """The last value of the option, `true` for a switch, or an empty text."""
        return self.options.get(option, (("",),))[-1][0]

    def given(self, names: str) -> tuple[str, ...]:
        """The long names of those options in `names` that were typed."""
        return tuple(name for name in map(_long, names.split()) if name in self.options)

    @property
    def changed(self) -> tuple[str, ...]:
        """The options typed for which we need a file."""
        return self.given(" ".join((*_DEFINITION.values(), _EXCLUSIVE)))


def answer(command: str, words: Sequence[str]) -> str:
    """What to type instead, and what that leaves out; empty if this is no command line of fabfuel's `ecs`."""
    typed = _read(command, words) if command in _OPERANDS and _OF_OURS.isdisjoint(words) else None
    if typed is None:
        return ""
    return " ".join((_THEIRS, *_ANSWERS[command](typed), *_left_out(typed)))


def _read(command: str, words: Sequence[str]) -> _Typed | None:
    operands = _OPERANDS[command]
    needed = operands[:-1] if command == "run" else operands
    params: list[click.Parameter] = [click.Argument([name], required=name in needed) for name in operands]
    try:
        reader = click.Command(command, params=[*params, *_options()], add_help_option=False)
        found = reader.make_context(command, [*words]).params
    except click.UsageError:
        return None
    typed = {name: value for name, value in found.items() if value}
    return _Typed(
        {name: str(typed.pop(name, "")) for name in operands},
        {f"--{name.replace('_', '-')}": _occurrences(value) for name, value in typed.items()},
    )


def _options() -> list[click.Parameter]:
    taking = {**_DEFINITION, 1: f"{_DEFINITION[1]} {_TEXTS} {_TOLD} {_KEYS} --subnet --securitygroup"}
    taking |= {count: taking[count] + names for count, names in _EDITED.items()}
    options = [
        click.Option([*names.split("/"), _long(names)[2:].replace("-", "_")], nargs=count, multiple=True, type=str)
        for count, options in taking.items()
        for names in options.split()
    ]
    return [*options, *(click.Option([name], is_flag=True) for name in f"{_SWITCHES} {_EXCLUSIVE}".split())]


def _long(names: str) -> str:
    return names.rpartition("/")[2]


def _occurrences(value: object) -> tuple[tuple[str, ...], ...]:
    """The values of each time that the option was typed."""
    if not isinstance(value, tuple):
        return (("true",),)
    return tuple(each if isinstance(each, tuple) else (each,) for each in value)


def _ours(typed: _Typed, *words: str) -> str:
    """Our command line with these words, which we redact, and with words in capitals for their edits."""
    line = redact(shlex.join(("ecs-deploy", *words)))
    return f"Ours: `{' '.join((line, *_edits(typed)))}`."


def _deploy(typed: _Typed) -> tuple[str, ...]:
    edits = _revision(typed) or (*_base(typed), *_images(typed, "--image"))
    if not edits and not _edits(typed):
        edits = ("--force-new-deployment",)
    where = ("deploy", "-c", typed.operands["cluster"], "-n", typed.operands["service"])
    return (_ours(typed, *where, *edits, *_conduct(typed), *_target(typed)),)


def _update(typed: _Typed) -> tuple[str, ...]:
    base, image = _base(typed), _images(typed, "-i")
    images = image if image or _edits(typed) else ("-i", "IMAGE")
    # A file names its family, and needs no image beside it.
    edits = base if base and not image else ("-d", typed.operands["family"], *base, *images)
    return (_ours(typed, *edits, *_target(typed)),)


def _cron(typed: _Typed) -> tuple[str, ...]:
    rule = redact(typed.operands["rule"])
    return (
        *_update(typed),
        f"The rule `{rule}` is not changed by it: `aws events put-targets` gives it the new revision.",
    )


def _run(typed: _Typed) -> tuple[str, ...]:
    where = ("run", "-c", typed.operands["cluster"], "--family", typed.operands["family"])
    count = ("--count", typed.operands["count"]) if typed.operands.get("count") else ()
    return (_ours(typed, *where, *count, *_network(typed), "--detach", *_target(typed)), _ONE_TASK)


def _scale(typed: _Typed) -> tuple[str, ...]:
    cluster, service, count = (typed.operands[name] for name in ("cluster", "service", "count"))
    return (_ours(typed, "scale", "-c", cluster, "-n", service, "--to", count, *_target(typed)),)


def _diff(_typed: _Typed) -> tuple[str, ...]:
    return (_NO_TWO_REVISIONS,)


_ONE_TASK = (
    "Without `--detach` it waits for the tasks, and shows what they write. `--like-service NAME` takes network and"
    " launch type from a service."
)
_NO_TWO_REVISIONS = (
    "Ours compares no two revisions; `ecs-deploy plan -c CLUSTER -n SERVICE --base FILE` compares what runs with what"
    " a deploy would register."
)


_ANSWERS: Mapping[str, Callable[[_Typed], tuple[str, ...]]] = {
    "deploy": _deploy,
    "update": _update,
    "cron": _cron,
    "run": _run,
    "scale": _scale,
    "diff": _diff,
}


def _revision(typed: _Typed) -> tuple[str, ...]:
    """The options that deploy an existing revision as it is; empty if no number is named, or it is edited."""
    task = typed.text("--task")
    changes = typed.changed or typed.text("--tag") or {"--image", *_EDITS} & typed.options.keys()
    return ("--revision", task) if ":" in task and not changes else ()


def _base(typed: _Typed) -> tuple[str, ...]:
    return ("--base", _FILE) if typed.changed or typed.text("--task") else ()


def _images(typed: _Typed, option: str) -> tuple[str, ...]:
    pairs = typed.options.get("--image", ())
    if pairs:
        return tuple(word for container, image in pairs for word in (option, f"{container}={image}"))
    return ("--tag", typed.text("--tag")) if typed.text("--tag") else ()


def _edits(typed: _Typed) -> tuple[str, ...]:
    """Our option for each edit, without their words: if one of those is missing, we would take a value for a name."""
    return tuple(ours for option, ours in _EDITS.items() for _ in typed.options.get(option, ()))


def _conduct(typed: _Typed) -> tuple[str, ...]:
    seconds = typed.text("--timeout")
    if seconds == "-1":
        return ("--detach",)
    time = ("--timeout", f"{seconds}s") if seconds else ()
    return (*time, "--on-failure", "rollback") if typed.text("--rollback") else time


def _target(typed: _Typed) -> tuple[str, ...]:
    account, role = typed.text("--account"), typed.text("--assume-role")
    options = {
        "--region": typed.text("--region"),
        "--profile": typed.text("--profile"),
        # `ecs` assumes a role only if both are given.
        "--assume-role": f"arn:aws:iam::{account}:role/{role}" if account and role else "",
    }
    return tuple(word for name, text in options.items() if text for word in (name, text))


def _network(typed: _Typed) -> tuple[str, ...]:
    named = {"--subnets": "--subnet", "--security-groups": "--securitygroup"}
    lists = {ours: ",".join(text for (text,) in typed.options.get(theirs, ())) for ours, theirs in named.items()}
    public = ("--assign-public-ip",) if typed.text("--public-ip") else ()
    return (*(word for name, text in lists.items() if text for word in (name, text)), *public)


def _left_out(typed: _Typed) -> list[str]:
    """A sentence for each group of options that our command line leaves out or cannot have."""
    sentences = []
    family = redact(shlex.quote(typed.text("--task") or typed.operands.get("family") or "FAMILY:N"))
    if typed.changed:
        sentences.append(f"{listing(typed.changed)}: make that change in the file of the definition.")
    if _edits(typed):
        sentences.append("Put your words in the place of those in capitals; name a container as `CONTAINER:NAME`.")
    if _base(typed) and not _revision(typed):
        save = f"aws ecs describe-task-definition --task-definition {family} > {_FILE}"
        sentences.append(f"Save the definition first: `{save}`.")
    if typed.text("--tag") and typed.options.get("--image"):
        sentences.append("The option `--tag` is left out: ours takes it or images; name each image with its tag.")
    if typed.given(_KEYS):
        sentences.append("Keys are read from `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or from a `--profile`.")
    if typed.given(_TOLD):
        sentences.append(f"{listing(typed.given(_TOLD))}: ours tells nobody else of a deployment.")
    return sentences
