"""CodeDeploy for ECS: finds the deployment group of a service; starts, shows and stops its deployments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from ecsdeploy.aws.reading import JsonObject, flag, moment, needed, nested, number, objects, pages, text, texts
from ecsdeploy.aws.services import words
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsRefused, NoSuchResource
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.codedeploy import CodeDeployment, EcsTarget, LifecycleEvent, Route, TaskSet

_MOST_PAGES = 50
_NAMES_PER_CALL = 100
_LONGEST = 46
"""The ECS console and `aws ecs deploy` cut each name at this length, as CodeDeploy's have at most 100 characters."""
_DEPLOYMENTS_PER_CALL = 25
_NO_TARGET_YET = frozenset({"DeploymentNotStartedException", "DeploymentTargetDoesNotExistException"})


class AwsCodeDeploy:
    """CodeDeploy through one session; what each method promises stands in `engine.ports`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def routes(self, ref: ServiceRef) -> tuple[Route, ...]:
        """The deployment groups whose service is `ref`: those named as the ECS console does, else we look through all.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/create-blue-green.html
        """
        groups = self._conventional(ref) or tuple(self._searched(ref))
        return tuple(map(_route, groups))

    def deployment(self, identifier: str) -> CodeDeployment:
        """One deployment by its id; `Unknown` where there is none.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeployment.html
        """
        asked = {"deploymentId": identifier}
        return _deployment(needed(self._call("GetDeployment", asked, _words(identifier)), "deploymentInfo"))

    def target(self, ref: ServiceRef, identifier: str) -> EcsTarget | None:
        """What a deployment has done to its service so far; None where it has not begun.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentTargets.html
        """
        asked = {"deploymentId": identifier, "targetIds": [f"{ref.short_cluster}:{ref.short_name}"]}
        try:
            found = objects(self._call("BatchGetDeploymentTargets", asked, _words(identifier)), "deploymentTargets")
        except AwsRefused as error:
            if error.code not in _NO_TARGET_YET:
                raise
            return None
        return _target(nested(found[0], "ecsTarget")) if found else None

    def appspec(self, of: CodeDeployment) -> str:
        """The text of a deployment's AppSpec; GetDeployment has only its hash.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetApplicationRevision.html
        """
        revision = {"revisionType": "AppSpecContent", "appSpecContent": {"sha256": of.appspec_hash}}
        asked = {"applicationName": of.application, "revision": revision}
        reply = self._call("GetApplicationRevision", asked, f"the AppSpec of {_words(of.id)}")
        return text(nested(nested(reply, "revision"), "appSpecContent"), "content")

    def deployments(self, route: Route, since: datetime | None = None) -> tuple[CodeDeployment, ...]:
        """The group's newest deployments, one page; with `since`, those created from then on.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
        """
        asked = {"createTimeRange": {"start": since.timestamp()}} if since else {}
        return self._page(route, asked)[0]

    def deployments_page(self, route: Route, token: str = "") -> tuple[tuple[CodeDeployment, ...], str]:
        """One page of the group's deployments, the newest first, and the token of the next page.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html
        """
        return self._page(route, {"nextToken": token} if token else {})

    def _page(self, route: Route, asked: Mapping[str, object]) -> tuple[tuple[CodeDeployment, ...], str]:
        """One page, the newest first, and the next token. AWS does not promise an order, so we sort the page."""
        reply = self._call("ListDeployments", {**_of_group(route), **asked}, f"`{route}`")
        found = self._batches(texts(reply, "deployments"))
        return tuple(sorted(map(_deployment, found), key=_age)), text(reply, "nextToken")

    def create(self, route: Route, appspec: str, description: str) -> str:
        """Start a deployment of the AppSpec's revision, and return its id.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
        """
        content = {"content": appspec, "sha256": sha256(appspec.encode()).hexdigest()}
        asked = {
            **_of_group(route),
            "revision": {"revisionType": "AppSpecContent", "appSpecContent": content},
            "description": description,
            **({"deploymentConfigName": route.configuration} if route.configuration else {}),
        }
        return text(self._call("CreateDeployment", asked, f"`{route}`"), "deploymentId")

    def stop(self, identifier: str) -> None:
        """Stop the deployment and have CodeDeploy roll it back.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_StopDeployment.html
        """
        self._call("StopDeployment", {"deploymentId": identifier, "autoRollbackEnabled": True}, _words(identifier))

    def _conventional(self, ref: ServiceRef) -> tuple[JsonObject, ...]:
        names = f"{ref.short_cluster[:_LONGEST]}-{ref.short_name[:_LONGEST]}"
        asked = {"applicationName": f"AppECS-{names}", "deploymentGroupName": f"DgpECS-{names}"}
        try:
            group = needed(self._call("GetDeploymentGroup", asked, words(ref)), "deploymentGroupInfo")
        except (AwsRefused, NoSuchResource):
            # The names are a guess: where AWS refuses it, we look through all groups.
            return ()
        return (group,) if _is_of(group, ref) else ()

    def _searched(self, ref: ServiceRef) -> Iterator[JsonObject]:
        """The groups of all applications whose service is `ref`.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeploymentGroups.html
        """
        for application in self._applications():
            asked = {"applicationName": application}
            names = self._all("ListDeploymentGroups", asked, "deploymentGroups")
            for part in _parts(names, _NAMES_PER_CALL):
                found = self._call("BatchGetDeploymentGroups", {**asked, "deploymentGroupNames": part}, words(ref))
                yield from (each for each in objects(found, "deploymentGroupsInfo") if _is_of(each, ref))

    def _applications(self) -> Iterator[str]:
        """The names of the applications for ECS."""
        for part in _parts(self._all("ListApplications", {}, "applications"), _NAMES_PER_CALL):
            reply = self._call("BatchGetApplications", {"applicationNames": part}, "CodeDeploy's applications")
            for each in objects(reply, "applicationsInfo"):
                if text(each, "computePlatform") == "ECS":
                    yield text(each, "applicationName")

    def _batches(self, identifiers: Sequence[str]) -> Iterator[JsonObject]:
        """What GetDeployment says of each, twenty-five a call.

        https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
        """
        for part in _parts(identifiers, _DEPLOYMENTS_PER_CALL):
            reply = self._call("BatchGetDeployments", {"deploymentIds": part}, "CodeDeploy's deployments")
            yield from objects(reply, "deploymentsInfo")

    def _all(self, operation: str, asked: Mapping[str, object], member: str) -> tuple[str, ...]:
        subject = "CodeDeploy's applications"

        def ask(token: str) -> JsonObject:
            return self._call(operation, {**asked, "nextToken": token} if token else asked, subject)

        return tuple(name for page in pages(ask, subject, most=_MOST_PAGES) for name in texts(page, member))

    def _call(self, operation: str, asked: Mapping[str, object], subject: str) -> JsonObject:
        return self._session.call("codedeploy", operation, asked, subject=subject)


def _words(identifier: str) -> str:
    return f"CodeDeploy deployment `{identifier}`"


def _of_group(route: Route) -> dict[str, str]:
    return {"applicationName": route.application, "deploymentGroupName": route.group}


def _parts(names: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(names[start : start + size]) for start in range(0, len(names), size))


def _age(of: CodeDeployment) -> float:
    return -of.created_at.timestamp() if of.created_at else 0


def _is_of(group: JsonObject, ref: ServiceRef) -> bool:
    services = ((text(each, "clusterName"), text(each, "serviceName")) for each in objects(group, "ecsServices"))
    return (ref.short_cluster, ref.short_name) in services


def _route(group: JsonObject) -> Route:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentGroupInfo.html"""
    newest = nested(group, "lastAttemptedDeployment")
    ending = nested(nested(group, "blueGreenDeploymentConfiguration"), "terminateBlueInstancesOnDeploymentSuccess")
    keeps = text(ending, "action") == "KEEP_ALIVE"
    ready = nested(nested(group, "blueGreenDeploymentConfiguration"), "deploymentReadyOption")
    stops = text(ready, "actionOnTimeout") == "STOP_DEPLOYMENT"
    undoes, rings = nested(group, "autoRollbackConfiguration"), nested(group, "alarmConfiguration")
    return Route(
        application=text(group, "applicationName"),
        group=text(group, "deploymentGroupName"),
        newest=text(newest, "deploymentId"),
        newest_status=text(newest, "status"),
        newest_at=moment(newest, "createTime"),
        newest_good=text(nested(group, "lastSuccessfulDeployment"), "deploymentId"),
        wait_seconds=0 if keeps else 60 * number(ending, "terminationWaitTimeInMinutes"),
        keeps_old=keeps,
        ready_seconds=60 * number(ready, "waitTimeInMinutes") if stops else 0,
        shift=text(group, "deploymentConfigName"),
        rolls_back_on=texts(undoes, "events") if flag(undoes, "enabled") else (),
        alarms=tuple(text(each, "name") for each in objects(rings, "alarms")) if flag(rings, "enabled") else (),
    )


