"""A control plane in memory that does what it is told to, and a listener.

It is a script, and no simulator: a test says what each look finds (`courses`), what each call raises (`fail`) and what
others do in between (`meanwhile`). It may hold what has been written, so that a later read shows it, and count calls.
It decides nothing that ECS decides: it starts no task, counts no failure, and no deployment moves by itself. What needs
that is played in the simulator (`ecsdeploy.sim`), or in the foreign world where the simulator must not be the judge.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from ecsdeploy.errors import NoSuchResource, UsageError
from ecsdeploy.model.arn import ServiceRef, revision_name, split_revision
from ecsdeploy.model.balancer import GroupHealth, HealthCheck, TargetHealth
from ecsdeploy.model.events import Event, Record
from ecsdeploy.model.execution import ExecSession, Picked, Reach
from ecsdeploy.model.express import Express
from ecsdeploy.model.logs import LogEvent, LogSource
from ecsdeploy.model.service import Launched, PastDeployment, Service, ServiceDeployment, Task
from ecsdeploy.model.steps import CreateService, PointService, RunTask, UpdateExpress
from ecsdeploy.model.surroundings import ScalingLimits
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.timetables import Start
from tests.clock import StoppedClock
from tests.unit.engine.codedeployed import ScriptedCodeDeploy
from tests.unit.engine.happenings import Happening, started
from tests.unit.engine.neighbours import Neighbours
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import old, service_with

T = TypeVar("T")
ALWAYS = 10_000
_WRITES = ("register", "update_service", "run_task", "stop_task", "deregister", "codedeploy.create", "codedeploy.stop")


@dataclass(slots=True)
class Listener:
    """Keeps all that was told."""

    records: list[Record] = field(default_factory=list)

    def emit(self, record: Record) -> None:
        self.records.append(record)

    @property
    def events(self) -> list[Event]:
        return [each.event for each in self.records]

    def of(self, kind: type[T]) -> list[T]:
        return [each for each in self.events if isinstance(each, kind)]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a call raises; with `applied` it has its effect all the same."""

    error: BaseException
    applied: bool
    takes: float


def _given(asked: int | None, before: T) -> int | T:
    return before if asked is None else asked


