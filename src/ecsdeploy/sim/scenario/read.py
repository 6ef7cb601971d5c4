"""From the text of a scenario file to a `Scenario`.

A mistake is refused with line and key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ecsdeploy.sim.codec.model import model_of
from ecsdeploy.sim.ground.behaviour import Behaviour, tagged
from ecsdeploy.sim.ground.errors import ScenarioError
from ecsdeploy.sim.scenario.services import check_observable, read_services
from ecsdeploy.sim.scenario.table import Table, Text, closest
from ecsdeploy.sim.scenario.values import Action, ApiFault, Expect, Limits, Scenario, ServiceSpec

_PULLS = ("ok", "not-found", "denied", "rate-limited", "timeout", "init-error")
_COMMANDED = ("exit", "healthy", "oom")
_RUNS = ("healthy", "exit", "oom", "unhealthy", "target-unhealthy", "never-starts", "exec-format")
_ACTIONS = (
    "deploy",
    "scale",
    "stop-deployment",
    "delete-service",
    "expire-credentials",
    "force-new-deployment",
    "capacity",
    "signal",
    "protect",
    "spot",
    "drain",
    "alarm",
    "ok",
)
_COUNT_TASKS = ("capacity", "protect", "spot", "drain")
_ANSWERS = ("SUCCEEDED", "FAILED", "IN_PROGRESS", "")
_STATUSES = (
    "succeeded",
    "failed",
    "stopped",
    "rolled_back",
    "timed_out",
    "superseded",
    "unknown",
    "rollback_failed",
    "refused",
    "busy",
    "interrupted",
    "unchanged",
    "detached",
)
# Operations of other AWS services that a deployment tool calls.
_NEIGHBOURS = (
    "AssumeRole",
    "BatchGetApplications",
    "BatchGetDeploymentGroups",
    "BatchGetDeploymentTargets",
    "BatchGetDeployments",
    "BatchGetImage",
    "CreateDeployment",
    "DescribeAlarms",
    "DescribeDeliveries",
    "DescribeDeliverySources",
    "DescribeImages",
    "DescribeListeners",
    "DescribeLogGroups",
    "DescribeLogStreams",
    "DescribeRules",
    "DescribeScalableTargets",
    "DescribeTargetGroupAttributes",
    "DescribeTargetGroups",
    "DescribeTargetHealth",
    "FilterLogEvents",
    "GetApplicationRevision",
    "GetCallerIdentity",
    "GetDeliveryDestination",
    "GetDeployment",
    "GetDeploymentGroup",
    "GetLogEvents",
    "GetParameters",
    "GetRole",
    "ListApplications",
    "ListDeploymentGroups",
    "ListDeployments",
    "SimulatePrincipalPolicy",
    "StopDeployment",
)


def parse_scenario(text: str, *, source: str = "<text>") -> Scenario:
    """Read a scenario. ScenarioError has the file, the line, the key and the nearest valid key."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{source}: this is not TOML: {error}.") from error
    root = Table(Text(source=source, content=text), (), values)
    _check_schema(root)
    images = {tagged(name): _behaviour(table) for name, table in root.table("images").members()}
    scenario = Scenario(
        name=root.string("name", "unnamed"),
        summary=root.string("summary", ""),
        seed=root.integer("seed", 0),
        services=read_services(root, images),
        images=images,
        faults=tuple(_fault(table) for table in root.tables("api")),
        actions=(),
        hooks={name: _answers(table) for name, table in root.table("hooks").members()},
        limits=_limits(root.table("limits")),
        deploy_args=_deploy(root.table("deploy")),
        expect=_expect(root.table("expect")),
        source=source,
    )
    actions = tuple(_action(table, scenario.services) for table in root.tables("at"))
    root.done()
    return _with_actions(scenario, actions)


def parse_images(tables: Mapping[str, Any], services: Sequence[ServiceSpec]) -> Mapping[str, Behaviour]:
    """Images by name, from tables like those under `[images]`. ScenarioError has the image and the key."""
    images: dict[str, Behaviour] = {}
    for name, table in tables.items():
        root = Table(Text(source=name), (), {name: table})
        images[tagged(name)] = behaviour = _behaviour(root.table(name))
        for service in services:
            check_observable(root, name, behaviour, service)
    return images


def _with_actions(scenario: Scenario, actions: tuple[Action, ...]) -> Scenario:
    return replace(scenario, actions=tuple(sorted(actions, key=lambda action: action.time)))


def _check_schema(root: Table) -> None:
    if root.integer("schema", 1) != 1:
        root.fail("schema", "Only `schema = 1` is known.")


