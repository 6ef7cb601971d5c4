"""The texts of the checks of a release to a service: counts, load balancer, history and time."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.plan.checks.meanings.meaning import API, GUIDE, Meaning, Severity, error, warning

OF_SERVICE: Mapping[str, Meaning] = {
    "C-DEADLOCK": error(
        "With {0} desired, minimum {1} % and maximum {2} % leave ECS no room to start a task or to stop one.",
        "Raise the maximum (`--max 200`, `-M 200`) or lower the minimum (`--min 0`, `-m 0`).",
        f"{GUIDE}service_definition_parameters.html",
        held="room to exchange tasks",
    ),
    "C-ZONE-REBALANCING": error(
        "The service `{0}` rebalances Availability Zones, which needs a maximum above 100 %, and {1} % is asked for.",
        "Ask for a maximum above 100, or turn the service's rebalancing off.",
        f"{GUIDE}service-rebalancing.html",
    ),
    "C-STRATEGY-BALANCERS": error(
        "With the strategy `{1}` ECS shifts traffic, and a load balancer of the service `{0}` has no "
        "`advancedConfiguration` that says how.",
        "Give each load balancer of the service an `advancedConfiguration` first, or keep the strategy.",
        f"{GUIDE}update-rolling-to-bluegreen.html",
    ),
    "C-STRATEGY-EARLY-SUCCESS": error(
        "The service `{0}` has early success criteria, which the strategy `{1}` does not take.",
        "Turn the early success criteria of the service off first, or keep the strategy.",
        f"{API}API_DeploymentConfiguration.html",
    ),
    "C-STRATEGY-BAKE-TIME": error(
        "A move of the service `{0}` to the strategy `BLUE_GREEN` needs a bake time.",
        "Give it too: `--bake-time 5m`.",
        f"{API}API_DeploymentConfiguration.html",
    ),
    "C-GATE-CONTROLLER": error(
        "The gate (`--smoke`, `--approve`) is a pause of ECS's own deployments, and `{1}` deploys the service `{0}`.",
        "With CodeDeploy, use a Lambda function for the hook `AfterAllowTestTraffic`, or leave the options out.",
        f"{GUIDE}deployment-lifecycle-hooks.html",
    ),
    "C-GATE-FAMILY": error(
        "A task before or after the release runs as those of the service `{0}` do, which cannot run `{1}`: {2}.",
        "Name another task definition, or run it with `ecs-deploy run --family` and then release.",
        f"{API}API_RunTask.html",
    ),
    "C-GATE-STRATEGY": error(
        "The gate (`--smoke`, `--approve`) needs shifted traffic, and the strategy `{1}` of the service `{0}` "
        "shifts none.",
        "Use the strategy `BLUE_GREEN`, `LINEAR` or `CANARY`, or `--before` or `--after` for a task of its own.",
        f"{GUIDE}deployment-lifecycle-hooks.html",
    ),
    "C-GATE-NO-PAUSE": error(
        "The service `{0}` has no PAUSE hook at `POST_TEST_TRAFFIC_SHIFT`, at which `--smoke` or `--approve` decides.",
        "Add it for this release with `--add-pause`, or to the service.",
        f"{GUIDE}pause-lifecycle-hooks.html",
    ),
    "C-STRATEGY-BUSY": error(
        "ECS changes no strategy during a deployment, and the deployment `{1}` of the service `{0}` is under way.",
        "Wait for it (`--if-busy wait`), or keep the strategy.",
        f"{GUIDE}update-bluegreen-to-rolling.html",
    ),
    "C-PLAN-DIFFERS": error(
        "This release is not the one of the plan that `--plan` names. Other than there: {plain}.",
        "Make a new plan with `ecs-deploy plan --out`, have it reviewed, and execute that.",
        f"{API}API_UpdateService.html",
    ),
    "C-SCALING-LIMITS": warning(
        "Auto scaling keeps the service between {1} and {2} tasks, and {0} are asked for: it will change that again.",
        "Ask for a count within the limits, or change the limits.",
        f"{GUIDE}service-auto-scaling.html",
        held="within auto scaling's limits",
    ),
    "C-TARGET-GROUP-MISSING": error(
        "The load balancer does not have the target group {all} of the service.",
        "Create the target group, or correct the service's load balancers.",
        f"{GUIDE}service-load-balancing.html",
        held="target group exists|target groups exist",
    ),
    "C-BALANCED-CONTAINER": error(
        "The service's load balancer sends requests to the container `{0}`, which the definition does not have.",
        "Keep the container's name, or correct the service's load balancers first.",
        f"{API}API_LoadBalancer.html",
    ),
    "C-BALANCED-PORT": error(
        "The service's load balancer sends requests to port {1} of the container `{0}`, which does not map that port.",
        "Add the port to `portMappings`, or correct the service's load balancers first.",
        f"{API}API_LoadBalancer.html",
        held="the balanced port is mapped",
    ),
    "C-NETWORK-MODE": error(
        "The service `{0}` has a network configuration, which the network mode `{1}` of the definition does not take.",
        "Set `networkMode` to `awsvpc` in the definition, or change the service first.",
        f"{API}API_NetworkConfiguration.html",
    ),
    "C-NETWORK-MISSING": error(
        "The definition's network mode `awsvpc` needs subnets, and the service `{0}` has no network configuration.",
        "Keep the network mode that the service's tasks have, or give the service a network configuration first.",
        f"{API}API_NetworkConfiguration.html",
    ),
    "C-LAUNCH-TYPE": error(
        "The service `{0}` runs on Fargate, and the definition has {1}.",
        "Complete the definition, or change the service's launch type first.",
        f"{GUIDE}fargate-tasks-services.html",
    ),
    "C-REGISTERED-CONTAINER": error(
        "The service registers the container `{0}` in service discovery, and the definition does not have it.",
        "Keep the container's name, or correct the service's registries first.",
        f"{API}API_ServiceRegistry.html",
    ),
    "C-REGISTERED-PORT": error(
        "The service registers port {1} of the container `{0}` in service discovery, which does not map that port.",
        "Add the port to `portMappings`, or correct the service's registries first.",
        f"{API}API_ServiceRegistry.html",
    ),
    "C-NAMED-PORT": error(
        "The service `{0}` sends requests to the port named `{1}`, and no container of the definition has a port of "
        "that name.",
        "Give the port mapping that `name`, or correct Service Connect or VPC Lattice of the service first.",
        f"{API}API_ServiceConnectService.html",
    ),
    "C-LAUNCH-VOLUME": error(
        "The service `{0}` configures the volume `{1}` at launch, and the definition has no such volume that is "
        "`configuredAtLaunch`.",
        "Keep the volume with `configuredAtLaunch`, or leave it out of the file that `--volume-configurations` names.",
        f"{API}API_ServiceVolumeConfiguration.html",
    ),
    "C-LAUNCH-VOLUME-LEFT": error(
        "The volume `{1}` of the definition is configured at launch, and the service `{0}` does not configure it.",
        "Remove `configuredAtLaunch` from the volume, or configure it with `--volume-configurations FILE`.",
        f"{API}API_ServiceVolumeConfiguration.html",
    ),
    "C-DAEMON-COUNT": error(
        "The service `{0}` runs one task on each instance (`DAEMON`): ECS takes no desired count for it.",
        "Leave the desired count out.",
        f"{GUIDE}ecs_services.html",
    ),
    "C-DAEMON-MAXIMUM": error(
        "The service `{0}` runs one task on each instance (`DAEMON`): ECS takes no maximum above 100 % for it, and "
        "{1} % is asked for.",
        "Leave the maximum out.",
        f"{GUIDE}ecs_services.html",
    ),
    "C-BUSY": warning(
        "A deployment of the service `{0}` is running already: `{1}`, to `{2}` since {3}, registered by {4}.",
        "Wait for it (`--if-busy wait`), release over it (`--if-busy supersede`), or roll it back first with "
        "`ecs-deploy rollback`.",
        f"{GUIDE}service-deployment.html",
    ),
    "C-NEWER-REVISION": warning(
        "The newest revision is `{0}`, and the release starts from `{1}`; these changes of it are not deployed: {2}.",
        "To deploy them too, start from it: `--base latest` (`--use-latest-task-def`).",
        f"{GUIDE}update-task-definition-console-v2.html",
        held="based on the newest revision",
    ),
    "C-NEWER-FAILED": warning(
        "The newest revision `{0}` was released and failed, or was rolled back; the release starts from `{1}`; these "
        "changes of it are not deployed: {2}.",
        "To deploy them too, register it again without the fault, and start from that: `--base latest`.",
        f"{GUIDE}deployment-circuit-breaker.html",
    ),
    "C-NO-ROLLBACK-TARGET": warning(
        "No deployment of the service `{0}` has completed: a failure leaves no version to go back to.",
        "Watch this one; from the next on there is a version to go back to.",
        f"{GUIDE}deployment-circuit-breaker.html",
        held="a version to go back to",
    ),
    "C-ROLLBACK-INACTIVE": warning(
        "The revision `{0}` to go back to is {1}: a rollback has to register a copy of it first.",
        "Allow `ecs:RegisterTaskDefinition` for its family, as for every release.",
        f"{GUIDE}deregister-task-definition-v2.html",
    ),
    "C-ROLLBACK-IMAGE": warning(
        "ECR no longer has {all} of the revision to go back to: a rollback could start no task.",
        "Push the image again; a lifecycle policy may have removed it.",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    ),
    "C-TIMEOUT": warning(
        "The deployment may need {0} s by its own settings, and the timeout is {1} s.",
        "Allow more time, or shorten grace period, health check or deregistration delay.",
        f"{GUIDE}load-balancer-connection-draining.html",
        held="the timeout suffices",
    ),
    "C-CREDENTIALS-EXPIRE": warning(
        "The credentials expire at {0}, and the deployment may be watched until {1}.",
        "Renew them first; if they expire, `ecs-deploy watch` takes up the deployment again.",
        "https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html",
        held="the credentials last",
    ),
    "C-UNCHECKED": Meaning(
        severity=Severity.NOTE,
        sentence="Not checked, as it could not be read: {plain}.",
        todo="Allow the read permissions listed under IAM in the documentation, or turn the checks off with "
        "`--no-preflight`.",
        link=f"{GUIDE}security-iam.html",
    ),
}
