"""The inputs of AWS's own Action as command lines of ours, with its defaults.

https://github.com/aws-actions/amazon-ecs-deploy-task-definition
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from action import definition, onetask, ours
from action.order import REGISTERED, Inputs, Order, option
from action.vocabularies import OFFICIAL, OURS
from action.volumes import OF_SERVICE, OF_TASK
from ecsdeploy.cli.options.table import by_name
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

DEFAULT_MINUTES = 30
MOST_MINUTES = 360
_ELSEWHERE = (
    "region",
    "profile",
    "assume-role",
    "endpoint-url",
    "expect-account",
    "quiet",
    "verbose",
    "junit",
    "report",
)
"""Ours that say how, and not what: they go with each command line."""
_OWN = frozenset({"cluster", "service", "desired-count", "force-new-deployment"})
_UNNEEDED = {
    "wait-max-delay-seconds": "we look as often as the deployment needs it",
    "max-retries": "reads are repeated while there is time, and a write whose reply is lost is looked for",
}
APPSPEC = ".appspec.json"
VOLUMES = ".volumes.json"
DEFAULT_APPSPEC = "appspec.yaml"
_CODEDEPLOY = {
    "codedeploy-application": "codedeploy-application",
    "codedeploy-group": "codedeploy-deployment-group",
    "codedeploy-config": "codedeploy-deployment-config",
    "codedeploy-description": "codedeploy-deployment-description",
}
_UNVERIFIED = (
    "`wait-for-service-stability` is not `true`: the deployment is begun and left, and nobody looks whether it works."
)


def translate(given: Inputs, source: str, folder: Path, appspec: str = "") -> Order:
    """`source` is the text of the file that `task-definition` names, `appspec` that of the AppSpec, where there is one.

    The order's files will be in `folder`.
    """
    _refuse(given)
    reading = _Reading(given, folder, appspec)
    files = {APPSPEC: appspec_json(appspec, appspec_name(given))} if appspec else {}
    if reading.volumes:
        files[VOLUMES] = json.dumps(reading.volumes)
    if "task-definition" not in given:
        commands: tuple[tuple[str, ...], ...] = (reading.existing(),)
    else:
        commands = tuple(reading.commands())
        files |= {reading.file.name: _registered(given, source), **onetask.files(given)}
    return Order(commands=commands, files=files, warnings=tuple(_warnings(given)), notices=tuple(_notices(given)))


def appspec_name(given: Inputs) -> str:
    return given.get("codedeploy-appspec", DEFAULT_APPSPEC)


def appspec_json(text: str, name: str) -> str:
    """The AppSpec as JSON, in which its task definition can be exchanged whatever its form was."""
    return json.dumps(definition.read(text, name, "AppSpec"))


def _registered(given: Inputs, source: str) -> str:
    document = definition.read(source, given["task-definition"])
    keep = [key.strip() for key in given.get("keep-null-value-keys", "").split(",")]
    return json.dumps(definition.cleaned(document, keep))


@value(frozen=True, slots=True)
class _Reading:
    """What the inputs mean; they have been found to go together."""

    given: Inputs
    folder: Path
    appspec: str

    @property
    def file(self) -> Path:
        """Under its own name, as messages have it."""
        return self.folder / Path(self.given["task-definition"]).name

    @property
    def cluster(self) -> str:
        return f"--cluster={self.given.get('cluster', 'default')}"

    @property
    def volumes(self) -> list[dict[str, object]]:
        return OF_SERVICE.read(self.given) if "service" in self.given else []

    def commands(self) -> Iterator[tuple[str, ...]]:
        base = f"--base={self.file}"
        runs = onetask.is_wanted(self.given)
        if runs:
            yield (base, self.cluster, *onetask.words(self.given, self.folder, seconds=self._minutes * 60), *self._how)
        if "service" in self.given:
            yield self._deploy(REGISTERED if runs else base)
        elif not runs:
            yield (base, *self._how)

    def existing(self) -> tuple[str, ...]:
        """`task-definition-arn`: nothing is registered."""
        if "service" not in self.given:
            raise UsageError("Nothing to deploy is named.", hint="Give `service`, or `task-definition` to register it.")
        revision = self.given.get("task-definition-arn")
        if revision is None:
            raise UsageError("No task definition is named.", hint="Give `task-definition` or `task-definition-arn`.")
        force = ("--force-new-deployment",) if is_on(self.given, "force-new-deployment") else ()
        return self._deploy(f"--revision={revision}", *force)

    def _deploy(self, *what: str) -> tuple[str, ...]:
        """A revision that is new begins a deployment, forced or not; another deployment is superseded, as there."""
        given = self.given
        busy = () if self._says("if-busy") else ("--if-busy=supersede",)
        time = () if "wait-for-minutes" not in given and self._says("timeout") else (f"--timeout={self._minutes}m",)
        waits = self._says("wait-until") or is_on(given, "wait-for-service-stability")
        until = () if waits else ("--wait-until=started",)
        count = option("desired-count", given.get("desired-count", ""))
        tags = option("managed-tags", onetask.managed_tags(given))
        through = (*_through_codedeploy(given), *((f"--appspec={self.folder / APPSPEC}",) if self.appspec else ()))
        volumes = (f"--volume-configurations={self.folder / VOLUMES}",) if self.volumes else ()
        subject = (self.cluster, f"--service={given['service']}")
        size = (*count, *tags, *volumes)
        return ("deploy", *subject, *what, *size, *through, *busy, *time, *until, *ours.words(given, _OWN))

    def _says(self, name: str) -> bool:
        """One of our own inputs, or an option among `args`, by any of its names: a default gives way to it."""
        names = by_name()
        said = (names.get(word.partition("=")[0]) for word in ours.args(self.given))
        return name in self.given or any(each and f"--{name}" in each.names for each in said)

    @property
    def _how(self) -> tuple[str, ...]:
        return ours.words({name: text for name, text in self.given.items() if name in _ELSEWHERE})

    @property
    def _minutes(self) -> int:
        return minutes(self.given)


def _through_codedeploy(given: Inputs) -> Iterator[str]:
    for name, theirs in _CODEDEPLOY.items():
        yield from option(name, given.get(theirs, ""))


def is_on(given: Inputs, name: str) -> bool:
    """As there, `true` in any case is true and everything else is not."""
    return given.get(name, "").lower() == "true"


def minutes(given: Inputs) -> int:
    """`wait-for-minutes` as there: its first digits, 30 without any, and 360 at most."""
    found = re.match(r"\s*\+?([0-9]{1,9})", given.get("wait-for-minutes", ""))
    return min(int(found[1]), MOST_MINUTES) if found and int(found[1]) else DEFAULT_MINUTES


def _refuse(given: Inputs) -> None:
    """What cannot be done as asked, in one sentence. Without a service, most of it is ignored, as there."""
    if onetask.is_wanted(given) and "task-definition" not in given:
        raise UsageError(
            "`run-task` runs a task of what it registers, and `task-definition-arn` names what is there already.",
            hint="Give `task-definition`.",
        )
    unheard = [name for name in given if name in OURS and name not in (*OFFICIAL, *_ELSEWHERE)]
    if unheard and "service" not in given:
        raise UsageError(f"The input `{unheard[0]}` is about a service, and none is named.", hint="Give `service`.")


def _warnings(given: Inputs) -> Iterator[str]:
    if "service" in given and "wait-until" not in given and not is_on(given, "wait-for-service-stability"):
        yield _UNVERIFIED
    if {"task-definition", "task-definition-arn"} <= given.keys():
        yield "`task-definition-arn` is not read where `task-definition` is given: a new revision is registered."
    if "service" in given:
        yield from OF_SERVICE.warnings(given)
    if onetask.is_wanted(given):
        yield from OF_TASK.warnings(given)
    asked = given.get("wait-for-minutes", str(DEFAULT_MINUTES))
    if asked.strip() != str(minutes(given)):
        yield f"`wait-for-minutes` is taken as {minutes(given)}: it must be a number from 1 to {MOST_MINUTES}."
    for name in _SWITCHES:
        if given.get(name, "false").lower() not in {"true", "false"}:
            yield f"`{name}` is neither `true` nor `false`, and taken as `false`."


_SWITCHES = ("wait-for-service-stability", "force-new-deployment", "run-task", "wait-for-task-stopped")


def _notices(given: Inputs) -> Iterator[str]:
    for name, why in _UNNEEDED.items():
        if name in given:
            yield f"`{name}` is not needed: {why}."
