"""What the endpoint says of a service whose task sets others make: the deployment controller EXTERNAL.

The service has no task definition and no deployments: each task set has its own.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-external.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
"""

from tests.foreign.course import Rollout
from tests.foreign.replies import Replies
from tests.foreign.shapes import Json


class External(Replies):
    """Each deployment of the course is a task set."""

    def service(self) -> Json:
        told = super().service()
        sets = [self._task_set(each) for each in self._listed()]
        alone: Json = {"deployments": [], "loadBalancers": []}
        return told | alone | {"taskSets": sets, "deploymentController": {"type": "EXTERNAL"}}

    def on_DescribeTaskSets(self, asked: Json) -> Json:  # noqa: N802 - AWS's name
        return {"taskSets": [self._task_set(each) for each in self._listed()], "failures": []}

    def on_UpdateService(self, asked: Json) -> Json:  # noqa: N802
        if "taskDefinition" in asked or asked.get("forceNewDeployment"):
            raise LookupError("InvalidParameterException", "Unable to update a service with an EXTERNAL controller.")
        return super().on_UpdateService(asked)

    def on_ListServiceDeployments(self, asked: Json) -> Json:  # noqa: N802
        self._offered()
        return {"serviceDeployments": []}

    def _task_set(self, rollout: Rollout) -> Json:
        primary, running = rollout is self.course.primary, len(rollout.running)
        steady = rollout.state == "COMPLETED"
        return {
            "id": rollout.id,
            "taskSetArn": self.names.arn(f"task-set/{self.names.cluster}/{self.names.service}/{rollout.id}"),
            "serviceArn": self.names.service_arn,
            "clusterArn": self.names.cluster_arn,
            "status": "PRIMARY" if primary else "ACTIVE",
            "taskDefinition": self.names.definition_arn(rollout.revision),
            "computedDesiredCount": self.course.desired if primary else len(rollout.live),
            "pendingCount": len(rollout.live) - running,
            "runningCount": running,
            "createdAt": rollout.began,
            "updatedAt": rollout.changed or rollout.began,
            "launchType": "FARGATE",
            "platformVersion": "1.4.0",
            "loadBalancers": self.members.get("loadBalancers", []),
            "serviceRegistries": [],
            "scale": {"value": 100.0, "unit": "PERCENT"},
            "stabilityStatus": "STEADY_STATE" if steady else "STABILIZING",
            "stabilityStatusAt": rollout.changed or rollout.began,
            "tags": [],
        }
