"""The options of a one-off task, which only the flag form has."""

from __future__ import annotations

from ecsdeploy.cli.options.option import Group, Option

_FLAG_FORM = "Run tasks with the flag form: `ecs-deploy -d FAMILY -c CLUSTER -i IMAGE --run-task`."

ONE_OFF = (
    Option(
        key="run_task",
        group=Group.TASK,
        script=("--run-task",),
        help="Run one task of the new revision.",
        advice=_FLAG_FORM,
    ),
    Option(
        key="wait_for_success",
        group=Group.TASK,
        script=("--wait-for-success",),
        help="Wait until that task has stopped, and fail if it failed.",
        advice=_FLAG_FORM,
    ),
    Option(
        key="launch_type",
        group=Group.TASK,
        script=("--launch-type",),
        metavar="FARGATE|EC2|EXTERNAL",
        help="Where the task runs.",
        advice=_FLAG_FORM,
    ),
    Option(
        key="platform_version",
        group=Group.TASK,
        script=("--platform-version",),
        metavar="VERSION",
        help="The platform version of Fargate.",
        advice=_FLAG_FORM,
    ),
    Option(
        key="network_configuration",
        group=Group.TASK,
        script=("--network-configuration",),
        metavar="CONFIG",
        help="awsvpcConfiguration={subnets=[a,b],securityGroups=[c],assignPublicIp=ENABLED}, or JSON.",
        advice=_FLAG_FORM,
    ),
    Option(
        key="run_task_input",
        group=Group.TASK,
        script=("--run-task-input",),
        metavar="FILE",
        help="Other members of RunTask, as JSON: overrides, tags, capacityProviderStrategy, startedBy and so on.",
        advice=_FLAG_FORM,
    ),
)