def _behaviour(table: Table) -> Behaviour:
    behaviour = Behaviour(
        pull=table.choice("pull", _PULLS, "ok"),  # type: ignore[arg-type]
        reason=table.string("reason", ""),
        pull_seconds=table.number("pull_seconds", 9.0),
        run=table.choice("run", _RUNS, "healthy"),  # type: ignore[arg-type]
        exit_code=table.integer("exit_code", 1),
        after=table.optional_number("after"),
        healthy_after=table.optional_number("healthy_after"),
        fails=table.integer("fails", 0),
        logs=table.strings("logs"),
        commands={command: _command(each) for command, each in table.table("commands").members()},
    )
    table.done()
    return behaviour


def _command(table: Table) -> Behaviour:
    """What a task does that RunTask starts with this command. It exits 0 unless the table says otherwise."""
    behaviour = Behaviour(
        run=table.choice("run", _COMMANDED, "exit"),  # type: ignore[arg-type]
        exit_code=table.integer("exit_code", 0),
        after=table.number("after", 0.0),
        logs=table.strings("logs"),
    )
    table.done()
    return behaviour


def _fault(table: Table) -> ApiFault:
    fault = ApiFault(
        operation=table.choice("operation", (*model_of("ecs").operation_names, *_NEIGHBOURS)),
        error=table.string("error"),
        times=table.integer("times", 1),
        after=table.integer("after", 0),
        start=table.optional_number("from"),
        until=table.optional_number("until"),
        delay=table.number("delay", 0.0),
    )
    if fault.error == "delay" and not fault.delay:
        table.fail("error", 'A fault with `error = "delay"` needs `delay`, in seconds.')
    table.done()
    return fault


def _action(table: Table, services: tuple[ServiceSpec, ...]) -> Action:
    do = table.choice("do", _ACTIONS)
    action = Action(
        time=table.number("time"),
        do=do,  # type: ignore[arg-type]
        cluster=table.string("cluster", services[0].cluster),
        service=table.string("service", services[0].name),
        image=table.string("image") if do == "deploy" else None,
        desired=table.integer("desired") if do == "scale" else None,
        tasks=table.integer("tasks") if do in _COUNT_TASKS else 0,
        signal=table.choice("signal", ("INT", "TERM")) if do == "signal" else None,
        alarm=table.string("alarm") if do in ("alarm", "ok") else None,
    )
    if (action.cluster, action.service) not in {(s.cluster, s.name) for s in services}:
        table.fail("service", f"There is no service `{action.service}` in a cluster `{action.cluster}`.")
    table.done()
    return action


def _answers(table: Table) -> tuple[str, ...]:
    """The answers of a hook's function, one for each call. An empty text is an answer without `hookStatus`."""
    returns = table.strings("returns")
    for answer in returns:
        if answer not in _ANSWERS:
            table.fail("returns", f"A hook cannot return {answer!r}; {closest(answer, _ANSWERS)}")
    if not returns:
        table.fail("returns", "A hook needs `returns`, with one answer at least.")
    table.done()
    return returns


def _limits(table: Table) -> Limits:
    limits = Limits(
        throttle=table.flag("throttle", False),
        read_lag=table.number("read_lag", 0.0),
        capacity_tasks=table.integer("capacity_tasks", 0),
        latency_ms=table.number("latency_ms", 0.0),
    )
    table.done()
    return limits


def _deploy(table: Table) -> tuple[str, ...]:
    args = table.strings("args")
    table.done()
    return args


def _by_service(table: Table, key: str) -> Mapping[str, str] | None:
    """A text for each service that is named."""
    if key not in table:
        return None
    named = table.raw(key)
    for name, text in named.items():
        if not isinstance(text, str):
            table.fail(key, f"`{key}` must have a text for `{name}`.")
    return named


def _expect(table: Table) -> Expect:
    expect = Expect(
        exit_code=table.integer("exit_code") if "exit_code" in table else None,
        status=table.choice("status", _STATUSES) if "status" in table else None,
        cause=table.string("cause") if "cause" in table else None,
        final_image=table.string("final_image") if "final_image" in table else None,
        statuses=_by_service(table, "statuses"),
        final_images=_by_service(table, "final_images"),
        revisions_registered=table.integer("revisions_registered") if "revisions_registered" in table else None,
        deployments_started=table.integer("deployments_started") if "deployments_started" in table else None,
        min_healthy=table.integer("min_healthy") if "min_healthy" in table else None,
        stdout_has=table.strings("stdout_has"),
        stdout_lacks=table.strings("stdout_lacks"),
        stderr_has=table.strings("stderr_has"),
        stderr_lacks=table.strings("stderr_lacks"),
    )
    table.known(
        "exit_code",
        "status",
        "cause",
        "final_image",
        "statuses",
        "final_images",
        "revisions_registered",
        "deployments_started",
        "min_healthy",
    )
    table.done()
    return expect
