"""Every check, met in a release that it finds fault with: the whole sentence as its reader sees it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.edits import ImageChange, SetMember, SetSecret
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.request import OnFailure, Sizing, WholeBudget
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import Balanced, Demands, LaunchVolume, Registry, ServiceSettings
from ecsdeploy.model.steps import Finding, PointService
from ecsdeploy.model.surroundings import Resource, ResourceType, ScalingLimits, StoredImage, TargetGroup
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.checks.admission import (
    check_account,
    check_attestation,
    check_definition,
    check_forced,
    check_one_off,
    check_plain,
    check_service,
)
from ecsdeploy.plan.checks.placeholders import check_places
from ecsdeploy.plan.checks.preflight import check_all
from ecsdeploy.plan.checks.registering import check_registration
from ecsdeploy.plan.checks.sentences import MEANINGS, found, sentence
from ecsdeploy.plan.codedeploy import check_code_deploy
from ecsdeploy.plan.revise import revise
from ecsdeploy.plan.revisions import check_revision, check_stays
from ecsdeploy.plan.variables import edited
from tests.unit.plan.attempts import REGISTRY, RUNNING, attempt, fargate, known
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.plan.said_elsewhere import SAID_ELSEWHERE
from tests.unit.rollout.builders import NOON, OLD, TARGET_GROUP, foreign, old, ours, service_with

Found = Iterable[Finding]
DATA = (LaunchVolume(name="data"),)
ROUTE = Route(application="shop", group="web", container="app", port=80)
INACTIVE = definition_of(container("app", "app:1"), status="INACTIVE")
IMAGE = f"{REGISTRY}/team/app:1"
ROLE = "arn:aws:iam::111122223333:role/team"
SECRETS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:"
ON_OLD = PointService(service=WEB, revision=OLD)


def _demanding(**demands: Any) -> Service:
    return replace(RUNNING, settings=ServiceSettings(demands=Demands(**demands)))


def _balanced(port: int) -> Service:
    return replace(RUNNING, settings=ServiceSettings(balanced=(Balanced(container="app", port=port),)))


def _checked(definition: TaskDefinition = fargate(), service: Service = RUNNING, **facts: Any) -> Found:  # noqa: B008
    return check_all(attempt(service, definition), known(**facts))


def _sized(service: Service = RUNNING, **sizing: Any) -> Found:
    return check_all(attempt(service, sizing=Sizing(**sizing)), known())


def _going_back(service: Service = RUNNING, **facts: Any) -> Found:
    return check_all(attempt(service, on_failure=OnFailure.ROLLBACK), known(**facts))


def _definition(*containers: dict[str, object], **members: object) -> TaskDefinition:
    return definition_of(*(containers or (container("app", "app:1"),)), **members)


def _changed(*containers: str) -> list[ImageChange]:
    return [ImageChange(container=each, before="app:1", after="app:2") for each in containers]


def _gone(kind: ResourceType, *names: str, region: str = "eu-west-1") -> dict[Resource, bool]:
    return {Resource(type=kind, name=each, region=region): False for each in names}


TRUSTED: Any = {"attestationPolicy": "policy"}
SECRET_OF_APP = container("app", "app:1", secrets=[{"name": "DB", "valueFrom": f"{SECRETS}db-AbCdEf"}])
PLAIN_SECRET_OF_APP = container("app", "app:1", environment=[{"name": "DB_PASSWORD", "value": "hunter-9z8y"}])
PARAMETERS = [{"name": "A", "valueFrom": "/a"}, {"name": "B", "valueFrom": "/b"}]
LOGS = {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web"}}
MAPPED = container("app", "app:1", portMappings=[{"containerPort": 80, "name": "http"}])

SAID: dict[str, tuple[Callable[[], Found], str]] = {
    "C-ACCOUNT": (
        lambda: check_account(RUNNING.arn, "444455556666"),
        "The service `web` is in account `111122223333`, and `--expect-account` says `444455556666`.",
    ),
    "C-NOT-ACTIVE": (
        lambda: check_service(replace(RUNNING, status="DRAINING"), Sizing()),
        "The service `web` is DRAINING: somebody has deleted it.",
    ),
    "C-CONTROLLER": (
        lambda: check_service(replace(RUNNING, controller="EXTERNAL"), Sizing()),
        (
            "The service `web` has the deployment controller `EXTERNAL`: another program deploys it, with task sets, "
            "and ECS takes no task definition for it."
        ),
    ),
    "C-PLAIN-SECRET": (
        lambda: check_plain(_definition(PLAIN_SECRET_OF_APP), None),
        (
            "The value of `DB_PASSWORD` in container `app` looks like a credential, and who may describe the definition"
            " can read it: `--secret app:DB_PASSWORD=arn:aws:...` keeps it out."
        ),
    ),
    "C-SAME-VALUE": (
        lambda: edited(_definition(SECRET_OF_APP), SetSecret(name="DB", source=f"{SECRETS}db-AbCdEf"))[1],
        "The edit of `DB` in container `app` changes nothing: it has that value already.",
    ),
    "C-UNKNOWN-MEMBER": (
        lambda: (found("C-UNKNOWN-MEMBER", "newThing"),),
        "This version of the tool does not know `newThing` of the definition, and sends it as it is.",
    ),
    "C-UNKNOWN-SERVICE-MEMBER": (
        lambda: (found("C-UNKNOWN-SERVICE-MEMBER", "newThing"),),
        "This version of the tool does not know `newThing` of the service, and sends it as it is.",
    ),
    "C-NOT-PINNED": (
        lambda: (found("C-NOT-PINNED", "app:1"),),
        "No private ECR registry has these images, and they are not pinned by digest: `app:1`.",
    ),
    "C-TAGS-UNREAD": (
        lambda: (found("C-TAGS-UNREAD"),),
        "The tags of the revision that the release starts from may not be read, and are not copied.",
    ),
    "C-NO-CHANGE": (
        lambda: revise(_definition(), (SetMember(member="cpu", value=None),)).findings,
        "The option `--cpu` changes nothing in container `app`.",
    ),
    "C-CODEDEPLOY-GROUP": (
        lambda: check_code_deploy(RUNNING, Sizing(), []),
        "The service `web` is deployed by CodeDeploy, and CodeDeploy has no deployment group for it here.",
    ),
    "C-CODEDEPLOY-GROUPS": (
        lambda: check_code_deploy(RUNNING, Sizing(), [ROUTE, replace(ROUTE, group="api")]),
        "More than one deployment group of CodeDeploy is for this service: `shop/web`, `shop/api`.",
    ),
    "C-CODEDEPLOY-PORT": (
        lambda: check_code_deploy(RUNNING, Sizing(), [replace(ROUTE, container="")]),
        "The service `web` has no load balancer, and CodeDeploy needs one to send traffic to the new version.",
    ),
    "C-CODEDEPLOY-SIZING": (
        lambda: check_code_deploy(RUNNING, Sizing(desired_count=3), [ROUTE]),
        (
            "The service `web` is deployed by CodeDeploy, which changes no desired count and no deployment "
            "configuration."
        ),
    ),
    "C-NO-FAMILY": (lambda: check_definition(_definition(family="")), "The task definition has no `family`."),
    "C-NO-CONTAINER": (lambda: check_definition(definition_of()), "The task definition `web` has no container."),
    "C-NO-IMAGE": (
        lambda: check_definition(_definition(container("app", ""), container("", "a:1"), container("b", "b:1"))),
        "Each container needs a `name` and an `image`; `app`, `?` lacks one.",
    ),
    "C-PLACEHOLDER": (
        lambda: check_places(_definition(container("app", "<IMAGE>"), taskRoleArn="{{role}}"), None),
        ("The definition still has unfilled placeholders: `<IMAGE> (containerDefinitions[app].image)`, "
        "`{{role}} (taskRoleArn)`."),
    ),
    "C-ROLE-ARN": (
        lambda: check_registration(_definition(taskRoleArn="arn:aws:iam::ACCOUNT:role/x"), None),
        "The definition's `taskRoleArn` is not the ARN of a role: `arn:aws:iam::ACCOUNT:role/x`.",
    ),
    "C-EXECUTION-ROLE": (
        lambda: check_registration(
            _definition(
                container("app", "a:1", logConfiguration=LOGS), requiresCompatibilities=["FARGATE"], executionRoleArn=""
            ),
            None,
        ),
        "Fargate needs `executionRoleArn` in a definition whose containers log through `awslogs`: `app`.",
    ),
    "C-HOST-PORT": (
        lambda: check_registration(
            _definition(
                container("app", "a:1", portMappings=[{"containerPort": 80, "hostPort": 81}]), networkMode="awsvpc"
            ),
            None,
        ),
        "In the network mode `awsvpc` a host port is the container's own, and `app` maps `80` to `81`.",
    ),
    "C-PLACEHOLDER-LEFT": (
        lambda: check_places(_definition(container("app", "a:1", user="${USER}")), None),
        "The definition may still have unfilled placeholders: `${USER} (containerDefinitions[app].user)`.",
    ),
    "C-ATTESTATION": (
        lambda: check_attestation(_definition(trustedExecutionConfiguration=TRUSTED), _changed("app", "side")),
        "The image of `app`, `side` changes under an attestation policy, which may accept only the old image.",
    ),
    "C-FORCED-INACTIVE": (
        lambda: check_forced(INACTIVE),
        "The revision `web:1` in use is INACTIVE: ECS may start no new deployment of it.",
    ),
    "C-NO-NETWORK": (
        lambda: check_one_off(_definition(networkMode="awsvpc"), OneOff(cluster="prod")),
        "Tasks of `web` are in `awsvpc` mode: name their subnets with `--network-configuration`.",
    ),
    "C-REVISION-IN-USE": (
        lambda: check_stays(ON_OLD, RUNNING),
        "The service `web` is on `web:1` already: ECS begins no deployment where the revision stays the same.",
    ),
    "C-REVISION-IN-USE-FAILED": (
        lambda: check_stays(ON_OLD, service_with(old("FAILED", status="PRIMARY"))),
        ("The service `web` is on `web:1` already, whose release has not succeeded: ECS begins no deployment where the "
        "revision stays the same."),
    ),
    "C-REVISION-INACTIVE": (
        lambda: check_revision(INACTIVE),
        "The revision `web:1` is INACTIVE: a copy of it is registered and deployed.",
    ),
    "C-REVISION-NOT-ACTIVE": (
        lambda: check_revision(INACTIVE, copied=False),
        ("The revision `web:1` is INACTIVE: ECS deploys no such revision, only a copy of it, and `--revision` "
        "registers none."),
    ),
    "C-IMAGE-MISSING": (
        lambda: _checked(_definition(container("a", IMAGE), container("b", f"{IMAGE}0")), images={IMAGE: None}),
        f"ECR does not have `{IMAGE}`: no task could start.",
    ),
    "C-IMAGE-PLATFORM": (
        lambda: _checked(images={IMAGE: StoredImage(digest="sha256:1", platforms=("linux/arm64", "linux/arm"))}),
        (f"The image `{IMAGE}` is built for `linux/arm64, linux/arm` and the task runs on `linux/amd64`: no task could "
        "start."),
    ),
    "C-ROLE-MISSING": (
        lambda: _checked(_definition(taskRoleArn=ROLE), resources=_gone(ResourceType.ROLE, "team", region="")),
        "IAM does not have the role `team` that the definition names.",
    ),
    "C-SECRET-MISSING": (
        lambda: _checked(_definition(SECRET_OF_APP), resources=_gone(ResourceType.SECRET, f"{SECRETS}db-AbCdEf")),
        f"Secrets Manager does not have `{SECRETS}db-AbCdEf`, or deletes it soon: no task could start.",
    ),
    "C-PARAMETER-MISSING": (
        lambda: _checked(
            _definition(container("app", "app:1", secrets=PARAMETERS)),
            resources=_gone(ResourceType.PARAMETER, "/b", "/a"),
        ),
        "Parameter Store does not have `/a`, `/b`: no task could start.",
    ),
    "C-LOG-GROUP-MISSING": (
        lambda: _checked(
            _definition(container("app", "app:1", logConfiguration=LOGS)),
            resources=_gone(ResourceType.LOG_GROUP, "/ecs/web"),
        ),
        "CloudWatch Logs does not have the log group `/ecs/web`: no task could start.",
    ),
    "C-FARGATE-SIZE": (
        lambda: _checked(fargate(cpu=".25 vCPU", memory="4 GB")),
        "Fargate has no size of `256` CPU units with `4096` MiB of memory.",
    ),
    "C-FARGATE-NEW-SIZE": (
        lambda: _checked(fargate(cpu="32 vCPU", memory="64 GB")),
        "Fargate may not have the size of `32768` CPU units here yet.",
    ),
    "C-DEADLOCK": (
        lambda: _sized(desired_count=3, minimum_healthy_percent=67, maximum_percent=100),
        "With 3 desired, minimum 67 % and maximum 100 % leave ECS no room to start a task or to stop one.",
    ),
    "C-ZONE-REBALANCING": (
        lambda: _sized(
            replace(RUNNING, minimum_healthy_percent=0, settings=ServiceSettings(rebalances_zones=True)),
            maximum_percent=100,
        ),
        "The service `web` rebalances Availability Zones, which needs a maximum above 100 %, and 100 % is asked for.",
    ),
    "C-SCALING-LIMITS": (
        lambda: check_all(
            attempt(sizing=Sizing(desired_count=9)), known(limits=ScalingLimits(lowest=2, highest=8))
        ),
        "Auto scaling keeps the service between 2 and 8 tasks, and 9 are asked for: it will change that again.",
    ),
    "C-TARGET-GROUP-MISSING": (
        lambda: _checked(
            service=service_with(old(status="PRIMARY"), target_groups=(TARGET_GROUP,)),
            target_groups={TARGET_GROUP: None},
        ),
        f"The load balancer does not have the target group `{TARGET_GROUP}` of the service.",
    ),
    "C-BALANCED-CONTAINER": (
        lambda: _checked(_definition(container("web", "app:1")), _balanced(80)),
        "The service's load balancer sends requests to the container `app`, which the definition does not have.",
    ),
    "C-BALANCED-PORT": (
        lambda: _checked(_definition(MAPPED), _balanced(8080)),
        "The service's load balancer sends requests to port 8080 of the container `app`, which does not map that port.",
    ),
    "C-NETWORK-MODE": (
        lambda: _checked(_definition(networkMode="host"), _demanding(networked=True)),
        "The service `web` has a network configuration, which the network mode `host` of the definition does not take.",
    ),
    "C-NETWORK-MISSING": (
        lambda: _checked(_definition(networkMode="awsvpc")),
        "The definition's network mode `awsvpc` needs subnets, and the service `web` has no network configuration.",
    ),
    "C-LAUNCH-TYPE": (
        lambda: _checked(_definition(requiresCompatibilities=["EC2"], memory="512"), _demanding(fargate=True)),
        ("The service `web` runs on Fargate, and the definition has `requiresCompatibilities` without `FARGATE`. "
        "The service `web` runs on Fargate, and the definition has no `cpu`."),
    ),
    "C-REGISTERED-CONTAINER": (
        lambda: _checked(_definition(), _demanding(registries=(Registry(container="api", port=80),))),
        "The service registers the container `api` in service discovery, and the definition does not have it.",
    ),
    "C-REGISTERED-PORT": (
        lambda: _checked(_definition(MAPPED), _demanding(registries=(Registry(container="app", port=8080),))),
        "The service registers port 8080 of the container `app` in service discovery, which does not map that port.",
    ),
    "C-NAMED-PORT": (
        lambda: _checked(_definition(MAPPED), _demanding(named_ports=("http", "grpc"))),
        ("The service `web` sends requests to the port named `grpc`, and no container of the definition has a port of "
        "that name."),
    ),
    "C-LAUNCH-VOLUME": (
        lambda: _checked(_definition(volumes=[{"name": "data"}]), _demanding(launch_volumes=DATA)),
        ("The service `web` configures the volume `data` at launch, and the definition has no such volume that is "
        "`configuredAtLaunch`."),
    ),
    "C-LAUNCH-VOLUME-LEFT": (
        lambda: _checked(_definition(volumes=[{"name": "data", "configuredAtLaunch": True}])),
        "The volume `data` of the definition is configured at launch, and the service `web` does not configure it.",
    ),
    "C-DAEMON-COUNT": (
        lambda: _sized(replace(RUNNING, scheduling="DAEMON"), desired_count=3),
        "The service `web` runs one task on each instance (`DAEMON`): ECS takes no desired count for it.",
    ),
    "C-DAEMON-MAXIMUM": (
        lambda: _sized(replace(RUNNING, scheduling="DAEMON"), maximum_percent=101),
        ("The service `web` runs one task on each instance (`DAEMON`): ECS takes no maximum above 100 % for it, and "
        "101 % is asked for."),
    ),
    "C-BUSY": (
        lambda: _checked(service=service_with(replace(ours(), created_at=NOON), old())),
        ("A deployment of the service `web` is running already: `ecs-svc/2000000000000000002`, to `web:2` since "
        "2026-11-22T12:00:00Z, registered by somebody unknown."),
    ),
    "C-NEWER-REVISION": (
        lambda: _checked(newest=_definition(taskDefinitionArn=f"{OLD[:-1]}4", revision=4)),
        ("The newest revision is `web:4`, and the release starts from `web:1`; these changes of it are not deployed: "
        "all of them."),
    ),
    "C-NEWER-FAILED": (
        lambda: _checked(newest=_definition(taskDefinitionArn=f"{OLD[:-1]}4", revision=4), newest_failed=True),
        ("The newest revision `web:4` was released and failed, or was rolled back; the release starts from `web:1`; "
        "these changes of it are not deployed: all of them."),
    ),
    "C-NO-ROLLBACK-TARGET": (
        lambda: _going_back(service_with(replace(foreign(), rollout_state="FAILED"))),
        "No deployment of the service `web` has completed: a failure leaves no version to go back to.",
    ),
    "C-ROLLBACK-INACTIVE": (
        lambda: _going_back(target=INACTIVE),
        "The revision `web:1` to go back to is INACTIVE: a rollback has to register a copy of it first.",
    ),
    "C-ROLLBACK-IMAGE": (
        lambda: _going_back(target=_definition(container("app", f"{IMAGE}0")), images={f"{IMAGE}0": None}),
        f"ECR no longer has `{IMAGE}0` of the revision to go back to: a rollback could start no task.",
    ),
    "C-TIMEOUT": (
        lambda: check_all(
            attempt(replace(RUNNING, grace_seconds=60), budget=WholeBudget(seconds=90.5)),
            known(target_groups={TARGET_GROUP: TargetGroup(check_seconds=15, drain_seconds=20)}),
        ),
        "The deployment may need 95 s by its own settings, and the timeout is 90.5 s.",
    ),
    "C-CREDENTIALS-EXPIRE": (
        lambda: check_all(
            attempt(budget=WholeBudget(seconds=100)), known(expire_at=NOON + timedelta(seconds=61))
        ),
        "The credentials expire at 2026-11-22T12:01:01Z, and the deployment may be watched until 2026-11-22T12:01:40Z.",
    ),
    "C-UNCHECKED": (
        lambda: _checked(unread=("role app (access denied)", "images (timed out)")),
        "Not checked, as it could not be read: role app (access denied), images (timed out).",
    ),
    **SAID_ELSEWHERE,
}  # fmt: skip


@pytest.mark.parametrize("code", SAID)
def test_a_check_says_what_it_found_about_what(code: str) -> None:
    meet, said = SAID[code]
    findings = list(meet())
    assert {each.code for each in findings} == {code}, "nothing else is wrong with this release"
    assert " ".join(map(sentence, findings)) == said


def test_the_sentence_of_every_code_is_shown_here() -> None:
    assert SAID.keys() == MEANINGS.keys()
