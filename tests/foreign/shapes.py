"""ECS's replies, written by hand: from the API reference, the examples of the AWS CLI and public recordings.

Nothing of ours is used here. Read: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html and the
types it links; awscli/examples/ecs of github.com/aws/aws-cli; tests/data/placebo/test_ecs_service_update of
github.com/cloud-custodian/cloud-custodian; testdata/aws/ecs of github.com/radkawar/stackd.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Where the service is, and what ECS calls it. Old accounts have short ARNs, without the cluster."""

    partition: str = "aws"
    region: str = "us-west-2"
    account: str = "123456789012"
    cluster: str = "MyCluster"
    service: str = "my-http-service"
    family: str = "amazon-ecs-sample"
    short: bool = False

    def arn(self, rest: str) -> str:
        return f"arn:{self.partition}:ecs:{self.region}:{self.account}:{rest}"

    @property
    def cluster_arn(self) -> str:
        return self.arn(f"cluster/{self.cluster}")

    @property
    def service_arn(self) -> str:
        return self.arn(f"service/{self.service}" if self.short else f"service/{self.cluster}/{self.service}")

    def definition_arn(self, revision: int) -> str:
        return self.arn(f"task-definition/{self.family}:{revision}")

    def task_arn(self, number: int) -> str:
        identifier = f"{number:032x}"
        return self.arn(f"task/{identifier}" if self.short else f"task/{self.cluster}/{identifier}")

    def record_arn(self, number: int) -> str:
        return self.arn(f"service-deployment/{self.cluster}/{self.service}/NCWGC2ZR{number}")

    def revision_arn(self, number: int) -> str:
        return self.arn(f"service-revision/{self.cluster}/{self.service}/{number}")

    @property
    def group_arn(self) -> str:
        home = f"arn:{self.partition}:elasticloadbalancing:{self.region}:{self.account}"
        return f"{home}:targetgroup/web/209a844cd01825a4"


HERE = Names()
PORT = "fargate-app-80-tcp"
"""The name of the container's port mapping."""
IMAGE = "registry.example.net/team/sample"


def deployment(names: Names, number: int, **members: Any) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html"""
    return {
        "id": f"ecs-svc/{number}",
        "status": "PRIMARY",
        "desiredCount": 2,
        "pendingCount": 0,
        "runningCount": 0,
        "failedTasks": 0,
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        **members,
    }


def service(names: Names, deployments: list[Json], **members: Any) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html"""
    return {
        "serviceArn": names.service_arn,
        "serviceName": names.service,
        "clusterArn": names.cluster_arn,
        "loadBalancers": [],
        "serviceRegistries": [],
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": sum(each.get("runningCount", 0) for each in deployments),
        "pendingCount": sum(each.get("pendingCount", 0) for each in deployments),
        "launchType": "FARGATE",
        "platformVersion": "LATEST",
        "platformFamily": "Linux",
        "taskDefinition": deployments[0]["taskDefinition"] if deployments else "",
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": False, "rollback": False},
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
        },
        "deployments": deployments,
        "events": [],
        "createdAt": 1_771_000_000.123,
        "placementConstraints": [],
        "placementStrategy": [],
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-12344321"],
                "securityGroups": ["sg-12344321"],
                "assignPublicIp": "DISABLED",
            }
        },
        "healthCheckGracePeriodSeconds": 0,
        "schedulingStrategy": "REPLICA",
        "deploymentController": {"type": "ECS"},
        "enableECSManagedTags": False,
        "propagateTags": "NONE",
        "enableExecuteCommand": False,
        **members,
    }


def definition(names: Names, revision: int, **members: Any) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html"""
    return {
        "taskDefinitionArn": names.definition_arn(revision),
        "family": names.family,
        "revision": revision,
        "status": "ACTIVE",
        "containerDefinitions": [container(f"{IMAGE}:{revision}")],
        "networkMode": "awsvpc",
        "volumes": [],
        "placementConstraints": [],
        "compatibilities": ["EC2", "FARGATE"],
        "requiresCompatibilities": ["FARGATE"],
        "requiresAttributes": [{"name": "ecs.capability.task-eni"}],
        "cpu": "256",
        "memory": "512",
        "registeredAt": 1_771_000_000.5,
        "registeredBy": f"arn:{names.partition}:iam::{names.account}:user/somebody",
        **members,
    }


def container(image: str, **members: Any) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html"""
    return {
        "name": "fargate-app",
        "image": image,
        "cpu": 0,
        "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp", "name": PORT}],
        "essential": True,
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": [],
        **members,
    }


def task(names: Names, number: int, address: str, **members: Any) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html"""
    details = {"subnetId": "subnet-12344321", "networkInterfaceId": f"eni-{number:08x}", "privateIPv4Address": address}
    return {
        "taskArn": names.task_arn(number),
        "clusterArn": names.cluster_arn,
        "group": f"service:{names.service}",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "healthStatus": "UNKNOWN",
        "connectivity": "CONNECTED",
        "cpu": "256",
        "memory": "512",
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
        "version": 3,
        "tags": [],
        "overrides": {"containerOverrides": [{"name": "fargate-app"}], "inferenceAcceleratorOverrides": []},
        "attachments": [
            {
                "id": f"a1b2c3d4-5678-90ab-cdef-{number:012x}",
                "type": "ElasticNetworkInterface",
                "status": "ATTACHED",
                "details": [{"name": name, "value": value} for name, value in details.items()],
            }
        ],
        **members,
    }


def task_container(image: str, **members: Any) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Container.html"""
    return {
        "name": "fargate-app",
        "image": image,
        "lastStatus": "RUNNING",
        "healthStatus": "UNKNOWN",
        "networkBindings": [],
        "networkInterfaces": [],
        "cpu": "0",
        **members,
    }


def record(names: Names, number: int, **members: Any) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html"""
    return {
        "serviceDeploymentArn": names.record_arn(number),
        "serviceArn": names.service_arn,
        "clusterArn": names.cluster_arn,
        "sourceServiceRevisions": [],
        "targetServiceRevision": {
            "arn": names.revision_arn(number),
            "requestedTaskCount": 2,
            "runningTaskCount": 0,
            "pendingTaskCount": 0,
        },
        "status": "IN_PROGRESS",
        "deploymentConfiguration": {"maximumPercent": 200, "minimumHealthyPercent": 100, "strategy": "ROLLING"},
        "deploymentCircuitBreaker": {"status": "DISABLED", "failureCount": 0, "threshold": 3},
        "alarms": {"status": "DISABLED"},
        **members,
    }


def brief(whole: Json) -> Json:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeploymentBrief.html"""
    names = ("serviceDeploymentArn", "serviceArn", "clusterArn", "startedAt", "createdAt", "finishedAt", "status")
    said = {name: whole[name] for name in (*names, "statusReason") if name in whole}
    return said | {"targetServiceRevisionArn": whole["targetServiceRevision"]["arn"]}
