"""Turns options into a request: the parts of a request that both grammars share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ecsdeploy.cli.access import access
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import Form
from ecsdeploy.cli.options.definition import EDITS
from ecsdeploy.cli.options.service import OF_DEPLOYMENT
from ecsdeploy.cli.showing import Showing, showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.values import duration, member, whole_number, word
from ecsdeploy.errors import UsageError
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import DefinitionEdit
from ecsdeploy.model.request import (
    Base,
    CodeDeployWish,
    DeployRequest,
    FromRunning,
    IfBusy,
    OnFailure,
    OnInterrupt,
    Request,
    Sizing,
    WaitUntil,
    WholeBudget,
)
from ecsdeploy.model.settings import LaunchVolume
from ecsdeploy.model.values import replace, value

if TYPE_CHECKING:
    from ecsdeploy.cli.files.planfile import PlanFile
    from ecsdeploy.model.oneoff import Gate
    from ecsdeploy.model.pausegate import PauseGate

DEFAULT_TIMEOUT = 15 * 60.0
_ANSWERS = {"true": True, "false": False}
_TAGS_OF = ("SERVICE", "TASK_DEFINITION", "NONE")
_OF_CODEDEPLOY = (
    "codedeploy_application",
    "codedeploy_group",
    "appspec",
    "codedeploy_config",
    "codedeploy_description",
)
_OF_NEW_REVISION = ("pin_digest", "tag_revision", "provenance")
"""What is asked of a new revision, and is no reason for one: a settings file may ask it for all."""


@value(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One command line, understood: what to do (`request`), on which AWS and as whom (`access`), and how to show it."""

    form: Form
    request: Request
    access: Access
    showing: Showing
    dry_run: bool = False
    given: Given = Given()
    """What was typed or set. A command to paste repeats it."""
    changes_exit: bool = False
    """Whether a dry run that finds changes has its own exit code."""
    propagates_exit: bool = False
    """Whether the exit code of a one-off task that failed becomes our own."""
    notices: tuple[str, ...] = ()
    out: PlanFile | None = None
    """Where the plan of a dry run is written to."""


def invocation(given: Given, environment: Environment, request: Request) -> Invocation:
    """The invocation of a command, which carries out `request`."""
    return Invocation(
        form=Form.COMMANDS,
        showing=showing(given, environment),
        request=request,
        access=access(given, environment),
        given=given,
    )


def check_names(given: Given) -> None:
    """Raise a `UsageError` unless both service and cluster are given."""
    for key, name in (("service", "-n"), ("cluster", "-c")):
        check_name(given, key, name)


def check_name(given: Given, key: str, name: str) -> None:
    if not given.has(key):
        raise UsageError(f"No {key} is named.", hint=f"Name it with `{name}`.")


def budget(given: Given) -> WholeBudget:
    return WholeBudget(seconds=duration(given, "timeout", DEFAULT_TIMEOUT))


def service_ref(given: Given) -> ServiceRef:
    return ServiceRef(cluster=given.text("cluster"), name=given.text("service"))


def sizing(given: Given, environment: Environment) -> Sizing:
    """What to change of the service. We check ECS's bounds here, as ECS does so only after we registered a revision."""
    return Sizing(
        desired_count=whole_number(given, "desired_count"),
        minimum_healthy_percent=whole_number(given, "min", maximum=100, what="a percentage"),
        maximum_percent=whole_number(given, "max", minimum=100, what="a percentage"),
        managed_tags=_ANSWERS.get(word(given, "managed_tags", tuple(_ANSWERS))),
        propagate_tags=word(given, "propagate_tags", _TAGS_OF) or None,
        volumes=_volumes(given, environment),
        deployment=_deployment(given),
    )


def _deployment(given: Given) -> Mapping[str, object]:
    if not any(given.texts(key) for key in OF_DEPLOYMENT):
        return {}
    from ecsdeploy.cli.words.deployment import deployment_members

    return deployment_members(given)


def _volumes(given: Given, environment: Environment) -> tuple[LaunchVolume, ...] | None:
    if not given.has("volume_configurations"):
        return None
    from ecsdeploy.cli.files.volumes import read_volumes

    return read_volumes(given.text("volume_configurations"), environment.cwd)


def codedeploy(given: Given, environment: Environment) -> CodeDeployWish:
    """The options for CodeDeploy. Their module is loaded only if one is given: ECS deploys most services itself."""
    if not any(given.has(key) for key in _OF_CODEDEPLOY):
        return CodeDeployWish()
    from ecsdeploy.cli.files.appspec import codedeploy_wish

    return codedeploy_wish(given, environment)


def base(given: Given, environment: Environment) -> Base:
    """The value of `--base`: `running`, `latest`, or what a file has. A file named `latest` is given as `./latest`."""
    text = given.text("base") or FromRunning.RUNNING
    return stored_base(FromRunning(text), given) if text in tuple(FromRunning) else file_base(text, given, environment)


