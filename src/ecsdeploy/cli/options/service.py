"""The options that change the service with the release, and those of a release through CodeDeploy."""

from __future__ import annotations

from ecsdeploy.cli.options.option import Group, Option

SERVICE = (
    Option(
        key="desired_count",
        group=Group.SERVICE,
        names=("-D", "--desired-count"),
        metavar="N",
        help="Change the number of tasks too.",
    ),
    Option(
        key="min",
        group=Group.SERVICE,
        names=("-m", "--min"),
        metavar="PERCENT",
        help="minimumHealthyPercent; sent only when given.",
    ),
    Option(
        key="max",
        group=Group.SERVICE,
        names=("-M", "--max"),
        metavar="PERCENT",
        help="maximumPercent; sent only when given.",
    ),
    Option(
        key="strategy",
        group=Group.SERVICE,
        names=("--strategy",),
        metavar="ROLLING|BLUE_GREEN|LINEAR|CANARY",
        help="Change how ECS exchanges tasks and shifts traffic, from this release on.",
    ),
    Option(
        key="bake_time",
        group=Group.SERVICE,
        names=("--bake-time",),
        metavar="DURATION",
        help="Change how long ECS watches the new revision before it ends the old one: whole minutes, such as 10m.",
    ),
    Option(
        key="circuit_breaker",
        group=Group.SERVICE,
        names=("--circuit-breaker",),
        metavar="rollback|stop|off|MODE:THRESHOLD",
        help="Change what ECS does after too many failed tasks, and how many are too many: stop:5, rollback:50%.",
    ),
    Option(
        key="alarms",
        group=Group.SERVICE,
        names=("--alarms",),
        metavar="NAMES|none",
        help="Change which CloudWatch alarms fail a deployment: names with commas between them.",
    ),
    Option(
        key="managed_tags",
        group=Group.SERVICE,
        names=("--managed-tags",),
        metavar="true|false",
        help="Whether new tasks get ECS's own tags, with the names of the cluster and the service.",
    ),
    Option(
        key="propagate_tags",
        group=Group.SERVICE,
        names=("--propagate-tags",),
        metavar="SERVICE|TASK_DEFINITION|NONE",
        help="Whose tags new tasks get.",
    ),
    Option(
        key="volume_configurations",
        group=Group.SERVICE,
        names=("--volume-configurations",),
        metavar="FILE",
        help="The volumes that are configured at launch, as JSON like in UpdateService; else they stay as they are.",
    ),
    Option(
        key="force_new_deployment",
        group=Group.SERVICE,
        names=("--force-new-deployment",),
        help="Start a new deployment of the revision in use; nothing is registered.",
    ),
)
CODEDEPLOY = (
    Option(
        key="codedeploy_application",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-application",),
        metavar="NAME",
        help="The application of the deployment group (found automatically).",
    ),
    Option(
        key="codedeploy_group",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-group",),
        metavar="NAME",
        help="The deployment group, if the service has several (found automatically).",
    ),
    Option(
        key="appspec",
        group=Group.CODEDEPLOY,
        names=("--appspec",),
        metavar="FILE",
        help="The AppSpec that gets the new revision (that of the last good deployment).",
    ),
    Option(
        key="codedeploy_config",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-config",),
        metavar="NAME",
        help="The deployment configuration: how traffic shifts (that of the group).",
    ),
    Option(
        key="codedeploy_description",
        group=Group.CODEDEPLOY,
        names=("--codedeploy-description",),
        metavar="TEXT",
        help="The description of the deployment (the revision).",
    ),
)
OF_DEPLOYMENT = ("strategy", "bake_time", "circuit_breaker", "alarms")
"""What changes the deployment configuration of the service, beside the percentages."""
