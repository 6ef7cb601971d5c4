"""Every way a release to a service ends, as the engine tells it."""

from dataclasses import replace
from datetime import timedelta

from ecsdeploy.errors import AccessDenied, Bug, NoSuchResource
from ecsdeploy.model.events import (
    Concluded,
    Continued,
    Counts,
    Delayed,
    Doomed,
    Finished,
    FoundContact,
    LostContact,
    Monitored,
    Paused,
    Progress,
    Pruned,
    Reconsidered,
    RollingBack,
    Spared,
    TargetCounts,
    TaskRunning,
    Warned,
)
from ecsdeploy.model.judgement import Doom, Rule
from ecsdeploy.model.outcome import Cause, Phase, RollbackReport, Status, Verdict
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.surroundings import AlarmState
from tests.render.builders import (
    CRASH,
    NEW,
    NO_IMAGE,
    OLD,
    OUTCOME,
    PLANNED,
    RUNNING,
    START,
    STARTED,
    UNHEALTHY,
    WRITTEN,
    Story,
    Timeline,
    ends,
    fails,
    progress,
    said,
)
from tests.render.plan_stories import BY_CODE_DEPLOY, COMPARED, DRY_RUN, NOTHING_NEW, SIDECARS

MONITORED = Monitored(
    targets=(TargetCounts(group="web-tg", states=(("draining", 3), ("healthy", 6), ("initial", 1))),),
    alarms=(AlarmState(name="web-5xx", state="OK"), AlarmState(name="web-p99", state="INSUFFICIENT_DATA")),
)
COMPLETED = Verdict(status=Status.SUCCEEDED, serving=NEW)
LATE = Verdict(status=Status.TIMED_OUT, serving=OLD, phase=Phase.STARTING, limit_seconds=90)
SLOW = replace(LATE, phase=Phase.WAITING)
BREAKER = Verdict(
    status=Status.ROLLED_BACK, serving=OLD, reason="ECS deployment circuit breaker: tasks failed to start."
)

