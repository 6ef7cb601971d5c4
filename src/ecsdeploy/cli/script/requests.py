"""Turns the flag form's options into a request, with the bash script's order of checks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ecsdeploy.cli import requests
from ecsdeploy.cli.access import assumed_role, endpoint_url, region
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import Form, ScriptError, ScriptExit
from ecsdeploy.cli.options.definition import EDITS
from ecsdeploy.cli.requests import Invocation
from ecsdeploy.cli.script.notices import notices
from ecsdeploy.cli.showing import showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.images import flag_edits
from ecsdeploy.cli.words.values import whole_number, word
from ecsdeploy.errors import CredentialsError
from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.edits import Edit
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.request import (
    Base,
    DeployRequest,
    FromRunning,
    IfBusy,
    OnFailure,
    PhaseBudget,
    RegisterRequest,
    Request,
    WaitUntil,
)
from ecsdeploy.model.values import value

DEFAULT_TIMEOUT = 90
_NUMBER = re.compile(r"-?[0-9]+")
_LAUNCH_TYPES = ("FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES")
_REGION_VARIABLES = ("AWS_DEFAULT_REGION", "AWS_REGION")


def understand(given: Given, environment: Environment) -> Invocation:
    """The invocation. All checks that need no AWS come first, the script's in its order and then ours."""
    check_contract(given)
    reader = _Reader(given, environment)
    return Invocation(
        form=Form.FLAGS,
        showing=showing(given, environment),
        request=reader.request(),
        access=_access(given, environment),
        given=given,
        dry_run=given.has("dry_run"),
        notices=(*notices(given), *requests.without_effect(given, environment)),
    )


def check_contract(given: Given) -> None:
    """Raise a `ScriptError` for options that do not fit: first as the script does, with its texts, codes and order."""
    for condition, code, said in _contract(given):
        if condition:
            raise ScriptError(code, said=said)
    if given.texts("env_name"):
        raise _misuse("`--env-name` chooses settings, and this form reads none.", "Use `ecs-deploy deploy`.")
    if given.has("service") and given.has("run_task"):
        raise _misuse("`--run-task` runs a task of a task definition, not of a service.", "Use it with `-d`.")
    if given.has("task_definition") and given.has("force_new_deployment"):
        raise _misuse("`--force-new-deployment` needs a service, and `-d` touches none.", "Use it with `-n`.")
    if given.texts("before") and not given.has("service"):
        raise _misuse("`--before` runs before a service is changed, and `-d` changes none.", "Use `--run-task`.")
    if given.texts("after") and not given.has("service"):
        raise _misuse("`--after` follows the release of a service, and `-d` changes none.", "Use `--run-task`.")
    edits = [key for key in (*EDITS, "var", "before", "after") if given.texts(key)]
    if edits and given.has("force_new_deployment"):
        raise _misuse(
            f"`--force-new-deployment` deploys the revision in use, and {given.origin(edits[0])} wants another.",
            "Give one of them.",
        )


def _misuse(message: str, hint: str) -> ScriptError:
    return ScriptError(ScriptExit.USAGE, message=message, hint=hint)


def _contract(given: Given) -> tuple[tuple[bool, ScriptExit, str], ...]:
    service, family, runs = given.has("service"), given.has("task_definition"), given.has("run_task")
    edits = any(given.texts(key) for key in ("image", *EDITS))
    image = edits or any(given.has(key) for key in ("tag", "force_new_deployment", "revision"))
    # A file names its family and its images itself.
    alone = requests.has_file_base(given) and not service and not family
    numeric = _NUMBER.fullmatch(given.text("max_definitions") or "0")
    return (
        (not (service or family or alone), ScriptExit.NO_SUBJECT, _NO_SUBJECT),
        (service and family, ScriptExit.TWO_SUBJECTS, _TWO_SUBJECTS),
        (
            (service or runs) and not given.has("cluster"),
            ScriptExit.NO_CLUSTER,
            _required("CLUSTER", "-c or --cluster"),
        ),
        (not (image or alone), ScriptExit.NO_IMAGE, _required("IMAGE", "-i or --image")),
        (numeric is None, ScriptExit.MAX_DEFINITIONS, _NOT_NUMERIC),
        (given.has("launch_type") and not runs, ScriptExit.LAUNCH_TYPE, _needs_task("LAUNCH TYPE")),
        (
            given.has("network_configuration") and not runs,
            ScriptExit.ONE_OFF_OPTION,
            _needs_task("NETWORK CONFIGURATION"),
        ),
        (given.has("wait_for_success") and not runs, ScriptExit.ONE_OFF_OPTION, _needs_task("WAIT FOR SUCCESS")),
        (given.has("run_task_input") and not runs, ScriptExit.ONE_OFF_OPTION, _needs_task("RUN TASK INPUT")),
        (given.has("platform_version") and not runs, ScriptExit.PLATFORM_VERSION, _needs_task("PLATFORM VERSION")),
    )


_NO_SUBJECT = (
    "One of SERVICE or TASK DEFINITION is required. You can pass the value using -n / --service-name for a service,"
    " or -d / --task-definition for a task"
)
_TWO_SUBJECTS = "Only one of SERVICE or TASK DEFINITION may be specified, but you supplied both"
_NOT_NUMERIC = "MAX_DEFINITIONS must be numeric, or not defined."


def _required(what: str, options: str) -> str:
    return f"{what} is required. You can pass the value using {options}"


def _needs_task(what: str) -> str:
    return f"{what} requires setting RUN TASK argument. You can set it using --run-task flag."


