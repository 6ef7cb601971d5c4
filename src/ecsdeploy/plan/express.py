"""Plans a release to a service that Express mode manages: what its update can carry, and what it is sent.

UpdateExpressGatewayService takes either its own members, of which ECS makes a revision, or the ARN of a task definition
of the user's own. We send its own members if the definition in use has nothing but what Express mode sets itself, so
that nothing can be lost; else a revision that we register, which Express mode uses as it is.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateExpressGatewayService.html and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.express import Express
from ecsdeploy.model.request import DeployRequest, FromFile, Sizing
from ecsdeploy.model.service import Service
from ecsdeploy.model.steps import Finding, Plan, PointService, Register, RunTask, UpdateExpress
from ecsdeploy.model.taskdef import OUTPUT_ONLY, ContainerDefinition, TaskDefinition, as_kept, part
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.sentences import found
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.kept import plain

Json = Mapping[str, object]

MAIN = "Main"
"""The container that Express mode sends requests to."""
_OF_TASK = ("cpu", "memory", "executionRoleArn", "taskRoleArn")
_OF_MAIN = ("image", "command", "environment", "secrets", "repositoryCredentials")
_EMPTY: Json = {"command": [], "environment": [], "secrets": []}
_SET_BY_EXPRESS = frozenset(
    {
        "networkMode",
        "requiresCompatibilities",
        "runtimePlatform",
        *(f"{MAIN}.{name}" for name in ("logConfiguration", "linuxParameters", "portMappings", "stopTimeout")),
    }
)
"""What Express mode sets in a definition of its own, beside what its update takes.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html
"""


def as_express(plan: Plan, request: DeployRequest, service: Service, facts: Facts, express: Express) -> Plan:
    """The plan of a release through Express mode. A forced deployment of what runs is ECS's own, and stays as it is."""
    start = plan.steps[-1]
    if not isinstance(start, PointService) or start.keeps(service.task_definition) or _repeats(request):
        return plan
    plan = replace(plan, findings=(*plan.findings, *_refusals(request)))
    running, wanted = facts.running or facts.base, _wanted(plan, facts)
    lost, own = not_carried(running, wanted), own_members(running)
    if own or isinstance(request.base, FromFile) or (lost and request.revision):
        point = UpdateExpress(service=request.service, arn=express.arn, revision=start.revision)
        return replace(plan, steps=(*plan.steps[:-1], point), findings=(*plan.findings, *_unfit(wanted)))
    if lost:
        return replace(plan, findings=(*plan.findings, found("C-EXPRESS-EDIT", *lost)))
    tasks = tuple(each for each in plan.steps if isinstance(each, RunTask))
    if any(not each.revision for each in (*tasks, *filter(None, (plan.after,)))):
        plan = replace(plan, findings=(*plan.findings, found("C-EXPRESS-GATE", service.name)))
    again = PointService(service=request.service, revision=service.task_definition, force=not request.skip_unchanged)
    return replace(plan, steps=(*tasks, update_of(request.service, express, running, wanted) or again))


def _repeats(request: DeployRequest) -> bool:
    return request.force and not request.revision


def _wanted(plan: Plan, facts: Facts) -> TaskDefinition:
    registered = [step.definition for step in plan.steps if isinstance(step, Register)]
    return registered[0] if registered else facts.base


def _refusals(request: DeployRequest) -> Iterator[Finding]:
    """Errors for what Express mode keeps to itself: how many tasks run, and how they are deployed."""
    if request.sent_sizing != Sizing():
        yield found("C-EXPRESS-SIZING", request.service.short_name)


def _unfit(wanted: TaskDefinition) -> Iterator[Finding]:
    """An error if Express mode cannot use a definition of the user's own."""
    main = wanted.container(MAIN)
    ports = main.port_mappings if main else ()
    if len(ports) != 1 or not ports[0].get("name"):
        yield found("C-EXPRESS-MAIN", wanted.family)


def rollback_step(ref: ServiceRef, express: Express, running: TaskDefinition, wanted: TaskDefinition) -> UpdateExpress:
    """The update that puts a service back to the revision `wanted`; `running` is the one that it has."""
    carried = not (own_members(running) or not_carried(running, wanted))
    step = update_of(ref, express, running, wanted) if carried else None
    return step or UpdateExpress(service=ref, arn=express.arn, revision=wanted.arn)


