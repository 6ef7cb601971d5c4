"""What the endpoint says of a service that Express mode manages, from AWS's pages and what others have seen.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeExpressGatewayService.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateExpressGatewayService.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html: the container `Main`, what of the
service cannot be updated, and the family, which is cluster and service (seen in policies of others).
https://github.com/kayac/ecspresso/pull/902: the service itself names no task definition.
"""

from copy import deepcopy
from typing import Any

from tests.foreign import shapes
from tests.foreign.replies import Replies
from tests.foreign.shapes import IMAGE, Json

ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole"
MAIN: Json = {
    "name": "Main",
    "image": f"{IMAGE}:1",
    "essential": True,
    "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp", "name": "main"}],
    "environment": [{"name": "MODE", "value": "live"}],
    "mountPoints": [],
    "volumesFrom": [],
    "secrets": [],
    "linuxParameters": {"initProcessEnabled": True, "devices": [], "tmpfs": []},
    "stopTimeout": 30,
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": "/aws/ecs/MyCluster/my-http-service-8d2f",
            "awslogs-region": "us-west-2",
            "awslogs-stream-prefix": "ecs",
            "mode": "non-blocking",
            "max-buffer-size": "25m",
        },
        "secretOptions": [],
    },
    "systemControls": [],
    "versionConsistency": "enabled",
}
_CARRIED = ("image", "command", "environment", "secrets", "repositoryCredentials")
DEFINITION: Json = {"containerDefinitions": [MAIN], "executionRoleArn": ROLE, "cpu": "1024", "memory": "2048"}


class ExpressMode(Replies):
    """`begins_after` is how many seconds after an update its deployment appears; `names_it` is whether replies say
    which task definition it is of; `keeps` is a member of the container that an update leaves as it was.
    """

    def __init__(
        self, *about: Any, begins_after: float = 0, names_it: bool = True, keeps: str = "", **said: Any
    ) -> None:
        super().__init__(*about, definition=DEFINITION | said.pop("definition", {}), **said)
        self.begins_after, self.names_it, self.keeps = begins_after, names_it, keeps

    def service(self) -> Json:
        told = super().service()
        del told["taskDefinition"]
        return told | {"resourceManagementType": "ECS"}

    def on_UpdateService(self, asked: Json) -> Json:  # noqa: N802 - AWS's name
        for member in ("deploymentConfiguration", "loadBalancers"):
            if member in asked:
                raise LookupError("InvalidParameterException", f"{member} cannot be updated on Express Mode services.")
        return super().on_UpdateService(asked)

    def on_DescribeExpressGatewayService(self, asked: Json) -> Json:  # noqa: N802
        assert asked["serviceArn"] == self.names.service_arn
        configurations = [self._configuration(each.revision, each.number) for each in self._listed()]
        return {"service": self._head() | {"activeConfigurations": configurations}}

    def on_UpdateExpressGatewayService(self, asked: Json) -> Json:  # noqa: N802
        assert asked["serviceArn"] == self.names.service_arn
        revision = self._given(asked) if "taskDefinitionArn" in asked else self._made(asked)
        self.course.later(self.begins_after, lambda: self._begin(revision))
        target = self._configuration(revision, 0) if self.names_it else {}
        return {"service": self._head() | {"targetConfiguration": target}}

    def _begin(self, revision: int) -> None:
        self.course.begin(revision, "us")

    def _given(self, asked: Json) -> int:
        if set(asked) - {"serviceArn", "taskDefinitionArn"}:
            raise LookupError("InvalidParameterException", "taskDefinitionArn excludes primaryContainer.")
        return int(asked["taskDefinitionArn"].rsplit(":", 1)[-1])

    def _made(self, asked: Json) -> int:
        """Express mode keeps what is beside its own members: advanced-customization, "Adding a sidecar"."""
        now = self.definitions[self.course.primary.revision]
        content = deepcopy({name: now[name] for name in now if name not in ("revision", "taskDefinitionArn")})
        content |= {name: each for name, each in asked.items() if name in DEFINITION}
        main = next(each for each in content["containerDefinitions"] if each["name"] == "Main")
        sent = asked.get("primaryContainer", {})
        main |= {name: each for name, each in sent.items() if name in _CARRIED and name != self.keeps}
        revision = max(self.definitions) + 1
        self.definitions[revision] = shapes.definition(self.names, revision) | content
        return revision

    def _head(self) -> Json:
        names = self.names
        return {
            "serviceArn": names.service_arn,
            "serviceName": names.service,
            "cluster": names.cluster,
            "status": {"statusCode": "ACTIVE"},
            "createdAt": 1_771_000_000.123,
        }

    def _configuration(self, revision: int, number: int) -> Json:
        definition = self.definitions[revision]
        main = next(each for each in definition["containerDefinitions"] if each["name"] == "Main")
        return {
            "serviceRevisionArn": self.names.revision_arn(number),
            "taskDefinitionArn": self.names.definition_arn(revision),
            "executionRoleArn": ROLE,
            "cpu": definition["cpu"],
            "memory": definition["memory"],
            "primaryContainer": {
                "image": main["image"],
                "containerPort": 80,
                "environment": main["environment"],
                "aMemberOfTomorrow": {"kept": True},
            },
        }