SUCCESS: Timeline = (
    *RUNNING,
    (65, MONITORED),
    said(70, "(service web) registered 2 targets in (target-group web-tg)"),
    (132, replace(progress(8, 2, 130), still=True)),
    (160, progress(10, 0, 158)),
    *ends(163, COMPLETED),
)
PRUNED: Timeline = (
    *SUCCESS[:-1],
    (163, Pruned(revision=OLD.replace("141", "130"))),
    (163, Spared(revision=OLD.replace("141", "131"), by="service worker")),
    SUCCESS[-1],
)
ROLLED_BACK_BY_ECS: Timeline = (
    *WRITTEN,
    (20, replace(progress(0, 10, 18, pending=1, failed=2), breaker="2/3")),
    said(98, "(service web) (deployment ecs-svc/8123456789012345678) deployment failed: tasks failed to start."),
    (102, RollingBack(by="ecs", to_revision=OLD, reason="tasks failed to start")),
    (171, progress(0, 10, 169, failed=3)),
    *ends(
        184,
        BREAKER,
        replace(
            OUTCOME,
            causes=(CRASH, replace(UNHEALTHY, of=5)),
            rollback=RollbackReport(by="ecs", to_revision=OLD, status=Status.ROLLED_BACK, running=10, desired=10),
        ),
    ),
)
PAUSE = Paused(
    hook="ecs-pause-0f3a",
    stage="POST_TEST_TRAFFIC_SHIFT",
    service_deployment=OUTCOME.service_deployment_arn,
    expires_at=START + timedelta(hours=24),
    timeout_action="ROLLBACK",
)
PAUSED: Timeline = (
    *RUNNING,
    (64, replace(progress(10, 10, 62), stage="POST_TEST_TRAFFIC_SHIFT")),
    (64, PAUSE),
    (94, replace(progress(10, 10, 92), stage="POST_TEST_TRAFFIC_SHIFT", still=True)),
    (300, replace(progress(10, 10, 298), stage="BAKE_TIME")),
    *ends(420, COMPLETED),
)
LEFT_PAUSED: Timeline = (*PAUSED[:-3], *ends(300, SLOW))
CONTINUED: Timeline = (
    (0, Continued(hook="ecs-pause-0f3a", stage="POST_TEST_TRAFFIC_SHIFT")),
    (1, STARTED),
    (1, TaskRunning()),
    (1, progress(10, 10, 1)),
    (236, replace(progress(10, 10, 235), stage="BAKE_TIME")),
    *ends(356, COMPLETED),
)
TAKEN_BACK: Timeline = (
    (0, Continued(hook="ecs-pause-0f3a", stage="POST_TEST_TRAFFIC_SHIFT", rollback=True)),
    (1, STARTED),
    (1, RollingBack(by="ecs", to_revision=OLD)),
    (40, progress(0, 10, 39)),
    *ends(
        70,
        replace(BREAKER, reason=""),
        replace(
            OUTCOME,
            causes=(
                Cause(
                    code="E-PAUSE-REFUSED",
                    summary="somebody rolled the deployment back at a pause",
                    remedy="Ask whoever answered the pause; deploy again once it may go on.",
                ),
            ),
            rollback=RollbackReport(by="ecs", to_revision=OLD, status=Status.ROLLED_BACK),
        ),
    ),
)
HOPELESS = Doom(
    code="E-IMAGE-NOT-FOUND",
    what="the image acme/web:b82e40d does not exist in its registry",
    rule=Rule.PERMANENT,
    tasks=("0f3a", "1f3a"),
    because="an image that is not there stays missing until somebody pushes it",
    link="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html",
)
ENDED_EARLY: Timeline = (
    *WRITTEN,
    (20, Delayed(reason="ECS finds no room for a task (E-CAPACITY)")),
    (28, replace(progress(0, 10, 26), still=True)),
    (31, Doomed(doom=HOPELESS, ends=True)),
    (31, progress(0, 10, 29, failed=2)),
    *ends(32, Verdict(status=Status.FAILED, serving=OLD, doom=HOPELESS), replace(OUTCOME, causes=(NO_IMAGE,))),
)
LEFT_TO_ECS: Timeline = (*RUNNING, (64, Doomed(doom=HOPELESS, ends=False)))
RECONSIDERED: Timeline = (
    *RUNNING,
    (64, Doomed(doom=HOPELESS, ends=True)),
    (64, Concluded(verdict=Verdict(status=Status.FAILED, serving=OLD, doom=HOPELESS))),
    (70, Reconsidered(doom=HOPELESS)),
    (160, progress(10, 0, 158)),
    *ends(163, COMPLETED),
)
IMAGE_MISSING: Timeline = (
    *WRITTEN,
    (20, progress(0, 10, 18, failed=3)),
    *ends(45, Verdict(status=Status.FAILED, serving=OLD), replace(OUTCOME, causes=(NO_IMAGE,))),
)
TARGETS_UNHEALTHY: Timeline = (*RUNNING, *ends(300, SLOW, replace(OUTCOME, causes=(UNHEALTHY,))))
TIMED_OUT_STARTING: Timeline = (
    *WRITTEN,
    (20, progress(0, 10, 18, pending=4)),
    said(30, "(service web) was unable to place a task. Reason: Capacity is unavailable at this time."),
    *ends(93, LATE),
)
ROLLED_BACK_BY_US: Timeline = (
    *RUNNING,
    (129, Concluded(verdict=SLOW)),
    (130, RollingBack(by="us", to_revision=OLD)),
    (131, TaskRunning()),
    (150, progress(10, 1, 20)),
    (
        160,
        Finished(
            outcome=replace(
                OUTCOME,
                verdict=replace(SLOW, status=Status.ROLLED_BACK),
                duration_seconds=160,
                rollback=RollbackReport(by="us", to_revision=OLD, status=Status.ROLLED_BACK),
            )
        ),
    ),
)
ROLLBACK_FAILED: Timeline = (
    *ROLLED_BACK_BY_US[:-1],
    (
        230,
        Finished(
            outcome=replace(
                OUTCOME,
                verdict=replace(SLOW, status=Status.ROLLBACK_FAILED, serving=""),
                duration_seconds=230,
                rollback=RollbackReport(
                    by="us", to_revision=OLD, status=Status.ROLLBACK_FAILED, reason="no capacity for web:141"
                ),
            )
        ),
    ),
)
SUPERSEDED: Timeline = (
    *RUNNING,
    *ends(80, Verdict(status=Status.SUPERSEDED, serving=OLD, by="ecs-svc/9000000000000000000")),
)
STOPPED: Timeline = (*RUNNING, *ends(80, Verdict(status=Status.STOPPED, reason="stopped by a user", serving=OLD)))
OUT_OF_SIGHT: Timeline = (
    *RUNNING,
    (75, LostContact(seconds=31, error="Could not connect to the endpoint.")),
    (90, FoundContact(seconds=46)),
    (140, LostContact(seconds=31, error="Could not connect to the endpoint.")),
    *ends(903, Verdict(status=Status.UNKNOWN, phase=Phase.WAITING, limit_seconds=900)),
)
INTERRUPTED: Timeline = (*RUNNING, *ends(50, Verdict(status=Status.INTERRUPTED, phase=Phase.WAITING)))
ATTACHED = replace(STARTED, attached=True)
WATCHED: Timeline = (
    (0, ATTACHED),
    (20, progress(8, 2, 20)),
    *ends(45, Verdict(status=Status.FAILED, serving=OLD), replace(OUTCOME, from_revision="", causes=(NO_IMAGE,))),
)
STOPPED_BY_US: Timeline = (
    (0, RollingBack(by="us", to_revision="", stopped=True)),
    (0, ATTACHED),
    (5, RollingBack(by="ecs", to_revision=OLD, reason="stopped by the user")),
    (20, progress(0, 10, 20)),
    *ends(
        45,
        Verdict(status=Status.ROLLED_BACK, serving=OLD, reason="It was stopped by the user."),
        replace(OUTCOME, rollback=RollbackReport(by="ecs", to_revision=OLD, status=Status.ROLLED_BACK)),
    ),
)
INTERRUPTED_AND_BACK: Timeline = (
    *RUNNING,
    (60, Concluded(verdict=Verdict(status=Status.INTERRUPTED))),
    (61, RollingBack(by="us", to_revision=OLD, stopped=True)),
    (90, progress(0, 10, 88)),
    *ends(
        95,
        Verdict(status=Status.INTERRUPTED, serving=OLD),
        replace(OUTCOME, rollback=RollbackReport(by="us", to_revision=OLD, status=Status.ROLLED_BACK)),
    )[1:],
)
INTERRUPTED_EARLY: Timeline = (
    *WRITTEN[:2],
    *ends(
        2,
        Verdict(status=Status.INTERRUPTED, phase=Phase.REGISTERED),
        replace(OUTCOME, deployment_id="", service_deployment_arn=""),
    ),
)
DETACHED: Timeline = (
    *WRITTEN,
    *ends(3, Verdict(status=Status.DETACHED, phase=Phase.STARTING), replace(OUTCOME, service_deployment_arn="")),
)
FORCED: Timeline = (
    (0, replace(PLANNED, requested="", changes=(), steps=("force",))),
    (1, replace(STARTED, revision=OLD, breaker=False)),
    (30, TaskRunning()),
    (60, progress(10, 0, 58)),
    *ends(62, replace(COMPLETED, serving=OLD), replace(OUTCOME, to_revision=OLD)),
)
SCALED_TO_ZERO: Timeline = (
    (0, replace(PLANNED, findings=(Finding(code="W-SCALED-TO-ZERO", subjects=("web",)),))),
    *WRITTEN[1:],
    (2, TaskRunning(skipped=True)),
    (3, Progress(new=Counts(), old=Counts(), elapsed=1)),
    *ends(4, COMPLETED),
)
UNCHANGED: Timeline = (
    (0, replace(PLANNED, steps=())),
    *ends(1, Verdict(status=Status.UNCHANGED, serving=OLD), replace(OUTCOME, to_revision=OLD, deployment_id="")),
)
BUSY: Timeline = (
    (0, PLANNED),
    *ends(
        1,
        Verdict(status=Status.BUSY, serving=OLD, phase=Phase.PLANNING, reason="ecs-svc/7 of web:141 is running."),
        replace(OUTCOME, to_revision="", deployment_id=""),
    ),
)
NOT_THERE: Timeline = fails(
    1,
    NoSuchResource("There is no service `wbe` in the cluster `prod`.", hint="Did you mean `web`?"),
    replace(
        OUTCOME,
        verdict=Verdict(status=Status.REFUSED, phase=Phase.PLANNING, reason="There is no service."),
        from_revision="",
        to_revision="",
        deployment_id="",
        images=(),
    ),
)
DENIED: Timeline = (
    *WRITTEN[:2],
    *fails(
        2,
        AccessDenied("`ci` may not call `ecs:UpdateService`."),
        replace(OUTCOME, verdict=Verdict(status=Status.REFUSED, phase=Phase.STARTING), deployment_id=""),
    ),
)
MISTAKEN: Timeline = (
    *RUNNING,
    *fails(
        50,
        Bug("A bug in ecs-deploy: KeyError."),
        replace(OUTCOME, verdict=Verdict(status=Status.UNKNOWN, phase=Phase.WAITING)),
    ),
)
WARNED: Timeline = (
    (0, Warned(finding=Finding(code="W-SECRETS-IN-ARGV"))),
    (0, SIDECARS),
    *SUCCESS[1:],
)


