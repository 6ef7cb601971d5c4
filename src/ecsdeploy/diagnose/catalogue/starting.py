"""Causes that show when a container's process is to start.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.known_cause import GUIDE, Aspect, KnownCause, Pattern, Permanence, pattern

_LINK = f"{GUIDE}cannot-start-container.html"
_CODES = f"{GUIDE}stopped-task-error-codes.html"
_COMMAND = (Aspect.COMMAND, Aspect.ENTRY_POINT)

STARTING = (
    KnownCause(
        code="E-ROLE-TRUST",
        meaning="ECS may not assume a role that it was given",
        remedy="Let `ecs-tasks.amazonaws.com` assume the task role `{task_role}` and the execution role `{role}`, and "
        "`ecs.amazonaws.com` the infrastructure role and those of hooks.",
        permanence=Permanence.UNCLEAR,
        because="a wrong trust policy stays wrong, but a new role is unknown for a while: IAM is eventually consistent",
        link=f"{GUIDE}task-iam-roles.html",
        patterns=(
            pattern(
                "ECS was unable to assume|[Uu]nable to assume (?:the )?(?:service linked )?role",
                "(service web) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::"
                "111122223333:role/task' that was provided for this task. Please verify that the role being passed has "
                "the proper trust relationship and permissions and that your IAM user has permissions to pass this "
                "role.).",
            ),
        ),
        explained_by=(Aspect.TASK_ROLE, Aspect.EXECUTION_ROLE),
    ),
    KnownCause(
        code="E-EXEC-FORMAT",
        meaning="{container} is built for another processor than it runs on",
        remedy="Build the image for the processor that `runtimePlatform` names.",
        permanence=Permanence.PERMANENT,
        because="what an image holds does not change: its program runs on a processor or not",
        link=f"{GUIDE}ecs-arm64.html",
        patterns=(
            pattern(
                "exec format error",
                'CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "/app/run": '
                "exec format error: unknown",
            ),
            Pattern(regex="exec format error", sample="exec /usr/local/bin/app: exec format error", in_log=True),
        ),
        explained_by=(Aspect.PLATFORM, *_COMMAND),
    ),
    KnownCause(
        code="E-COMMAND-NOT-FOUND",
        meaning="the command of {container} is not in its image",
        remedy="Correct the command or the entry point, or add the program to the image.",
        permanence=Permanence.UNCLEAR,
        because="127 is a shell's answer, and the program may lie on a volume or be looked for by a script",
        link=_LINK,
        patterns=(
            pattern(
                'exec: "[^"]*":? (?:executable file not found|stat .*no such file)',
                "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: "
                'OCI runtime create failed: exec: "/app/run": executable file not found in $PATH',
            ),
        ),
        exit_code=127,
        explained_by=(*_COMMAND, Aspect.VARIABLE, Aspect.VOLUME),
    ),
    KnownCause(
        code="E-NOT-EXECUTABLE",
        meaning="the command of {container} is not executable",
        remedy="Make the file executable in the image, and check the user that the container runs as.",
        permanence=Permanence.UNCLEAR,
        because="126 is a shell's answer, and the program may lie on a volume",
        link=_LINK,
        patterns=(
            pattern(
                'exec: "[^"]*":? permission denied',
                "CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: "
                '"/app/run": permission denied: unknown',
            ),
        ),
        exit_code=126,
        explained_by=(*_COMMAND, Aspect.USER, Aspect.VOLUME),
    ),
    KnownCause(
        code="E-PORT-TAKEN",
        meaning="a port that {container} needs is taken on its host",
        remedy="Let ECS choose the host port (`hostPort` 0), use `awsvpc`, or run fewer tasks for each instance.",
        permanence=Permanence.UNCLEAR,
        because="the port is free again when what holds it stops, if that ever does",
        link=f"{GUIDE}service-event-messages-list.html",
        patterns=(
            pattern(
                "port is already allocated|bind: address already in use",
                "CannotStartContainerError: Error response from daemon: Bind for 0.0.0.0:8080 failed: port is already "
                "allocated",
            ),
        ),
        explained_by=(Aspect.PORT, Aspect.NETWORK),
    ),
    KnownCause(
        code="E-DEPENDENCY",
        meaning="{container} cannot start: a container that it depends on did not reach its condition",
        remedy="Read that container's log, and check the condition in `dependsOn` (`START`, `COMPLETE`, `SUCCESS` or "
        "`HEALTHY`).",
        permanence=Permanence.UNCLEAR,
        because="it is as permanent as what stopped the other container",
        link="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html",
        patterns=(
            pattern(
                "dependency graph:|container ordering dependency|TaskDependencyError",
                "CannotStartContainerError: dependency graph: failed to resolve container ordering dependency "
                "[migrate(acme/migrate:2) (STOPPED->RUNNING) - Exit: 1] for target [app(acme/app:2) (NONE->RUNNING)] "
                "as dependency did not exit successfully.",
            ),
        ),
        explained_by=(Aspect.DEPENDENCY, Aspect.HEALTH_CHECK, *_COMMAND),
    ),
    KnownCause(
        code="E-INCOMPATIBLE",
        meaning="the task definition does not fit the service's launch type or capacity provider",
        remedy="Register the definition with the `requiresCompatibilities`, network mode and size that it needs.",
        permanence=Permanence.PERMANENT,
        because="a revision cannot change, so no later task of it fits better",
        link=f"{GUIDE}failed-to-start-error.html#compute-compatibility",
        patterns=(
            pattern(
                "not compatible with the selected compute strategy",
                "The selected task definition is not compatible with the selected compute strategy",
            ),
        ),
        explained_by=(Aspect.PLATFORM, Aspect.NETWORK, Aspect.CPU, Aspect.MEMORY),
    ),
)

STARTING_AT_LAST = (
    KnownCause(
        code="E-CONTAINER-START",
        meaning="{container} cannot be started",
        remedy="Check the command, the entry point and the volumes of the container.",
        permanence=Permanence.UNCLEAR,
        because="the text is the container runtime's, and not one that is known here",
        link=_CODES,
        patterns=(
            pattern(
                "(?:CannotStart|CannotCreate|CannotInspect)Container\\w*Error|ContainerRuntime\\w*Error"
                "|DockerTimeoutError|DockerStateError|HostConfigError|ContainerVanishedError",
                "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m",
            ),
        ),
        explained_by=(*_COMMAND, Aspect.VOLUME, Aspect.USER),
    ),
)
