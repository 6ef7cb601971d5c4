"""The options of particular cases: variables and secrets, a release through CodeDeploy, and a one-off task."""

from __future__ import annotations

from ecsdeploy.cli.option import Group, Option

_FLAG_FORM = "Run tasks with the flag form: `ecs-deploy -d FAMILY -c CLUSTER -i IMAGE --run-task`."

VARIABLES = (
    Option(
        key="env",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--env",),
        metavar="[CONTAINER:]NAME=VALUE",
        many=True,
        help="Set a variable, of the only (essential) container, or of CONTAINER; `*` means all. Other processes can"
        " read it; prefer --env-file for a value that they must not see, and --secret for a secret.",
    ),
    Option(
        key="unset_env",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--unset-env",),
        metavar="[CONTAINER:]NAME",
        many=True,
        help="Take a variable away.",
    ),
    Option(
        key="env_file",
        group=Group.VARIABLES,
        names=("--env-file",),
        metavar="[CONTAINER=]FILE",
        many=True,
        help="Set the variables that a dotenv file has; --env goes before it.",
    ),
    Option(
        key="secret",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--secret",),
        metavar="[CONTAINER:]NAME=REF",
        many=True,
        help="Have ECS read a variable from REF: an ARN of Secrets Manager or Parameter Store, or the name of a"
        " parameter.",
    ),
    Option(
        key="unset_secret",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--unset-secret",),
        metavar="[CONTAINER:]NAME",
        many=True,
        help="Take such a variable away.",
    ),
)
CODEDEPLOY = (
    Option(
        key="codedeploy_application",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-application",),
        metavar="NAME",
        help="The application of the deployment group (found by itself).",
    ),
    Option(
        key="codedeploy_group",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-group",),
        metavar="NAME",
        help="The deployment group, where the service has several (found by itself).",
    ),
    Option(
        key="appspec",
        group=Group.CODEDEPLOY,
        names=("--appspec",),
        metavar="FILE",
        help="The AppSpec to deploy with, in which the revision is exchanged (that of the last good deployment).",
    ),
    Option(
        key="codedeploy_config",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-config",),
        metavar="NAME",
        help="The deployment configuration: how traffic is shifted (that of the group).",
    ),
    Option(
        key="codedeploy_description",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-description",),
        metavar="TEXT",
        help="What the deployment is called (the revision).",
    ),
)
ONE_OFF = (
    Option(
        key="run_task",
        group=Group.TASK,
        script=("--run-task",),
        help="Run one task of the new revision.",
        instead=_FLAG_FORM,
    ),
    Option(
        key="wait_for_success",
        group=Group.TASK,
        script=("--wait-for-success",),
        help="Wait until that task has stopped, and fail if it failed.",
        instead=_FLAG_FORM,
    ),
    Option(
        key="launch_type",
        group=Group.TASK,
        script=("--launch-type",),
        metavar="FARGATE|EC2|EXTERNAL",
        help="Where the task runs.",
        instead=_FLAG_FORM,
    ),
    Option(
        key="platform_version",
        group=Group.TASK,
        script=("--platform-version",),
        metavar="VERSION",
        help="The platform version of Fargate.",
        instead=_FLAG_FORM,
    ),
    Option(
        key="network_configuration",
        group=Group.TASK,
        script=("--network-configuration",),
        metavar="CONFIG",
        help="awsvpcConfiguration={subnets=[a,b],securityGroups=[c],assignPublicIp=ENABLED}, or JSON.",
        instead=_FLAG_FORM,
    ),
    Option(
        key="run_task_input",
        group=Group.TASK,
        script=("--run-task-input",),
        metavar="FILE",
        help="Other members of RunTask, as JSON: overrides, tags, capacityProviderStrategy, startedBy and so on.",
        instead=_FLAG_FORM,
    ),
)