@value(frozen=True, slots=True)
class _Reader:
    """Makes the request from options that have passed `check_contract`."""

    given: Given
    environment: Environment

    def request(self) -> Request:
        budget = PhaseBudget(seconds=self._timeout())
        if not self.given.has("service"):
            return self._register(budget)
        asked = self._forced(budget) if self.given.has("force_new_deployment") else self._deploy(budget)
        return requests.conduct(asked, self.given, self.environment, IfBusy.SUPERSEDE)

    def _forced(self, budget: PhaseBudget) -> DeployRequest:
        """A forced deployment. As in the script, the image, the count and the percentages are ignored."""
        return DeployRequest(
            service=requests.service_ref(self.given),
            force=True,
            revision=requests.revision(self.given),
            copies_inactive=self.given.has("revision"),
            codedeploy=requests.codedeploy(self.given, self.environment),
            budget=budget,
            wait_until=self._wait_until(),
            on_failure=self._on_failure(),
        )

    def _deploy(self, budget: PhaseBudget) -> DeployRequest:
        return DeployRequest(
            service=requests.service_ref(self.given),
            sizing=requests.sizing(self.given, self.environment),
            codedeploy=requests.codedeploy(self.given, self.environment),
            base=self._base(),
            edits=self._edits(),
            revision=requests.revision(self.given),
            copies_inactive=self.given.has("revision"),
            before=requests.gate(self.given, "before"),
            gate=requests.pause_gate(self.given),
            after=requests.gate(self.given, "after"),
            copy_tags=self.given.has("copy_task_definition_tags"),
            tags=requests.tags(self.given, self.environment),
            pin_digests=self.given.has("pin_digest"),
            budget=budget,
            wait_until=self._wait_until(),
            on_failure=self._on_failure(),
            keep=self._keep(),
        )

    def _register(self, budget: PhaseBudget) -> RegisterRequest:
        requests.revision(self.given)
        return RegisterRequest(
            family=self.given.text("task_definition"),
            cluster=self.given.text("cluster"),
            base=self._base(),
            edits=self._edits(),
            copy_tags=self.given.has("copy_task_definition_tags"),
            tags=requests.tags(self.given, self.environment),
            pin_digests=self.given.has("pin_digest"),
            budget=budget,
            keep=self._keep(),
            run=self._one_off(budget) if self.given.has("run_task") else None,
        )

    def _one_off(self, budget: PhaseBudget) -> OneOff:
        return OneOff(
            cluster=self.given.text("cluster"),
            launch_type=word(self.given, "launch_type", _LAUNCH_TYPES),
            platform_version=self.given.text("platform_version"),
            network_configuration=self._network(),
            members=self._members(),
            wait=self.given.has("wait_for_success"),
            timeout_seconds=budget.seconds,
        )

    def _network(self) -> Mapping[str, object] | None:
        if not self.given.has("network_configuration"):
            return None
        from ecsdeploy.cli.script.network import parse_network

        return parse_network(self.given.text("network_configuration"))

    def _members(self) -> Mapping[str, object]:
        if not self.given.has("run_task_input"):
            return {}
        from ecsdeploy.cli.files.taskinput import read_task_input

        return read_task_input(self.given.text("run_task_input"), self.environment.cwd)

    def _timeout(self) -> float:
        seconds = whole_number(self.given, "timeout", minimum=1, what="a positive whole number of seconds")
        return float(seconds or DEFAULT_TIMEOUT)

    def _base(self) -> Base:
        file = self.given.text("file_base")
        if file:
            return requests.file_base(file, self.given, self.environment)
        if self.given.has("latest_base"):
            return requests.stored_base(FromRunning.LATEST, self.given)
        return requests.base(self.given, self.environment)

    def _edits(self) -> tuple[Edit, ...]:
        return (*flag_edits(self.given, self.environment), *requests.edits(self.given, self.environment))

    def _wait_until(self) -> WaitUntil:
        wanted = requests.wait_until(self.given)
        skips = self.given.has("skip_deployments_check") and wanted is WaitUntil.COMPLETE
        return WaitUntil.HEALTHY if skips else wanted

    def _on_failure(self) -> OnFailure:
        return OnFailure.ROLLBACK if self.given.has("enable_rollback") else requests.on_failure(self.given)

    def _keep(self) -> int | None:
        """How many revisions to keep. As in the script, `--max-definitions` of 0 or less switches it off."""
        number = int(self.given.text("max_definitions") or 0)
        return number if number > 0 else requests.keep(self.given)


def _access(given: Given, environment: Environment) -> Access:
    access_key, secret_key = _keys(given, environment)
    return Access(
        region=region(given, environment, _REGION_VARIABLES),
        profile=given.text("profile") or environment.variables.get("AWS_PROFILE", ""),
        access_key=access_key,
        secret_key=secret_key,
        assume_role=assumed_role(given),
        external_id=Secret(given.text("external_id")) if given.has("external_id") else None,
        endpoint_url=endpoint_url(given),
        instance_role_only=given.has("instance_profile"),
    )


def _keys(given: Given, environment: Environment) -> tuple[Secret | None, Secret | None]:
    """The keys of `-k` and `-s`, one of which may come from the environment; None without either."""
    if not (given.has("access_key") or given.has("secret_key")):
        return None, None
    access_key = given.text("access_key") or environment.variables.get("AWS_ACCESS_KEY_ID", "")
    secret_key = given.text("secret_key") or environment.variables.get("AWS_SECRET_ACCESS_KEY", "")
    if not (access_key and secret_key):
        missing = "-s" if access_key else "-k"
        raise CredentialsError(f"Half of the credentials is missing: `{missing}`.", hint="Give both `-k` and `-s`.")
    return Secret(access_key), Secret(secret_key)