STORIES = {
    "success": Story(timeline=SUCCESS),
    "success-pruned": Story(timeline=PRUNED),
    "success-warned": Story(timeline=WARNED),
    "success-quiet": Story(timeline=SUCCESS, quiet=True),
    "success-flags": Story(timeline=PRUNED, form="flags"),
    "success-json": Story(timeline=PRUNED, output="json"),
    "rolled-back-by-ecs": Story(timeline=ROLLED_BACK_BY_ECS),
    "rolled-back-by-ecs-quiet": Story(timeline=ROLLED_BACK_BY_ECS, quiet=True),
    "rolled-back-by-ecs-flags": Story(timeline=ROLLED_BACK_BY_ECS, form="flags"),
    "rolled-back-by-ecs-json": Story(timeline=ROLLED_BACK_BY_ECS, output="json", form="flags"),
    "rolled-back-by-ecs-json-quiet": Story(timeline=ROLLED_BACK_BY_ECS, output="json", quiet=True),
    "rolled-back-by-ecs-40-columns": Story(timeline=ROLLED_BACK_BY_ECS, width=40),
    "rolled-back-by-ecs-color": Story(timeline=ROLLED_BACK_BY_ECS, color=True, simulated=True),
    "rolled-back-by-ecs-simulated": Story(timeline=ROLLED_BACK_BY_ECS, quiet=True, simulated=True),
    "rolled-back-by-us": Story(timeline=ROLLED_BACK_BY_US),
    "rolled-back-by-us-flags": Story(timeline=ROLLED_BACK_BY_US, form="flags"),
    "rollback-failed": Story(timeline=ROLLBACK_FAILED),
    "paused": Story(timeline=PAUSED),
    "paused-left": Story(timeline=LEFT_PAUSED),
    "paused-flags": Story(timeline=PAUSED, form="flags"),
    "paused-json": Story(timeline=PAUSED, output="json"),
    "continued": Story(timeline=CONTINUED),
    "continued-json": Story(timeline=CONTINUED, output="json"),
    "taken-back": Story(timeline=TAKEN_BACK),
    "ended-early": Story(timeline=ENDED_EARLY),
    "ended-early-flags": Story(timeline=ENDED_EARLY, form="flags"),
    "ended-early-json": Story(timeline=ENDED_EARLY, output="json"),
    "left-to-ecs": Story(timeline=LEFT_TO_ECS),
    "reconsidered": Story(timeline=RECONSIDERED),
    "reconsidered-flags": Story(timeline=RECONSIDERED, form="flags"),
    "image-missing": Story(timeline=IMAGE_MISSING),
    "image-missing-flags": Story(timeline=IMAGE_MISSING, form="flags"),
    "targets-unhealthy": Story(timeline=TARGETS_UNHEALTHY),
    "timed-out-starting": Story(timeline=TIMED_OUT_STARTING),
    "timed-out-starting-flags": Story(timeline=TIMED_OUT_STARTING, form="flags"),
    "timed-out-waiting-flags": Story(timeline=TARGETS_UNHEALTHY, form="flags"),
    "superseded": Story(timeline=SUPERSEDED),
    "stopped": Story(timeline=STOPPED),
    "mistaken": Story(timeline=MISTAKEN),
    "mistaken-json-flags": Story(timeline=MISTAKEN, form="flags", output="json"),
    "denied-flags": Story(timeline=DENIED, form="flags"),
    "unknown": Story(timeline=OUT_OF_SIGHT),
    "watched": Story(timeline=WATCHED),
    "stopped-by-us": Story(timeline=STOPPED_BY_US),
    "interrupted": Story(timeline=INTERRUPTED),
    "interrupted-rolled-back": Story(timeline=INTERRUPTED_AND_BACK),
    "interrupted-after-register": Story(timeline=INTERRUPTED_EARLY),
    "detached": Story(timeline=DETACHED),
    "forced": Story(timeline=FORCED),
    "forced-flags": Story(timeline=FORCED, form="flags"),
    "scaled-to-zero": Story(timeline=SCALED_TO_ZERO),
    "scaled-to-zero-flags": Story(timeline=SCALED_TO_ZERO, form="flags"),
    "unchanged": Story(timeline=UNCHANGED),
    "busy": Story(timeline=BUSY),
    "not-there": Story(timeline=NOT_THERE),
    "not-there-json": Story(timeline=NOT_THERE, output="json"),
    "dry-run": Story(timeline=DRY_RUN, dry_run=True),
    "dry-run-compared": Story(timeline=((0, COMPARED),), dry_run=True),
    "dry-run-compared-40-columns": Story(timeline=((0, COMPARED),), dry_run=True, width=40),
    "dry-run-compared-200-columns": Story(timeline=((0, COMPARED),), dry_run=True, width=200),
    "dry-run-compared-json": Story(timeline=((0, COMPARED),), dry_run=True, output="json"),
    "dry-run-nothing-new": Story(timeline=((0, NOTHING_NEW),), dry_run=True),
    "dry-run-code-deploy": Story(timeline=((0, BY_CODE_DEPLOY),), dry_run=True),
    "dry-run-flags": Story(timeline=DRY_RUN, dry_run=True, form="flags"),
    "dry-run-json": Story(timeline=DRY_RUN, dry_run=True, output="json"),
}