def stored_base(base: FromRunning, given: Given) -> Base:
    """A revision that is there; it is no template."""
    if given.texts("var"):
        raise UsageError(f"{given.origin('var')} fills places of a file, and none is named.", hint="Add `--base FILE`.")
    return base


def file_base(name: str, given: Given, environment: Environment) -> Base:
    """What the file has, with its places filled where there are values for them."""
    from ecsdeploy.cli.files.basefile import read_base
    from ecsdeploy.cli.files.template import read_values

    return read_base(name, environment.cwd, read_values(given.texts("var"), given.origin("var")))


def revision(given: Given) -> str:
    """The value of `--revision`. Raises a `UsageError` if another option asks for a new revision."""
    if given.has("revision") or given.has("force_new_deployment"):
        from ecsdeploy.cli.existing import check_existing

        check_existing(given)
    return given.text("revision")


def edits(given: Given, environment: Environment) -> tuple[DefinitionEdit, ...]:
    """The edits beside images. Their modules are loaded only if one is given: most releases change only images."""
    if not any(given.texts(key) for key in EDITS):
        return ()
    from ecsdeploy.cli.words.definition import definition_edits

    return definition_edits(given, environment.cwd)


def gate(given: Given, key: str) -> Gate | None:
    """The command of `--before` or `--after`; None without it."""
    if not given.texts(key):
        return None
    from ecsdeploy.cli.words import gate as gates

    return gates.gate(given, key)


def pause_gate(given: Given) -> PauseGate | None:
    """What `--smoke` and `--approve` ask for; None without them."""
    if not any(given.texts(key) for key in ("smoke", "approve", "add_pause")):
        return None
    from ecsdeploy.cli.words import gate as gates

    return gates.pause_gate(given)


def tags(given: Given, environment: Environment) -> tuple[tuple[str, str], ...]:
    """The tags of a new revision, in addition to those that are copied."""
    if not (given.texts("tag_revision") or given.has("provenance")):
        return ()
    from ecsdeploy.cli.words.tags import revision_tags

    return revision_tags(given, environment.variables)


def without_effect(given: Given, environment: Environment) -> Iterator[str]:
    """The warning about options for a new revision that have no effect in this run."""
    if not any(given.texts(key) for key in _OF_NEW_REVISION):
        return iter(())
    from ecsdeploy.cli.existing import tagging_without_effect

    return tagging_without_effect(given, environment, _OF_NEW_REVISION)


def has_file_base(given: Given) -> bool:
    """Whether `--base` names a file."""
    return given.has("base") and given.text("base") not in tuple(FromRunning)


def wait_until(given: Given) -> WaitUntil:
    wanted = member(given, "wait_until", WaitUntil.COMPLETE)
    if not given.has("detach"):
        return wanted
    if given.has("wait_until") and wanted is not WaitUntil.STARTED:
        raise UsageError(
            f"{given.origin('detach')} means `--wait-until started`, and {given.origin('wait_until')} says `{wanted}`.",
            hint="Give one of them.",
        )
    return WaitUntil.STARTED


def on_failure(given: Given) -> OnFailure:
    return member(given, "on_failure", OnFailure.LEAVE)


def conduct(request: DeployRequest, given: Given, environment: Environment, if_busy: IfBusy) -> DeployRequest:
    """The request, completed by the options about other deployments, signals and failures.

    `if_busy` is the default of the grammar. Raises a `UsageError` if two options contradict each other.
    """
    if request.force and request.wait_until is WaitUntil.REGISTERED:
        raise UsageError(
            f"{given.origin('force_new_deployment')} registers nothing, and `--wait-until registered` stops at that.",
            hint="Give one of them.",
        )
    if given.has("min_stable") and request.wait_until is not WaitUntil.COMPLETE:
        raise UsageError(
            f"{given.origin('min_stable')} counts from completion; `--wait-until {request.wait_until}` ends before.",
            hint="Give one of them.",
        )
    return replace(
        request,
        if_busy=member(given, "if_busy", if_busy),
        on_interrupt=_on_interrupt(request, given, environment),
        fail_fast=fail_fast(given),
        skip_unchanged=given.has("skip_unchanged"),
        min_stable_seconds=duration(given, "min_stable", 0),
        expect_account=given.text("expect_account"),
        preflight=not given.has("no_preflight"),
    )


def fail_fast(given: Given) -> bool:
    return given.has("fail_fast") or not given.has("no_fail_fast")


def _on_interrupt(request: DeployRequest, given: Given, environment: Environment) -> OnInterrupt:
    """What an interrupt does. If nobody can be asked, it does what a failure would do."""
    wanted = member(given, "on_interrupt", OnInterrupt.ASK)
    if wanted is not OnInterrupt.ASK or (environment.can_ask and not given.has("no_input")):
        return wanted
    return OnInterrupt.ROLLBACK if request.on_failure is OnFailure.ROLLBACK else OnInterrupt.DETACH


def keep(given: Given) -> int | None:
    return whole_number(given, "keep", minimum=1, what="how many revisions to keep")