def _deployment(source: JsonObject) -> CodeDeployment:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html"""
    error, revision = nested(source, "errorInformation"), nested(source, "revision")
    rollback = nested(source, "rollbackInfo")
    setting = nested(source, "autoRollbackConfiguration")
    return CodeDeployment(
        id=text(source, "deploymentId"),
        status=text(source, "status"),
        application=text(source, "applicationName"),
        group=text(source, "deploymentGroupName"),
        creator=text(source, "creator"),
        error_code=text(error, "code"),
        error_message=text(error, "message"),
        appspec_hash=text(nested(revision, "appSpecContent"), "sha256"),
        rollback_id=text(rollback, "rollbackDeploymentId"),
        rolls_back=text(rollback, "rollbackTriggeringDeploymentId"),
        rolls_back_on=frozenset(texts(setting, "events") if flag(setting, "enabled") else ()),
        awaits_termination=flag(source, "instanceTerminationWaitTimeStarted"),
        created_at=moment(source, "createTime"),
        ended_at=moment(source, "completeTime"),
    )


def _target(source: JsonObject) -> EcsTarget:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ECSTarget.html"""
    return EcsTarget(
        events=tuple(_event(each) for each in objects(source, "lifecycleEvents")),
        task_sets=tuple(_task_set(each) for each in objects(source, "taskSetsInfo")),
    )


def _event(source: JsonObject) -> LifecycleEvent:
    return LifecycleEvent(
        name=text(source, "lifecycleEventName"),
        status=text(source, "status"),
        message=text(nested(source, "diagnostics"), "message"),
    )


def _task_set(source: JsonObject) -> TaskSet:
    """The member `identifer` is misspelt in AWS's own model."""
    weight = source.get("trafficWeight")
    return TaskSet(
        id=text(source, "identifer"),
        label=text(source, "taskSetLabel"),
        desired=number(source, "desiredCount"),
        pending=number(source, "pendingCount"),
        running=number(source, "runningCount"),
        weight=float(weight) if isinstance(weight, (int, float)) else 0,
    )
