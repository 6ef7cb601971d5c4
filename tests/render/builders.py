"""Values that the stories are told with, and what it takes to render one."""

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from ecsdeploy.errors import EcsDeployError
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.events import (
    Concluded,
    Counts,
    Event,
    Finished,
    Progress,
    Record,
    Registered,
    Said,
    Started,
    TaskRunning,
)
from ecsdeploy.model.outcome import Cause, Outcome, Place, Status, Verdict
from ecsdeploy.model.planned import Planned
from ecsdeploy.render.select import RenderOptions, select

START = datetime(2026, 11, 22, 12, 3, 19, tzinfo=UTC)
OLD = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:141"
NEW = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:142"
WEB = ServiceRef(cluster="prod", name="web")
PROD = Place(cluster="prod", service="web", region="eu-west-1", account="111122223333")

CRASH = Cause(
    code="E-CONTAINER-EXIT",
    summary='container "app" in web:142 exits 1 about 4 s after start',
    container="app",
    evidence=("task 1f0c2b3d", "EssentialContainerExited", "exit code 1", "Essential container in task exited"),
    log=('  File "/app/settings.py", line 31, in <module>', "KeyError: 'DATABASE_URL'"),
    log_group="/ecs/web",
    log_stream="app/app/1f0c2b3d",
    remedy="Read the log lines; try the image with `docker run`.",
    tasks=5,
    of=5,
)
NO_IMAGE = Cause(
    code="E-IMAGE-NOT-FOUND",
    summary="the image acme/web:b82e40d does not exist in its registry",
    container="app",
    evidence=("task 77aa", "TaskFailedToStart", "CannotPullContainerError: acme/web:b82e40d: not found"),
    remedy="Push the image, or correct its name or tag, and deploy again.",
    tasks=3,
    of=3,
)
UNHEALTHY = Cause(
    code="E-TARGET-UNHEALTHY",
    summary="the load balancer's health checks fail",
    container="app",
    evidence=("task 88bb", "Task failed ELB health checks in (target-group web-tg)"),
    remedy="Check the path and the codes that the target group expects.",
    tasks=1,
    of=4,
)

Moment = tuple[float, Event]
"""An event, and the second after the start at which it happens."""
Timeline = tuple[Moment, ...]

PLANNED = Planned(
    place=PROD,
    base=OLD,
    requested="acme/web:b82e40d",
    changes=(ImageChange(container="app", before="acme/web:7f3c9a1", after="acme/web:b82e40d"),),
    steps=("register", "update"),
)
STARTED = Started(
    deployment_id="ecs-svc/8123456789012345678", revision=NEW, desired=10, breaker=True, breaker_rollback=True
)
OUTCOME = Outcome(
    verdict=Verdict(status=Status.SUCCEEDED, serving=NEW),
    place=PROD,
    started_at=START,
    duration_seconds=163,
    from_revision=OLD,
    to_revision=NEW,
    deployment_id=STARTED.deployment_id,
    service_deployment_arn="arn:aws:ecs:eu-west-1:111122223333:service-deployment/prod/web/Kq3x",
    images=(("app", "acme/web:b82e40d"),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A run and how it is rendered."""

    timeline: Timeline
    form: Literal["flags", "commands"] = "commands"
    output: str | None = None
    quiet: bool = False
    dry_run: bool = False
    color: bool = False
    width: int = 100
    simulated: bool = False
    about: ServiceRef | None = WEB

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple(
            Record(seq=number, time=START + timedelta(seconds=second), service=self.about, event=event)
            for number, (second, event) in enumerate(self.timeline, start=1)
        )


@dataclass(frozen=True, slots=True)
class Screen:
    """What a story leaves on both streams."""

    stdout: str
    stderr: str

    def __str__(self) -> str:
        return f"--- stdout\n{self.stdout}--- stderr\n{self.stderr}"


def play(story: Story, encoding: str = "utf-8") -> Screen:
    """Render the whole story into streams of this encoding."""
    raw = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, encoding=encoding, newline="") for each in raw)
    sink = select(
        RenderOptions(
            form=story.form,
            output=story.output,
            stdout=out,
            stderr=err,
            exit_code=exit_code,
            color=story.color,
            quiet=story.quiet,
            dry_run=story.dry_run,
            width=story.width,
            simulated=story.simulated,
        )
    )
    for record in story.records:
        sink.emit(record)
    return Screen(*(each.getvalue().decode(encoding) for each in raw))


def exit_code(outcome: Outcome, error: EcsDeployError | None) -> int:
    """Stands for `cli.exits`: what a renderer shows is what it is told."""
    if error is not None:
        return error.exit_code
    return 0 if outcome.verdict.status is Status.SUCCEEDED else 1


def progress(new: int, old: int, elapsed: float, *, pending: int = 0, failed: int = 0) -> Progress:
    """Ten tasks are desired, and checked."""
    return Progress(
        new=Counts(desired=10, running=new, pending=pending, failed=failed),
        old=Counts(running=old),
        elapsed=elapsed,
        checked=True,
    )


def said(second: float, message: str) -> Moment:
    return second, Said(id=f"event-{second}", at=START + timedelta(seconds=second), message=message)


def ends(second: float, verdict: Verdict, outcome: Outcome = OUTCOME) -> Timeline:
    """The verdict is told, and at once the outcome."""
    whole = replace(outcome, verdict=verdict, duration_seconds=second)
    return ((second, Concluded(verdict=verdict)), (second, Finished(outcome=whole)))


def fails(second: float, error: EcsDeployError, outcome: Outcome) -> Timeline:
    """An error ends the run; the engine makes a verdict of it."""
    return ((second, Finished(outcome=replace(outcome, duration_seconds=second), error=error)),)


WRITTEN: Timeline = ((0, PLANNED), (1, Registered(revision=NEW)), (2, STARTED))
RUNNING: Timeline = (
    *WRITTEN,
    (20, progress(0, 10, 18, pending=4)),
    (39, progress(2, 10, 37, pending=4)),
    (39, TaskRunning()),
)
