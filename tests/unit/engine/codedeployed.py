"""CodeDeploy in memory: a deployment goes the way that a test gives it, one step at each look."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol, TypeVar

from ecsdeploy.errors import AwsRefused
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.codedeploy import CodeDeployment, EcsTarget, LifecycleEvent, Route, TaskSet
from ecsdeploy.model.service import Deployment, Service
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.plan.codedeploy import revision_in
from tests.unit.plan.builders import WEB
from tests.unit.rollout.builders import NOON, old, service_with

T = TypeVar("T")
Course = Callable[["ScriptedCodeDeploy", str], None]
ROUTE = Route(application="AppECS-prod-web", group="DgpECS-prod-web", wait_seconds=300)
GREEN = "ecs-svc/2000000000000000002"


class World(Protocol):
    """What a scripted plane lends: its service, its counted calls and their faults."""

    now: Service

    def do(self, call: str, act: Callable[[], T]) -> T: ...


@dataclass(slots=True)
class ScriptedCodeDeploy:
    """One deployment group. Each deployment that is created has a course: what each later look at it finds."""

    world: World
    groups: tuple[Route, ...] = (ROUTE,)
    there: dict[str, CodeDeployment] = field(default_factory=dict)
    appspecs: dict[str, str] = field(default_factory=dict)
    courses: list[list[Course]] = field(default_factory=list)
    on_stop: list[Course] = field(default_factory=list)
    shown: EcsTarget | None = None
    created: list[str] = field(default_factory=list)
    unlisted: int = 0
    """So many lists do not show the newest deployment yet."""
    _course: list[Course] = field(default_factory=list)
    _last: str = ""

    def under_way(self, *course: Course) -> None:
        """What the looks at a deployment find that nobody here has created."""
        self._course = list(course)

    def routes(self, ref: ServiceRef) -> tuple[Route, ...]:
        assert ref == WEB
        return self.world.do("codedeploy.routes", lambda: tuple(map(self._as_it_is, self.groups)))

    def _as_it_is(self, route: Route) -> Route:
        if not self.there:
            return route
        newest = max(self.there.values(), key=lambda each: each.created_at or NOON)
        good = [each.id for each in self.there.values() if each.status == "Succeeded"]
        return replace(
            route,
            newest=newest.id,
            newest_status=newest.status,
            newest_at=newest.created_at,
            newest_good=good[-1] if good else "",
        )

    def deployment(self, identifier: str) -> CodeDeployment:
        return self.world.do("codedeploy.deployment", lambda: self._look(identifier))

    def _look(self, identifier: str) -> CodeDeployment:
        """A rollback that is read together with what it rolls back is part of the same look."""
        origin, before = self.there[identifier].rolls_back, self._last
        self._last = identifier
        if self._course and (not origin or before != origin):
            self._course.pop(0)(self, origin or identifier)
        return self.there[identifier]

    def target(self, ref: ServiceRef, identifier: str) -> EcsTarget | None:
        return self.world.do("codedeploy.target", lambda: self.shown)

    def appspec(self, of: CodeDeployment) -> str:
        return self.world.do("codedeploy.appspec", lambda: self.appspecs[of.appspec_hash])

    def deployments(self, route: Route, since: datetime | None = None) -> tuple[CodeDeployment, ...]:
        return self.world.do("codedeploy.deployments", self._listed)

    def deployments_page(self, route: Route, token: str = "") -> tuple[tuple[CodeDeployment, ...], str]:
        return self.world.do("codedeploy.deployments", lambda: self._page(int(token or 0)))

    def _page(self, start: int) -> tuple[tuple[CodeDeployment, ...], str]:
        """A hundred a page, as AWS gives them."""
        listed = self._listed()
        return listed[start : start + 100], str(start + 100) if len(listed) > start + 100 else ""

    def _listed(self) -> tuple[CodeDeployment, ...]:
        self.unlisted -= 1
        newest = tuple(reversed(self.there.values()))
        return newest[1:] if self.unlisted >= 0 else newest

    def create(self, route: Route, appspec: str, description: str) -> str:
        return self.world.do("codedeploy.create", lambda: self._create(route, appspec))

    def _create(self, route: Route, appspec: str) -> str:
        self.created.append(appspec)
        self._course = list(self.courses.pop(0)) if self.courses else []
        return self.keep(appspec)

    def keep(self, appspec: str, status: str = "Created", *, creator: str = "user") -> str:
        """A deployment of this AppSpec, newer than the others."""
        identifier = f"d-{len(self.there) + 1}"
        wanted = sha256(appspec.encode()).hexdigest()
        self.appspecs[wanted] = appspec
        self.there[identifier] = CodeDeployment(
            id=identifier,
            status=status,
            application=ROUTE.application,
            group=ROUTE.group,
            creator=creator,
            appspec_hash=wanted,
            created_at=NOON + timedelta(seconds=len(self.there)),
        )
        return identifier

    def stop(self, identifier: str) -> None:
        self.world.do("codedeploy.stop", lambda: self._stop(identifier))

    def _stop(self, identifier: str) -> None:
        if self.there[identifier].ended:
            raise AwsRefused("It has ended.")
        self._course = list(self.on_stop) or [stops, rolls_back, is_back]

    def change(self, identifier: str, **members: object) -> None:
        self.there[identifier] = replace(self.there[identifier], **members)  # type: ignore[arg-type]


def under_code_deploy() -> Service:
    """The service `web`, which CodeDeploy deploys."""
    settings = ServiceSettings(balanced=(Balanced(container="app", port=8080),))
    return replace(service_with(old("", status="PRIMARY")), controller="CODE_DEPLOY", settings=settings)


def begins(there: ScriptedCodeDeploy, identifier: str) -> None:
    """Tasks of the new version start."""
    there.change(identifier, status="InProgress")
    there.shown = target(("Install", "InProgress"), running=1)


def shifts(there: ScriptedCodeDeploy, identifier: str) -> None:
    """All run, and a tenth of the traffic comes to them."""
    there.shown = target(("Install", "Succeeded"), ("AllowTraffic", "InProgress"), running=2, weight=10)
    _green(there, "ACTIVE")


def waits(there: ScriptedCodeDeploy, identifier: str) -> None:
    """All of the traffic comes to the new version; the old one is kept for a while."""
    there.change(identifier, awaits_termination=True)
    there.shown = target(("Install", "Succeeded"), ("AllowTraffic", "Succeeded"), running=2, weight=100)
    _green(there, "PRIMARY")


def succeeds(there: ScriptedCodeDeploy, identifier: str) -> None:
    waits(there, identifier)
    there.change(identifier, status="Succeeded")


def fails(there: ScriptedCodeDeploy, identifier: str) -> None:
    there.change(identifier, status="Failed", error_code="TIMEOUT", error_message="It timed out.")


def stops(there: ScriptedCodeDeploy, identifier: str) -> None:
    there.change(identifier, status="Stopped", error_code="MANUAL_STOP", error_message="Stopped by a user.")


def rolls_back(there: ScriptedCodeDeploy, identifier: str) -> None:
    """CodeDeploy makes a deployment of its own for that."""
    back = there.keep("{}", "InProgress", creator="codeDeployRollback")
    there.change(back, rolls_back=identifier)
    there.change(identifier, rollback_id=back)


def is_back(there: ScriptedCodeDeploy, identifier: str) -> None:
    there.change(there.there[identifier].rollback_id or identifier, status="Succeeded")
    before = tuple(each for each in there.world.now.deployments if each.id != GREEN)
    there.world.now = replace(
        there.world.now,
        deployments=tuple(replace(each, status="PRIMARY") for each in before),
        task_definition=before[0].task_definition,
    )


def cannot_go_back(there: ScriptedCodeDeploy, identifier: str) -> None:
    there.change(there.there[identifier].rollback_id, status="Failed")


def target(*events: tuple[str, str], running: int = 0, weight: float = 0) -> EcsTarget:
    """Blue with two tasks, green with those that run."""
    return EcsTarget(
        events=tuple(LifecycleEvent(name=name, status=status) for name, status in events),
        task_sets=(
            TaskSet(id="ecs-svc/1000000000000000001", label="Blue", desired=2, running=2, weight=100 - weight),
            TaskSet(id=GREEN, label="Green", desired=2, running=running, pending=2 - running, weight=weight),
        ),
    )


def _green(there: ScriptedCodeDeploy, status: str) -> None:
    """ECS shows the new task set; whichever has all of the traffic is primary."""
    service = there.world.now
    revision = revision_in(there.created[-1])
    others = tuple(
        replace(each, status="ACTIVE" if status == "PRIMARY" else "PRIMARY")
        for each in service.deployments
        if each.id != GREEN
    )
    green = Deployment(id=GREEN, status=status, task_definition=revision, desired=2, running=2)
    in_use = revision if status == "PRIMARY" else others[0].task_definition
    there.world.now = replace(service, deployments=(green, *others), task_definition=in_use)
