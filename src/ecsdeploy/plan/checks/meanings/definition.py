"""The texts of the checks of a definition: what it names must exist, and its size must be possible."""

from __future__ import annotations

from collections.abc import Mapping

from ecsdeploy.plan.checks.meanings.meaning import API, GUIDE, Meaning, error, warning

OF_DEFINITION: Mapping[str, Meaning] = {
    "C-IMAGE-MISSING": error(
        "ECR does not have {all}: no task could start.",
        "Push the image, or correct its name, tag, account or Region.",
        f"{GUIDE}task_cannot_pull_image.html",
        held="ECR has the image|ECR has the images",
    ),
    "C-IMAGE-PLATFORM": error(
        "The image `{0}` is built for `{2}` and the task runs on `{1}`: no task could start.",
        "Build the image for that platform, or change `runtimePlatform` in the definition.",
        f"{API}API_RuntimePlatform.html",
        held="built for {0}",
    ),
    "C-ROLE-MISSING": error(
        "IAM does not have the role {all} that the definition names.",
        "Create the role, or correct `executionRoleArn` or `taskRoleArn`.",
        f"{GUIDE}task_execution_IAM_role.html",
        held="role exists|roles exist",
    ),
    "C-SECRET-MISSING": error(
        "Secrets Manager does not have {all}, or deletes it soon: no task could start.",
        "Create or restore the secret, or correct `valueFrom`.",
        f"{GUIDE}secrets-envvar-secrets-manager.html",
        held="secret exists|secrets exist",
    ),
    "C-PARAMETER-MISSING": error(
        "Parameter Store does not have {all}: no task could start.",
        "Create the parameter, or correct `valueFrom`.",
        f"{GUIDE}secrets-envvar-ssm-paramstore.html",
        held="parameter exists|parameters exist",
    ),
    "C-LOG-GROUP-MISSING": error(
        "CloudWatch Logs does not have the log group {all}: no task could start.",
        "Create the log group, or set the driver's option `awslogs-create-group`.",
        f"{GUIDE}specify-log-config.html",
        held="log group exists|log groups exist",
    ),
    "C-FARGATE-SIZE": error(
        "Fargate has no size of `{0}` CPU units with `{1}` MiB of memory.",
        "Choose a combination that AWS's table has.",
        f"{GUIDE}task-cpu-memory-error.html",
        held="Fargate has the size",
    ),
    "C-FARGATE-NEW-SIZE": warning(
        "Fargate may not have the size of `{0}` CPU units here yet.",
        "If ECS refuses it, choose 16384 units or less.",
        f"{GUIDE}task-cpu-memory-error.html",
    ),
}
