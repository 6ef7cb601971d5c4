"""An ECS endpoint on loopback that answers at once, and whose deployments complete when they are made."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = Mapping[str, Any]

CLUSTER, SERVICE = "prod", "web"
IMAGE = "registry.example.com/team/web"

ARN = "arn:aws:ecs:us-east-1:123456789012"
CLUSTER_ARN = f"{ARN}:cluster/{CLUSTER}"
SERVICE_ARN = f"{ARN}:service/{CLUSTER}/{SERVICE}"
MADE_AT = 1_767_225_600.0


class World:
    """One service: at revision 1 until it is updated, then steady at revision 2."""

    def __init__(self) -> None:
        self.revision = 1
        self.calls: list[str] = []

    def answer(self, operation: str, request: Json) -> Json | None:
        """The reply to a call, or None where the operation is not known."""
        self.calls.append(operation)
        match operation:
            case "DescribeServices":
                return {"services": [self._service()], "failures": []}
            case "DescribeTaskDefinition":
                return {
                    "taskDefinition": _definition(self._revision(request["taskDefinition"])),
                    "tags": [],
                }
            case "RegisterTaskDefinition":
                return {"taskDefinition": _definition(2), "tags": []}
            case "UpdateService":
                self.revision = 2
                return {"service": self._service()}
            case "ListTasks":
                return {"taskArns": [self._task()["taskArn"]]}
            case "DescribeTasks":
                return {"tasks": [self._task()], "failures": []}
            case "ListServiceDeployments":
                return {"serviceDeployments": [self._service_deployment()]}
            case "DescribeServiceDeployments":
                return {"serviceDeployments": [self._service_deployment()], "failures": []}
            case _:
                return None

    def _revision(self, name: str) -> int:
        """A family alone means its newest revision."""
        number = name.rpartition(":")[2]
        return int(number) if number.isdecimal() else self.revision

    def _service(self) -> Json:
        return {
            "serviceArn": SERVICE_ARN,
            "serviceName": SERVICE,
            "clusterArn": CLUSTER_ARN,
            "status": "ACTIVE",
            "launchType": "FARGATE",
            "schedulingStrategy": "REPLICA",
            "deploymentController": {"type": "ECS"},
            "deploymentConfiguration": {"maximumPercent": 200, "minimumHealthyPercent": 100},
            "taskDefinition": _definition_arn(self.revision),
            **_counts(),
            "loadBalancers": [],
            "serviceRegistries": [],
            "events": [],
            "deployments": [self._deployment()],
            "createdAt": MADE_AT,
        }

    def _deployment(self) -> Json:
        return {
            "id": f"ecs-svc/{self.revision}",
            "status": "PRIMARY",
            "rolloutState": "COMPLETED",
            "rolloutStateReason": f"ECS deployment ecs-svc/{self.revision} completed.",
            "taskDefinition": _definition_arn(self.revision),
            **_counts(),
            "failedTasks": 0,
            "launchType": "FARGATE",
            "createdAt": MADE_AT + self.revision,
            "updatedAt": MADE_AT + self.revision,
        }

    def _service_deployment(self) -> Json:
        revision = {
            "arn": f"{ARN}:service-revision/{CLUSTER}/{SERVICE}/{self.revision}",
            "requestedTaskCount": 1,
            "runningTaskCount": 1,
            "pendingTaskCount": 0,
        }
        return {
            "serviceDeploymentArn": f"{ARN}:service-deployment/{CLUSTER}/{SERVICE}/deployment{self.revision}",
            "serviceArn": SERVICE_ARN,
            "clusterArn": CLUSTER_ARN,
            "status": "SUCCESSFUL",
            "targetServiceRevision": revision,
            "targetServiceRevisionArn": revision["arn"],
            "createdAt": MADE_AT + self.revision,
            "startedAt": MADE_AT + self.revision,
            "finishedAt": MADE_AT + self.revision,
        }

    def _task(self) -> Json:
        return {
            "taskArn": f"{ARN}:task/{CLUSTER}/{self.revision:032x}",
            "clusterArn": CLUSTER_ARN,
            "taskDefinitionArn": _definition_arn(self.revision),
            "group": f"service:{SERVICE}",
            "startedBy": f"ecs-svc/{self.revision}",
            "launchType": "FARGATE",
            "desiredStatus": "RUNNING",
            "lastStatus": "RUNNING",
            "healthStatus": "UNKNOWN",
            "containers": [{"name": "app", "lastStatus": "RUNNING", "healthStatus": "UNKNOWN"}],
            "createdAt": MADE_AT + self.revision,
            "startedAt": MADE_AT + self.revision,
        }


def _counts() -> Json:
    return {"desiredCount": 1, "runningCount": 1, "pendingCount": 0}


def _definition_arn(revision: int) -> str:
    return f"{ARN}:task-definition/{SERVICE}:{revision}"


def _definition(revision: int) -> Json:
    return {
        "taskDefinitionArn": _definition_arn(revision),
        "family": SERVICE,
        "revision": revision,
        "status": "ACTIVE",
        "containerDefinitions": [{"name": "app", "image": f"{IMAGE}:{revision}", "essential": True, "cpu": 0}],
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "compatibilities": ["EC2", "FARGATE"],
        "cpu": "256",
        "memory": "512",
        "volumes": [],
        "placementConstraints": [],
        "requiresAttributes": [],
        "registeredAt": MADE_AT,
    }


class _Handler(BaseHTTPRequestHandler):
    """AWS's JSON protocol: the operation is a header, the request and the reply are bodies."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    world: World

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        operation = self.headers.get("x-amz-target", "unknown").rpartition(".")[2]
        reply = self.world.answer(operation, json.loads(body or b"{}"))
        if reply is None:
            self._send(HTTPStatus.BAD_REQUEST, {"__type": "UnsupportedFeatureException", "message": operation})
        else:
            self._send(HTTPStatus.OK, reply)

    def _send(self, status: HTTPStatus, reply: Json) -> None:
        body = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-amzn-requestid", "00000000-0000-0000-0000-000000000000")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the table is the output."""


@contextmanager
def serving(world: World) -> Iterator[str]:
    """Serve a world on a free port of loopback; gives its URL."""
    handler = type("Handler", (_Handler,), {"world": world})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