@dataclass(slots=True)
class ScriptedPlane:
    """The service `web` on revision 1. Each update has a course: what each later look at the service finds."""

    clock: StoppedClock = field(default_factory=StoppedClock)
    now: Service = field(default_factory=lambda: service_with(old(status="PRIMARY")))
    store: dict[str, TaskDefinition] = field(default_factory=dict)
    courses: list[list[Happening]] = field(default_factory=list)
    stopped: tuple[Task, ...] = ()
    running: tuple[Task, ...] = ()
    protected: tuple[datetime, ...] = ()
    targets_now: dict[str, str] = field(default_factory=dict)
    one_off: list[Task] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    written: list[tuple[LogEvent, ...]] = field(default_factory=list)
    """What each look at the logs of a one-off task finds."""
    group: GroupHealth = field(default_factory=GroupHealth)
    others: tuple[Service, ...] = ()
    """What else is in the cluster."""
    unanswered: dict[str, str] = field(default_factory=dict)
    """Of which services, by ARN, a list of them says nothing but this reason."""
    in_use: dict[str, str] = field(default_factory=dict)
    timetable: tuple[Start, ...] = ()
    """What rules and schedules start."""
    clusters_there: tuple[str, ...] = ("arn:aws:ecs:eu-west-1:111122223333:cluster/prod",)
    past: tuple[PastDeployment, ...] = ()
    took: tuple[float, ...] = ()
    surroundings: Neighbours = field(default_factory=Neighbours)
    deployed: ServiceDeployment | None = None
    calls: list[str] = field(default_factory=list)
    asked_tasks: list[str] = field(default_factory=list)
    """Whose tasks were asked for."""
    updates: list[tuple[PointService, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    meanwhile: dict[str, Happening] = field(default_factory=dict)
    """What somebody else does to the service just before the next call of that name."""
    replies: list[Happening] = field(default_factory=list)
    """How the replies to the next updates show the service: other than it is, where a cache or a race is in between."""
    unusable: str = ""
    """What is wrong with every definition."""
    ahead: timedelta | None = timedelta()
    """By how much AWS's clock is ahead of ours; None where replies have no date."""
    lag: int = 0
    """So many looks after an update still show the service as it was before."""
    _before: Service | None = None
    _course: list[Happening] = field(default_factory=list)
    _faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))

    codedeploy: ScriptedCodeDeploy = field(init=False)

    def __post_init__(self) -> None:
        self.codedeploy = ScriptedCodeDeploy(self)
        if not self.store:
            self.keep(definition_of(container("app", "acme/app:1")))

    def keep(self, definition: TaskDefinition) -> TaskDefinition:
        self.store[definition.arn] = definition
        return definition

    def fail(
        self,
        call: str,
        error: BaseException,
        *,
        times: int = 1,
        applied: bool = False,
        takes: float = 0,
        after: int = 0,
    ) -> None:
        """The next calls of that name raise, once `after` calls of it went well."""
        fine = [Fault(NothingWrong(), applied=True, takes=0)] * after
        self._faults[call] += fine + [Fault(error, applied, takes)] * times

    def happen(self, *course: Happening) -> None:
        """What the looks after the first one find, before anything is written."""
        self._course = [lambda now: now, *course]

    def made(self, call: str) -> int:
        """How often a call was made."""
        return self.calls.count(call)

    @property
    def writes(self) -> list[str]:
        return [each for each in self.calls if each in _WRITES]

    def do(self, call: str, act: Callable[[], T]) -> T:
        self.calls.append(call)
        if call in self.meanwhile:
            self.now = self.meanwhile.pop(call)(self.now)
        fault = self._faults[call].pop(0) if self._faults[call] else None
        if fault is None or isinstance(fault.error, NothingWrong):
            return act()
        self.clock.sleep(fault.takes)
        if fault.applied:
            act()
        raise fault.error

    def service(self, ref: ServiceRef) -> Service:
        return self.do("service", lambda: self._look(ref))

    def _look(self, ref: ServiceRef) -> Service:
        _is_ours(ref)
        if self.lag and self._before:
            self.lag -= 1
            return self._before
        if self._course:
            self.now = self._course.pop(0)(self.now)
        return self.now

    def told_at(self) -> datetime | None:
        """AWS's clock may differ from ours."""
        return self.clock.now() + self.ahead if self.ahead is not None else None

    def services_page(self, cluster: str, token: str = "") -> tuple[tuple[str, ...], str]:
        listed, first = [each.arn for each in (self.now, *self.others)], int(token or 0)
        page = tuple(listed[first : first + 100]), str(first + 100) if first + 100 < len(listed) else ""
        return self.do("services_page", lambda: page)

    def services(self, cluster: str, arns: Sequence[str]) -> tuple[tuple[Service, ...], dict[str, str]]:
        there = [each for each in (self.now, *self.others) if each.arn in arns and each.arn not in self.unanswered]
        reasons = {arn: reason for arn, reason in self.unanswered.items() if arn in arns}
        return self.do("services", lambda: (tuple(there), reasons))

    def active_cluster(self, cluster: str) -> str:
        return self.do("active_cluster", lambda: self.clusters_there[0])

    def definition(self, name: str, *, tags: bool = False) -> TaskDefinition:
        return self.do("definition", lambda: self._described(name, tags=tags))

    named_definition = definition

    def _described(self, name: str, *, tags: bool) -> TaskDefinition:
        numbered = next((arn for arn in self.store if revision_name(arn) == name), "")
        arn = name if name in self.store else numbered or next(iter(self._revisions(name)), "")
        if not arn:
            raise NoSuchResource(f"No task definition {name}.")
        found = self.store[arn]
        return found if tags else replace(found, tags=())

    def revisions(self, family: str) -> tuple[str, ...]:
        return self.do("revisions", lambda: self._revisions(family))

    def _revisions(self, family: str) -> tuple[str, ...]:
        found = [arn for arn in self.store if split_revision(arn)[0] == family and arn not in self.gone]
        return tuple(sorted(found, key=lambda arn: -(split_revision(arn)[1] or 0)))

    def service_deployment(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        return self.do("service_deployment", lambda: self._recorded(ref, deployment_id))

    def _recorded(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        _is_ours(ref)
        assert deployment_id
        return self.deployed

    def service_deployments(self, ref: ServiceRef, newest: int) -> tuple[ServiceDeployment, ...]:
        _is_ours(ref)
        return self.do("service_deployments", lambda: (self.deployed,) if self.deployed else ())

    def history(self, ref: ServiceRef) -> tuple[PastDeployment, ...]:
        _is_ours(ref)
        return self.do("history", lambda: self.past[:20])

    def history_page(
        self, ref: ServiceRef, token: str = "", *, most: int = 20, statuses: Sequence[str] = ()
    ) -> tuple[tuple[PastDeployment, ...], str]:
        assert (most, statuses) == (20, ())
        _is_ours(ref)
        first = int(token or 0)
        more = str(first + 20) if len(self.past) > first + 20 else ""
        return self.do("history", lambda: (self.past[first : first + 20], more))

    def durations(self, ref: ServiceRef) -> tuple[float, ...]:
        _is_ours(ref)
        return self.do("durations", lambda: self.took)

    def tasks_started_by(self, ref: ServiceRef, deployment_id: str, *, stopped: bool) -> tuple[Task, ...]:
        _is_ours(ref)
        assert deployment_id
        self.asked_tasks.append(deployment_id)
        return self.do("tasks_started_by", lambda: self.stopped if stopped else self.running)

    def protected_until(self, ref: ServiceRef, deployment_id: str) -> tuple[datetime, ...]:
        _is_ours(ref)
        assert deployment_id
        return self.do("protected_until", lambda: self.protected)

    def tasks(self, cluster: str, arns: Sequence[str]) -> tuple[Task, ...]:
        return self.do("tasks", lambda: (replace(self.one_off.pop(0), arn=arns[0]),) if self.one_off else ())

    def clusters(self) -> tuple[str, ...]:
        return self.do("clusters", lambda: self.clusters_there)

    def starts(self, clusters: Sequence[str], family: str) -> tuple[Start, ...]:
        assert (tuple(clusters), bool(family)) == (self.clusters_there, True)
        return self.do("starts", lambda: self.timetable)

    def revisions_in_use(self, cluster: str, family: str) -> dict[str, str]:
        assert (cluster in self.clusters_there, bool(family)) == (True, True)
        return self.do("revisions_in_use", lambda: dict(self.in_use))

    def target_health(self, group: str) -> Mapping[str, str]:
        assert group in self.now.target_groups
        return self.do("target_health", lambda: dict(self.targets_now))

    def targets(self, group: str) -> tuple[TargetHealth, ...]:
        return self.do("targets", lambda: self.group.targets)

    def health_check(self, group: str) -> HealthCheck | None:
        return self.do("health_check", lambda: self.group.check)

    def log_tail(self, group: str, stream: str, lines: int, *, region: str = "") -> tuple[str, ...]:
        return self.do("log_tail", lambda: self.lines.pop(0) if self.lines else ())

    def log_page(self, source: LogSource, since: datetime, token: str = "") -> tuple[tuple[LogEvent, ...], str]:
        return self.do("log_page", lambda: (self.written.pop(0) if self.written else (), ""))

    def action_log_groups(self, cluster_arn: str) -> tuple[str, ...]:
        raise NotImplementedError

    def tasks_of_service(self, ref: ServiceRef, *, stopped: bool) -> tuple[Task, ...]:
        raise NotImplementedError

    def refuse_unusable(self, definition: TaskDefinition) -> None:
        if self.unusable:
            raise UsageError(self.unusable)

    def unknown_members(self, definition: TaskDefinition) -> tuple[str, ...]:
        return ()

    def register(self, definition: TaskDefinition) -> TaskDefinition:
        return self.do("register", lambda: self._register(definition))

    def _register(self, definition: TaskDefinition) -> TaskDefinition:
        numbers = [split_revision(arn)[1] or 0 for arn in self.store if split_revision(arn)[0] == definition.family]
        number = max(numbers, default=0) + 1
        arn = f"arn:aws:ecs:eu-west-1:111122223333:task-definition/{definition.family}:{number}"
        added = {"taskDefinitionArn": arn, "revision": number, "status": "ACTIVE", "volumes": []}
        return self.keep(TaskDefinition(payload=added | definition.registration(), tags=definition.tags))

    def refuse_unusable_service(self, members: Mapping[str, object]) -> tuple[str, ...]:
        raise NotImplementedError

    def create_service(self, step: CreateService, revision: str, token: str) -> Service:
        raise NotImplementedError

    def reach(self, cluster: str, task: str) -> Reach:
        raise NotImplementedError

    def open_session(self, cluster: str, picked: Picked) -> ExecSession:
        raise NotImplementedError

    def express(self, arn: str) -> Express:
        raise NotImplementedError

    def update_express(self, step: UpdateExpress, revision: str) -> str:
        raise NotImplementedError

    def move_start(self, start: Start, revision: str) -> bool:
        raise NotImplementedError

    def move_scaling_limits(self, ref: ServiceRef, before: ScalingLimits, after: ScalingLimits) -> None:
        """No service of this world is scaled."""

    def update_service(self, step: PointService, revision: str) -> Service:
        return self.do("update_service", lambda: self._update(step, revision))

    def _update(self, step: PointService, revision: str) -> Service:
        _is_ours(step.service)
        self.updates.append((step, revision))
        self._before = self.now
        now, sizing = self.now, step.sizing
        self.now = replace(
            now,
            desired=_given(sizing.desired_count, now.desired),
            minimum_healthy_percent=_given(sizing.minimum_healthy_percent, now.minimum_healthy_percent),
            maximum_percent=_given(sizing.maximum_percent, now.maximum_percent),
        )
        if step.force or (revision and revision != self.now.task_definition):
            self._course = list(self.courses.pop(0)) if self.courses else []
            identifier = f"ecs-svc/{len(self.updates)}000000000000000000"
            self.now = started(identifier, revision)(self.now)
        return self.replies.pop(0)(self.now) if self.replies else self.now

    def stop_deployment(self, service_deployment: str) -> None:
        assert service_deployment
        self.do("stop_deployment", lambda: None)

    def continue_deployment(self, service_deployment: str, hook: str, *, rollback: bool) -> None:
        self.do("continue_deployment", lambda: None)

    def run_task(self, step: RunTask, revision: str, token: str) -> Launched:
        self.tokens.append(token)
        return self.do("run_task", lambda: Launched(tasks=(self.one_off.pop(0),)))

    def stop_task(self, cluster: str, task: str, reason: str) -> None:
        self.do("stop_task", lambda: self.gone.append(task))

    def deregister(self, revision: str) -> None:
        self.do("deregister", lambda: self.gone.append(revision))


def _is_ours(ref: ServiceRef) -> None:
    """There is one service: whoever asks for another one, or for none, would read or change somebody else's."""
    assert ref == WEB


class NothingWrong(Exception):
    """No fault: a call that goes well before one that does not."""
