"""Every way a registration without a service ends, with and without a one-off task."""

from dataclasses import replace
from datetime import timedelta

from ecsdeploy.errors import Refused
from ecsdeploy.model.events import Pruned, Registered, SmokeAwaited, SmokeEnded, SmokeSaid, SmokeStarted
from ecsdeploy.model.oneoff import TaskFinished, TaskSaid, TaskStarted, TaskStatus, TaskStopping
from ecsdeploy.model.outcome import Cause, Phase, Status, Verdict
from tests.render.builders import NEW, OLD, OUTCOME, PLANNED, PROD, START, Story, Timeline, ends, fails

JOB = "arn:aws:ecs:eu-west-1:111122223333:task/prod/1f0c2b3d4e5f60718293a4b5c6d7e8f9"
NOWHERE = replace(PROD, service="")
REGISTER = replace(PLANNED, place=NOWHERE, steps=("register",))
RUN = replace(PLANNED, place=NOWHERE, steps=("register", "run"))
NO_DEPLOYMENT = replace(OUTCOME, place=NOWHERE, deployment_id="", service_deployment_arn="")
RAN = replace(NO_DEPLOYMENT, task_arn=JOB)

TASK_SUCCEEDED = Verdict(status=Status.SUCCEEDED, phase=Phase.TASK)
BROKEN = Cause(
    code="E-CONTAINER-EXIT",
    summary='container "app" exits 3',
    container="app",
    evidence=("task 1f0c2b3d", "EssentialContainerExited", "exit code 3"),
    log=("migration 0042 failed",),
    log_group="/ecs/web",
    log_stream="app/app/1f0c2b3d",
    remedy="Read the log lines.",
    tasks=1,
    of=1,
)

STARTED: Timeline = ((0, RUN), (1, Registered(revision=NEW)), (2, TaskStarted(task=JOB)))
WAITED: Timeline = (
    *STARTED,
    (2, TaskStatus(task=JOB, status="PROVISIONING")),
    (12, TaskStatus(task=JOB, status="PENDING")),
    (22, TaskStatus(task=JOB, status="PENDING")),
    (32, TaskStatus(task=JOB, status="RUNNING")),
)
REGISTERED: Timeline = (
    (0, REGISTER),
    (1, Registered(revision=NEW)),
    *ends(1, Verdict(status=Status.SUCCEEDED, phase=Phase.REGISTERED), NO_DEPLOYMENT),
)
REGISTERED_PRUNED: Timeline = (*REGISTERED[:-1], (1, Pruned(revision=OLD)), REGISTERED[-1])
SAID = TaskSaid(
    task=JOB.rpartition("/")[2], container="app", at=START + timedelta(seconds=33), message="Applying orders.0007... OK"
)
SUCCEEDED: Timeline = (*WAITED, (36, SAID), (42, TaskFinished(task=JOB, exit_code=0)), *ends(42, TASK_SUCCEEDED, RAN))
NOT_WAITED: Timeline = (*STARTED, *ends(12, TASK_SUCCEEDED, RAN))
ENDED_AT_ONCE: Timeline = (*STARTED, (12, TaskFinished(task=JOB, exit_code=0)), *ends(12, TASK_SUCCEEDED, RAN))
FAILED: Timeline = (
    *WAITED,
    (42, TaskFinished(task=JOB, exit_code=3)),
    *ends(44, Verdict(status=Status.FAILED, phase=Phase.TASK), replace(RAN, causes=(BROKEN,))),
)
NEVER_RAN: Timeline = (
    *WAITED[:4],
    (12, TaskFinished(task=JOB, exit_code=None)),
    *ends(12, Verdict(status=Status.FAILED, phase=Phase.TASK, reason="CannotPullContainerError: not found"), RAN),
)
TIMED_OUT: Timeline = (*WAITED, *ends(92, Verdict(status=Status.TIMED_OUT, phase=Phase.TASK, limit_seconds=90), RAN))
ONLY_RUN = replace(RUN, steps=("run",))
STOPPED: Timeline = (
    (0, ONLY_RUN),
    *WAITED[2:],
    (36, SAID),
    (40, TaskStopping(task=JOB)),
    *ends(40, Verdict(status=Status.INTERRUPTED, phase=Phase.STOPPING), replace(RAN, to_revision=OLD)),
)
SMOKE_FAILED: Timeline = (
    *STARTED[:2],
    (20, SmokeStarted(program="./smoke", url="http://web-1.elb.example.com:8080/")),
    (21, SmokeSaid(message="GET /checkout: 500")),
    (22, SmokeEnded(exit_code=3)),
    (23, SmokeStarted(program="./smoke")),
    (53, SmokeAwaited(seconds=30)),
    (83, SmokeEnded(why="it took longer than 60 s")),
    *ends(84, TASK_SUCCEEDED, RAN),
)
SECOND = JOB.replace("1f0c", "2e1d")
BOTH_SUCCEEDED: Timeline = (
    (0, ONLY_RUN),
    (2, TaskStarted(task=JOB)),
    (2, TaskStarted(task=SECOND)),
    (9, TaskFinished(task=SECOND, exit_code=0)),
    (12, TaskFinished(task=JOB, exit_code=0)),
    *ends(14, TASK_SUCCEEDED, replace(RAN, to_revision=OLD)),
)
NOT_PLACED: Timeline = (
    *STARTED[:2],
    *fails(
        2,
        Refused("The task could not be placed: RESOURCE:CPU."),
        replace(NO_DEPLOYMENT, verdict=Verdict(status=Status.REFUSED, phase=Phase.TASK)),
    ),
)

TASK_STORIES = {
    "register": Story(timeline=REGISTERED, about=None),
    "register-flags": Story(timeline=REGISTERED_PRUNED, about=None, form="flags"),
    "run": Story(timeline=SUCCEEDED, about=None),
    "run-flags": Story(timeline=SUCCEEDED, about=None, form="flags"),
    "run-json": Story(timeline=SUCCEEDED, about=None, output="json"),
    "run-not-waited": Story(timeline=NOT_WAITED, about=None),
    "run-not-waited-flags": Story(timeline=NOT_WAITED, about=None, form="flags"),
    "run-ended-at-once-flags": Story(timeline=ENDED_AT_ONCE, about=None, form="flags"),
    "run-failed": Story(timeline=FAILED, about=None),
    "run-failed-flags": Story(timeline=FAILED, about=None, form="flags"),
    "run-never-ran-flags": Story(timeline=NEVER_RAN, about=None, form="flags"),
    "run-stopped": Story(timeline=STOPPED, about=None),
    "smoke": Story(timeline=SMOKE_FAILED, about=None),
    "smoke-json": Story(timeline=SMOKE_FAILED, about=None, output="json"),
    "smoke-flags": Story(timeline=SMOKE_FAILED, about=None, form="flags"),
    "run-both": Story(timeline=BOTH_SUCCEEDED, about=None),
    "run-timed-out": Story(timeline=TIMED_OUT, about=None),
    "run-timed-out-flags": Story(timeline=TIMED_OUT, about=None, form="flags"),
    "run-not-placed-flags": Story(timeline=NOT_PLACED, about=None, form="flags"),
}
