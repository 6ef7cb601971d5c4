"""The texts of the checks that every plan has, as they need no read of their own."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.plan.checks.meanings.meaning import API, GUIDE, Meaning, error, note, warning

ALWAYS: Mapping[str, Meaning] = {
    "C-ACCOUNT": error(
        "The service `{0}` is in account `{1}`, and `--expect-account` says `{2}`.",
        "Use the credentials, or the profile, of the account that is meant.",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
    ),
    "C-NOT-ACTIVE": error(
        "The service `{0}` is {1}: somebody has deleted it.",
        "Create the service again once its last tasks have stopped.",
        f"{API}API_DeleteService.html",
    ),
    "C-EXPRESS-EDIT": error(
        "Express mode manages the service, and its update cannot carry this change: {all}.",
        "Release a definition of your own instead, which Express mode uses as it is: `--base FILE`, or `register` and "
        "`deploy --revision`.",
        f"{API}API_UpdateExpressGatewayService.html",
    ),
    "C-EXPRESS-GATE": error(
        "Express mode manages the service `{0}`, and ECS makes the new revision only as it deploys it: no task of it "
        "can run before or after the release.",
        "Run a task of another family (`task-definition/FAMILY`), release without `--before` and `--after`, or release "
        "a definition of your own, with `--base FILE`.",
        f"{API}API_UpdateExpressGatewayService.html",
    ),
    "C-EXPRESS-MAIN": error(
        "Express mode takes only a task definition with a container `Main` that maps one port, with a name, and `{0}` "
        "has none.",
        "Name the container that takes the requests `Main`, and give its one port mapping a `name`.",
        f"{API}API_UpdateExpressGatewayService.html",
    ),
    "C-EXPRESS-SIZING": error(
        "Express mode manages the service `{0}`, and sets itself how many tasks run and how they are deployed.",
        "Release without these options. `ecs-deploy scale` changes the count, and `aws ecs "
        "update-express-gateway-service --scaling-target` its limits.",
        f"{GUIDE}express-service-work.html",
    ),
    "C-CONTROLLER": error(
        "The service `{0}` has the deployment controller `{1}`: another program deploys it, with task sets, and ECS "
        "takes no task definition for it.",
        "Release with that program (CreateTaskSet, UpdateServicePrimaryTaskSet), or move the service to the controller "
        "`ECS`.",
        f"{GUIDE}deployment-type-external.html",
    ),
    "C-CODEDEPLOY-GROUP": error(
        "The service `{0}` is deployed by CodeDeploy, and CodeDeploy has no deployment group for it here.",
        "Create a deployment group for it in CodeDeploy, or move the service to the controller `ECS`.",
        f"{GUIDE}deployment-type-bluegreen.html",
    ),
    "C-CODEDEPLOY-GROUPS": error(
        "More than one deployment group of CodeDeploy is for this service: {all}.",
        "Remove all but one: CodeDeploy deploys a service through one group.",
        f"{GUIDE}deployment-type-bluegreen.html",
    ),
    "C-CODEDEPLOY-PORT": error(
        "The service `{0}` has no load balancer, and CodeDeploy needs one to send traffic to the new version.",
        "Give the service a load balancer, or move it to the controller `ECS`.",
        f"{GUIDE}deployment-type-bluegreen.html",
    ),
    "C-CODEDEPLOY-SIZING": error(
        "The service `{0}` is deployed by CodeDeploy, which changes no desired count and no deployment configuration.",
        "Change them with `aws ecs update-service` first, and release without these options.",
        "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html",
    ),
    "C-NO-FAMILY": error(
        "The task definition has no `family`.", "Add one to the file.", f"{API}API_RegisterTaskDefinition.html"
    ),
    "C-NO-CONTAINER": error(
        "The task definition `{0}` has no container.",
        "Add `containerDefinitions` to the file.",
        f"{API}API_RegisterTaskDefinition.html",
    ),
    "C-NO-IMAGE": error(
        "Each container needs a `name` and an `image`; {all} lacks one.",
        "Complete `containerDefinitions`.",
        f"{API}API_ContainerDefinition.html",
    ),
    "C-PLACEHOLDER": error(
        "The definition still has unfilled placeholders: {all}.",
        "Fill those of a file with `--var NAME=VALUE`, or name the image with `-i CONTAINER=IMAGE`.",
        f"{API}API_RegisterTaskDefinition.html",
    ),
    "C-ROLE-ARN": error(
        "The definition's `{0}` is not the ARN of a role: `{1}`.",
        "Write `arn:aws:iam::123456789012:role/NAME`, with the account's twelve digits.",
        f"{API}API_RegisterTaskDefinition.html",
    ),
    "C-EXECUTION-ROLE": error(
        "Fargate needs `executionRoleArn` in a definition whose containers log through `awslogs`: {all}.",
        "Name the task execution role in `executionRoleArn`.",
        f"{GUIDE}task_execution_IAM_role.html",
    ),
    "C-HOST-PORT": error(
        "In the network mode `awsvpc` a host port is the container's own, and `{0}` maps `{1}` to `{2}`.",
        "Leave `hostPort` out, or make the two equal.",
        f"{API}API_PortMapping.html",
    ),
    "C-PLACEHOLDER-LEFT": warning(
        "The definition may still have unfilled placeholders: {all}.",
        "Fill those of a file with `--var NAME=VALUE`, unless the container fills them in when it starts.",
        f"{API}API_RegisterTaskDefinition.html",
    ),
    "C-PLAIN-SECRET": warning(
        "The value of `{0}` in container `{1}` looks like a credential, and who may describe the definition can read"
        " it: `--secret {1}:{0}=arn:aws:...` keeps it out.",
        "Keep the value in Secrets Manager or Parameter Store, and give its ARN with `--secret`.",
        f"{GUIDE}specifying-sensitive-data.html",
    ),
    "C-SAME-VALUE": note(
        "The edit of `{0}` in container `{1}` changes nothing: it has that value already.",
        "Leave the option out, or correct its value.",
        f"{API}API_ContainerDefinition.html",
    ),
    "C-NO-CHANGE": note(
        "The option `{0}` changes nothing in {1}.",
        "Leave the option out, or correct its value.",
        f"{API}API_RegisterTaskDefinition.html",
    ),
    "C-NOT-PINNED": warning(
        "No private ECR registry has these images, and they are not pinned by digest: {all}.",
        "Give their digests yourself (`--image REPOSITORY@sha256:...`), or leave `--pin-digest` out.",
        f"{API}API_ContainerDefinition.html",
    ),
    "C-TAGS-UNREAD": note(
        "The tags of the revision that the release starts from may not be read, and are not copied.",
        "Allow `ecs:ListTagsForResource`, or turn the copying off with `--no-copy-task-definition-tags`.",
        f"{GUIDE}ecs-using-tags.html",
    ),
    "C-UNKNOWN-MEMBER": warning(
        "This version of the tool does not know {all} of the definition, and sends it as it is.",
        "Check the spelling in the patch; if ECS does not keep it, the service is not touched.",
        f"{API}API_RegisterTaskDefinition.html",
    ),
    "C-UNKNOWN-SERVICE-MEMBER": warning(
        "This version of the tool does not know {all} of the service, and sends it as it is.",
        "Check the spelling in the file: ECS may ignore what it does not know.",
        f"{API}API_CreateService.html",
    ),
    "C-ATTESTATION": warning(
        "The image of {all} changes under an attestation policy, which may accept only the old image.",
        "Change `attestationPolicy` in `trustedExecutionConfiguration` with the image.",
        f"{API}API_RegisterTaskDefinition.html",
    ),
    "C-FORCED-INACTIVE": warning(
        "The revision `{0}` in use is {1}: ECS may start no new deployment of it.",
        "Register a copy of it: deploy with `--image` or `--tag` (`-i`, `-to`), with the image that is in use.",
        f"{GUIDE}deregister-task-definition-v2.html",
    ),
    "C-NO-NETWORK": error(
        "Tasks of `{0}` are in `awsvpc` mode: name their subnets with `--network-configuration`.",
        "Give subnets and security groups, as in the service's own network configuration.",
        f"{API}API_RunTask.html",
    ),
    "C-REVISION-IN-USE": warning(
        "The service `{0}` is on `{1}` already: ECS begins no deployment where the revision stays the same.",
        "To have its tasks replaced, use `deploy --force-new-deployment`.",
        f"{GUIDE}update-service-parameters.html",
    ),
    "C-REVISION-IN-USE-FAILED": error(
        "The service `{0}` is on `{1}` already, whose release has not succeeded: ECS begins no deployment where the "
        "revision stays the same.",
        "Name another revision, or try this one again with `deploy --force-new-deployment`.",
        f"{GUIDE}update-service-parameters.html",
    ),
    "C-REVISION-INACTIVE": warning(
        "The revision `{0}` is {1}: a copy of it is registered and deployed.",
        "Keep what you may want back: `--keep` spares the newest revisions and those in use.",
        f"{GUIDE}deregister-task-definition-v2.html",
    ),
    "C-REVISION-NOT-ACTIVE": error(
        "The revision `{0}` is {1}: ECS deploys no such revision, only a copy of it, and `--revision` registers none.",
        "To register a copy and deploy that, use `ecs-deploy rollback --to` with it; or name an ACTIVE revision.",
        f"{GUIDE}deregister-task-definition-v2.html",
    ),
}
