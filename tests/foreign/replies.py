"""What the endpoint says of a course: one method for each operation, and every member where ECS has it.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html. A `LookupError` is an error reply: its
code and its text, as recorded.
"""

from collections.abc import Mapping
from typing import Any

from tests.foreign import shapes
from tests.foreign.course import FIRST, Course, Rollout, Task
from tests.foreign.shapes import Json, Names

_OF_ROLLOUTS = ("(deployment ", "rolling back to deployment ")
"""How lines begin that ECS writes only where a deployment has a state."""


def _present(members: Json) -> Json:
    return {name: value for name, value in members.items() if value is not None}


class Replies:
    """`members` are added to the service, and `parts` to each deployment; one that is None is left out.

    `rollout_states`: whether deployments have one, and lines of their own; `page`: tasks a page.
    """

    def __init__(
        self,
        course: Course,
        names: Names,
        *,
        members: Mapping[str, Any] | None = None,
        parts: Mapping[str, Any] | None = None,
        definition: Mapping[str, Any] | None = None,
        rollout_states: bool = True,
        records: bool = True,
        page: int = 100,
    ) -> None:
        self.course, self.names, self.members, self.parts = course, names, dict(members or {}), dict(parts or {})
        self.rollout_states, self.records, self.page = rollout_states, records, page
        self.definitions: dict[int, Json] = {1: shapes.definition(names, 1, **(definition or {}))}

    # Services

    def on_DescribeServices(self, asked: Json) -> Json:  # noqa: N802 - AWS's name
        if asked["services"][0].rsplit("/", 1)[-1] != self.names.service:
            return {"services": [], "failures": [{"arn": asked["services"][0], "reason": "MISSING"}]}
        return {"services": [self.service()], "failures": []}

    def on_ListServices(self, asked: Json) -> Json:  # noqa: N802
        return {"serviceArns": [self.names.service_arn]}

    def on_DescribeClusters(self, asked: Json) -> Json:  # noqa: N802
        cluster = {"clusterArn": self.names.cluster_arn, "clusterName": self.names.cluster, "status": "ACTIVE"}
        return {"clusters": [cluster], "failures": []}

    def on_UpdateService(self, asked: Json) -> Json:  # noqa: N802
        if self.course.status != "ACTIVE":
            raise LookupError("ServiceNotActiveException", "Service was not ACTIVE.")
        if "desiredCount" in asked:
            self.course.desired = asked["desiredCount"]
        if "taskDefinition" in asked or asked.get("forceNewDeployment"):
            named = asked.get("taskDefinition", f"x:{self.course.primary.revision}")
            revision = int(str(named).rsplit(":", 1)[-1])
            if revision not in self.definitions:
                raise LookupError("ClientException", "TaskDefinition not found.")
            if revision != self.course.primary.revision or asked.get("forceNewDeployment"):
                self.course.begin(revision, "us")
        return {"service": self.service()}

    def service(self) -> Json:
        course = self.course
        breaker = {"enable": course.shape.breaker, "rollback": course.shape.goes_back}
        told = shapes.service(
            self.names,
            [self._deployment(each) for each in self._listed()],
            status=course.status,
            desiredCount=course.desired,
            events=self._events(),
        )
        told["deploymentConfiguration"]["deploymentCircuitBreaker"] = breaker
        return _present(told | self.members)

    def _listed(self) -> list[Rollout]:
        return [self.course.primary, *(each for each in reversed(self.course.history) if self._is_old(each))]

    def _is_old(self, rollout: Rollout) -> bool:
        """Where ECS keeps no state of a rollout it lists those that have tasks."""
        kept = rollout.listed and self.rollout_states
        return rollout is not self.course.primary and (kept or bool(rollout.live))

    def _deployment(self, rollout: Rollout) -> Json:
        primary = rollout is self.course.primary
        told = shapes.deployment(
            self.names,
            rollout.number,
            status="PRIMARY" if primary else "ACTIVE",
            taskDefinition=self.names.definition_arn(rollout.revision),
            desiredCount=self.course.desired if primary else len(rollout.live),
            runningCount=len(rollout.running),
            pendingCount=len(rollout.live) - len(rollout.running),
            failedTasks=rollout.failed,
            createdAt=rollout.began,
            updatedAt=rollout.changed or rollout.began,
        )
        if self.rollout_states:
            ending = {"COMPLETED": "completed", "IN_PROGRESS": "in progress"}.get(rollout.state, "failed")
            told["rolloutState"] = rollout.state
            told["rolloutStateReason"] = rollout.why or f"ECS deployment {rollout.id} {ending}."
        return _present(told | self.parts)

    def _events(self) -> list[Json]:
        told = [
            {"id": f"e{number:035d}", "createdAt": at, "message": f"(service {self.names.service}) {words}"}
            for number, (at, words) in enumerate(self.course.events)
            if self.rollout_states or not words.startswith(_OF_ROLLOUTS)
        ]
        return told[:-101:-1]

    # Task definitions

    def on_DescribeTaskDefinition(self, asked: Json) -> Json:  # noqa: N802
        _, _, number = str(asked["taskDefinition"]).rsplit("/", 1)[-1].partition(":")
        revision = int(number) if number else max(self.definitions)
        if revision not in self.definitions:
            raise LookupError("ClientException", "Unable to describe task definition.")
        return {"taskDefinition": self.definitions[revision], "tags": []}

    def on_RegisterTaskDefinition(self, asked: Json) -> Json:  # noqa: N802
        revision = max(self.definitions) + 1
        content = {name: value for name, value in asked.items() if name != "tags"}
        self.definitions[revision] = shapes.definition(self.names, revision) | content
        return {"taskDefinition": self.definitions[revision], "tags": asked.get("tags", [])}

    def on_ListTaskDefinitions(self, asked: Json) -> Json:  # noqa: N802
        numbers = sorted(self.definitions, reverse=asked.get("sort") == "DESC")
        return {"taskDefinitionArns": [self.names.definition_arn(each) for each in numbers]}

    def on_DeregisterTaskDefinition(self, asked: Json) -> Json:  # noqa: N802
        revision = int(str(asked["taskDefinition"]).rsplit(":", 1)[-1])
        self.definitions[revision]["status"] = "INACTIVE"
        return {"taskDefinition": self.definitions[revision]}

    # Tasks

    def on_ListTasks(self, asked: Json) -> Json:  # noqa: N802
        wanted = asked.get("desiredStatus", "RUNNING")
        found = [
            self.names.task_arn(task.number)
            for rollout in self.course.history
            for task in rollout.tasks
            if (task.stopped is None) is (wanted == "RUNNING")
            and asked.get("startedBy", rollout.id) == rollout.id
            and (task.stopped is None or self.course.now - task.stopped < 3600)
        ]
        start = int(asked.get("nextToken") or 0)
        after = start + self.page
        return {"taskArns": found[start:after]} | ({"nextToken": str(after)} if after < len(found) else {})

    def on_DescribeTasks(self, asked: Json) -> Json:  # noqa: N802
        tasks = {self.names.task_arn(each.number): each for rollout in self.course.history for each in rollout.tasks}
        missing = [{"arn": arn, "reason": "MISSING"} for arn in asked["tasks"] if arn not in tasks]
        return {"tasks": [self._task(tasks[arn]) for arn in asked["tasks"] if arn in tasks], "failures": missing}

    def on_GetTaskProtection(self, asked: Json) -> Json:  # noqa: N802
        return {"protectedTasks": [], "failures": []}

    def _task(self, task: Task) -> Json:
        rollout = task.of
        ran, over = task.started is not None, task.stopped is not None
        image = self.definitions[rollout.revision]["containerDefinitions"][0]["image"]
        inner = shapes.task_container(image, lastStatus="STOPPED" if over else "RUNNING" if ran else "PENDING")
        if over and ran:
            inner["exitCode"] = rollout.fate.exit_code if task.dies else 143
        told = shapes.task(
            self.names,
            task.number,
            task.address,
            taskDefinitionArn=self.names.definition_arn(rollout.revision),
            startedBy=rollout.id,
            lastStatus=inner["lastStatus"],
            desiredStatus="STOPPED" if over else "RUNNING",
            containers=[inner],
            createdAt=task.created,
        )
        if ran:
            told["startedAt"] = task.started
        if over:
            told |= {"stoppedAt": task.stopped, "executionStoppedAt": task.stopped, "stoppingAt": task.stopped}
            told |= {"stopCode": task.code, "stoppedReason": task.reason}
        return told

    # Service deployments

    def on_ListServiceDeployments(self, asked: Json) -> Json:  # noqa: N802
        self._offered()
        wanted = asked.get("status")
        whole = [self._record(each) for each in reversed(self.course.history)]
        return {"serviceDeployments": [shapes.brief(each) for each in whole if not wanted or each["status"] in wanted]}

    def on_DescribeServiceDeployments(self, asked: Json) -> Json:  # noqa: N802
        self._offered()
        known = {self.names.record_arn(each.number): each for each in self.course.history}
        arns = asked["serviceDeploymentArns"]
        failures = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known]
        return {"serviceDeployments": [self._record(known[arn]) for arn in arns if arn in known], "failures": failures}

    def on_DescribeServiceRevisions(self, asked: Json) -> Json:  # noqa: N802
        self._offered()
        known = {self.names.revision_arn(each.number): each for each in self.course.history}
        return {
            "serviceRevisions": [
                {"serviceRevisionArn": arn, "taskDefinition": self.names.definition_arn(known[arn].revision)}
                for arn in asked["serviceRevisionArns"]
                if arn in known
            ],
            "failures": [],
        }

    def on_StopServiceDeployment(self, asked: Json) -> Json:  # noqa: N802
        self._offered()
        number = FIRST + int(str(asked["serviceDeploymentArn"])[-19:]) - FIRST
        rollout = next((each for each in self.course.history if each.number == number), None)
        if rollout is None or rollout.record != "IN_PROGRESS":
            raise LookupError("ConflictException", "The service deployment is not in progress.")
        self.course.go_back(rollout, "Service deployment rolled back because of user request.")
        return {"serviceDeploymentArn": asked["serviceDeploymentArn"]}

    def _offered(self) -> None:
        if not self.records:
            raise LookupError("UnsupportedFeatureException", "Service deployments are not supported here.")

    def _record(self, rollout: Rollout) -> Json:
        told = shapes.record(
            self.names, rollout.number, status=rollout.record, createdAt=rollout.began, startedAt=rollout.began + 1
        )
        target = told["targetServiceRevision"]
        target |= {"requestedTaskCount": self.course.desired, "runningTaskCount": len(rollout.running)}
        if self.course.shape.breaker:
            state = "TRIGGERED" if rollout.state == "FAILED" else "MONITORING"
            count = {"failureCount": rollout.failed, "threshold": self.course.threshold}
            told["deploymentCircuitBreaker"] = {"status": state, **count}
        if rollout.ended:
            told["finishedAt"] = rollout.ended
        if rollout.why:
            told["statusReason"] = rollout.why
        if rollout.goes_to is not None:
            revision = self.names.revision_arn(rollout.goes_to.number)
            told["rollback"] = {"reason": rollout.why, "startedAt": rollout.changed, "serviceRevisionArn": revision}
        return told