def update_of(
    ref: ServiceRef, express: Express, running: TaskDefinition, wanted: TaskDefinition
) -> UpdateExpress | None:
    """The update with Express mode's own members that makes `wanted` of `running`; None if they are the same.

    The primary container is sent whole: as it stands, with what changes.
    """
    old, new = _carried(running), _carried(wanted)
    if old == new:
        return None
    before, after = _container(running), _container(wanted)
    standing = dict(express.container_of(running.arn)) or before
    container = standing | {name: each for name, each in after.items() if each != before.get(name)}
    members: dict[str, object] = {"primaryContainer": container} if before != after else {}
    members |= {name: new[name] for name in _OF_TASK if new.get(name) != old.get(name)}
    return UpdateExpress(service=ref, arn=express.arn, members=members, definition=wanted)


def is_carried(stored: TaskDefinition, wanted: TaskDefinition) -> bool:
    """Whether a revision that ECS made has what Express mode was to carry of `wanted`."""
    return not differing(stored, wanted)


def differing(stored: TaskDefinition, wanted: TaskDefinition) -> tuple[str, ...]:
    """The members that Express mode was to carry of `wanted`, and that a revision that ECS made has otherwise."""
    made, asked = _carried(stored), _carried(wanted)
    return tuple(sorted(name for name in made.keys() | asked.keys() if made.get(name) != asked.get(name)))


def own_members(definition: TaskDefinition) -> tuple[str, ...]:
    """What the definition has that Express mode does not set itself: an update with its own members might lose it."""
    return tuple(sorted(_rest(definition).keys() - _SET_BY_EXPRESS))


def not_carried(running: TaskDefinition, wanted: TaskDefinition) -> tuple[str, ...]:
    """What differs and Express mode's own members cannot carry. A role can be changed, and not be taken away."""
    before, after = _rest(running), _rest(wanted)
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    old, new = _carried(running), _carried(wanted)
    removed = {name for name, each in old.items() if each and not new.get(name) and name not in _EMPTY}
    return tuple(sorted(differing | removed))


def _carried(definition: TaskDefinition) -> dict[str, object]:
    """What UpdateExpressGatewayService takes of a definition."""
    of_task = {name: as_kept(name, definition.payload.get(name)) or "" for name in _OF_TASK}
    return of_task | _container(definition)


def _container(definition: TaskDefinition) -> dict[str, object]:
    """The primary container in Express mode's words. Lists are sent even if they are empty: so they empty what stands.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExpressGatewayContainer.html
    """
    main = definition.container(MAIN) or ContainerDefinition(payload={})
    said = {name: main.payload.get(name) or _EMPTY.get(name) for name in _OF_MAIN}
    ports = [each.get("containerPort") for each in main.port_mappings]
    said["containerPort"] = ports[0] if len(ports) == 1 else None
    group, prefix = main.log_options.get("awslogs-group"), main.log_options.get("awslogs-stream-prefix")
    if group and prefix:
        said["awsLogsConfiguration"] = {"logGroup": group, "logStreamPrefix": prefix}
    return {name: each for name, each in said.items() if each is not None}


def _rest(definition: TaskDefinition) -> dict[str, object]:
    """What UpdateExpressGatewayService does not take of a definition: by the member's name, without empty ones."""
    payload = plain(definition).payload
    left_out = {*OUTPUT_ONLY, *_OF_TASK, "family", "containerDefinitions", "tags"}
    rest = {name: each for name, each in payload.items() if each and name not in left_out}
    for container in plain(definition).containers:
        if container.name != MAIN:
            rest[f"container {container.name}"] = container.payload
            continue
        kept = {"name", "cpu", *_OF_MAIN}
        members = _without_logs(container)
        rest |= {f"{MAIN}.{name}": each for name, each in members.items() if _filled(each) and name not in kept}
    return rest


def _without_logs(container: ContainerDefinition) -> dict[str, object]:
    """The container's members without the number of its port, and where its logs go: those can be carried."""
    carried = ("awslogs-group", "awslogs-stream-prefix")
    members = dict(container.payload)
    if container.log_options:
        options = {name: each for name, each in container.log_options.items() if name not in carried}
        members["logConfiguration"] = {**part(members, "logConfiguration"), "options": options}
    ports = container.port_mappings
    if len(ports) == 1:
        members["portMappings"] = [{k: v for k, v in ports[0].items() if k not in ("containerPort", "hostPort")}]
    return members


def _filled(member: object) -> bool:
    """Whether a member says anything. ECS shows empty lists for what nobody has set."""
    if isinstance(member, Mapping):
        return any(_filled(each) for each in member.values())
    return bool(member)
