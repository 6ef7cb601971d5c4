"""Causes that show while an image is pulled.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.known_cause import GUIDE, Aspect, KnownCause, Permanence, initializing, pattern, pulling

_LINK = f"{GUIDE}task_cannot_pull_image.html"
_ROLE = (Aspect.EXECUTION_ROLE,)

NO_ANSWER = (
    "i/o timeout|timed out|context canceled|deadline exceeded|timeout exceeded|connection issue|connection refused"
    "|no such host|request canceled|check your network configuration|TLS handshake timeout|connection reset"
    "|unexpected EOF|network is unreachable|no route to host|server misbehaving|dial tcp|could not reach"
    "|send request failed"
)

IMAGES = (
    KnownCause(
        code="E-IMAGE-PLATFORM",
        meaning="the image {image} was not built for the platform of the task",
        remedy="Build the image for the processor that `runtimePlatform` names, or change that.",
        permanence=Permanence.PERMANENT,
        because="what an image holds does not change: it is built for a platform or not",
        link=f"{GUIDE}ecs-arm64.html",
        patterns=(
            pulling(
                "matching platform|descriptor for platform|no matching manifest for",
                "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
            ),
        ),
        explained_by=(Aspect.PLATFORM,),
    ),
    KnownCause(
        code="E-PULL-RATE-LIMITED",
        meaning="the registry limits the rate of pulls of {image}",
        remedy="Wait and deploy again, or pull through a cache or an authenticated account.",
        permanence=Permanence.TRANSIENT,
        because="a rate limit is lifted after a while, and ECS tries again",
        link=f"{_LINK}#container-pull-too-many-requests",
        patterns=(
            pulling(
                "toomanyrequests|too many requests|pull rate limit",
                "CannotPullContainerError: ... 429 Too Many Requests - Server message: toomanyrequests: You have "
                "reached your pull rate limit.",
            ),
        ),
    ),
    KnownCause(
        code="E-REGISTRY-TOKEN-EXPIRED",
        meaning="the host's login to the registry of {image} had expired",
        remedy="Nothing of yours failed: the agent of the container instance logs in again.",
        permanence=Permanence.TRANSIENT,
        because="a login to ECR holds for twelve hours, and the agent renews it",
        link="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
        patterns=(
            pulling(
                "authorization token has expired",
                "CannotPullContainerError: Error response from daemon: denied: Your authorization token has expired. "
                "Reauthenticate and try again.",
            ),
        ),
    ),
    KnownCause(
        code="E-REGISTRY-AUTH",
        meaning="the task may not log in to the registry of {image}",
        remedy="Give the execution role `{role}` (on EC2 the instance's role) `ecr:GetAuthorizationToken`, or the "
        "container `repositoryCredentials`.",
        permanence=Permanence.PERMANENT,
        because="a missing permission stays missing until somebody grants it",
        link=f"{GUIDE}task_execution_IAM_role.html",
        patterns=(
            initializing(
                "ecr registry auth.*(?:AccessDenied|not authorized)|ecr:GetAuthorizationToken",
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                "failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): "
                "AccessDeniedException: User is not authorized to perform: ecr:GetAuthorizationToken",
            ),
            pulling(
                "no basic auth credentials|ecr:GetAuthorizationToken",
                "CannotPullContainerError: Error response from daemon: Get https://111122223333.dkr.ecr.eu-west-1"
                ".amazonaws.com/v2/web/manifests/2: no basic auth credentials",
            ),
        ),
        explained_by=_ROLE,
    ),
    KnownCause(
        code="E-PULL-DENIED",
        meaning="the registry refuses to give out the image {image}",
        remedy="Give the execution role `{role}` the right to pull, and check the registry's own policy.",
        permanence=Permanence.PERMANENT,
        because="a missing permission stays missing until somebody grants it",
        link=f"{_LINK}#pull-request-image-not-found",
        patterns=(
            pulling(
                "access denied|denied:|40[13] forbidden|40[13] unauthorized|unauthorized:|not authorized"
                "|authorization failed|require authorization|AccessDenied|the role has the permissions",
                "CannotPullContainerError: pull access denied for web, repository does not exist or may require "
                "authorization: server message: insufficient_scope: authorization failed",
            ),
        ),
        explained_by=_ROLE,
    ),
    KnownCause(
        code="E-DIGEST-NOT-FOUND",
        meaning="the digest of the image {image} is no longer in its registry",
        remedy="Push the image again and deploy; ECS starts every task of a deployment from the digest that it "
        "resolved first, so check what deletes images there.",
        permanence=Permanence.PERMANENT,
        because="a deployment keeps the digest that it resolved first",
        link=f"{GUIDE}deployment-type-ecs.html#deployment-container-image-stability",
        patterns=(
            pulling(
                "@sha256:[0-9a-f]+:? not found",
                "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref "
                "acme/web@sha256:88e87b4d1cc2: acme/web@sha256:88e87b4d1cc2: not found",
            ),
        ),
    ),
    KnownCause(
        code="E-IMAGE-NOT-FOUND",
        meaning="the image {image} does not exist in its registry",
        remedy="Push the image, or correct its name or tag, and deploy again.",
        permanence=Permanence.PERMANENT,
        because="the registry answered that it has no such image, after ECS had asked several times",
        link=f"{_LINK}#pull-request-image-tag",
        patterns=(
            pulling(
                "not found|manifest unknown|name unknown|does not exist",
                "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
                "acme/web:2: acme/web:2: not found",
            ),
        ),
    ),
    KnownCause(
        code="E-PULL-TIMEOUT",
        meaning="the registry of {image} cannot be reached from the task",
        remedy="Check the route from the task's subnets to the registry: NAT, VPC endpoints, security groups.",
        permanence=Permanence.UNCLEAR,
        because="a route may be missing for good, or a registry away for a moment; ECS has tried for minutes already",
        link=f"{GUIDE}verify-connectivity.html",
        patterns=(
            pulling(
                NO_ANSWER,
                "The task cannot pull 'web' from the Amazon ECR repository '111122223333.dkr.ecr.eu-west-1.amazonaws"
                ".com/web'. There is a connection issue between the task and Amazon ECR.",
            ),
        ),
        explained_by=(Aspect.NETWORK,),
    ),
    KnownCause(
        code="E-DISK-FULL",
        meaning="the disk of the task is full",
        remedy="Make the image smaller, give the task more `ephemeralStorage`, or free the disk of the instance.",
        permanence=Permanence.UNCLEAR,
        because="on EC2 another instance may have room; on Fargate every task has the same disk",
        link=f"{_LINK}#pull-request-write-error",
        patterns=(
            pattern(
                "no space left on device|Thin Pool has \\d+ free",
                "CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device",
            ),
        ),
        explained_by=(Aspect.VOLUME,),
    ),
    KnownCause(
        code="E-PULL",
        meaning="the image {image} cannot be pulled",
        remedy="Read the reason: it is the registry's own.",
        permanence=Permanence.UNCLEAR,
        because="the text is not one that is known here",
        link=_LINK,
        patterns=(
            pulling(
                "",
                "CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReaderSeeker: "
                "failed open: unexpected status code",
            ),
        ),
    ),
)
