import pytest

from ecsdeploy.errors import AwsError, ReplyLost
from tests.unit.aws.answers import ARN, Answer, Aws, Refusal, aws, plane_on, service


def revision(name: str) -> str:
    return f"{ARN}task-definition/{name}"


def cluster_with(*services: dict[str, object], tasks: list[dict[str, object]] | None = None) -> Aws:
    return aws(
        ListServices={"serviceArns": [str(each["serviceArn"]) for each in services]},
        DescribeServices={"services": list(services)},
        ListTasks={"taskArns": [str(each["taskArn"]) for each in tasks or []]},
        DescribeTasks={"tasks": tasks or []},
    )


def test_every_deployment_and_task_set_of_a_service_uses_its_revision() -> None:
    transport = cluster_with(
        service(
            serviceName="api",
            taskDefinition=revision("web:7"),
            deployments=[{"taskDefinition": revision("web:6")}],
            taskSets=[{"taskDefinition": revision("web:5")}],
        )
    )
    assert plane_on(transport).revisions_in_use("prod", "web") == {
        revision("web:7"): "service `api` of `prod`",
        revision("web:6"): "service `api` of `prod`",
        revision("web:5"): "service `api` of `prod`",
    }


def test_a_running_task_uses_its_revision_and_a_service_is_named_first() -> None:
    tasks: list[dict[str, object]] = [
        {"taskArn": f"{ARN}task/prod/abc", "taskDefinitionArn": revision("web:7")},
        {"taskArn": f"{ARN}task/prod/def", "taskDefinitionArn": revision("web:3")},
    ]
    transport = cluster_with(service(taskDefinition=revision("web:7")), tasks=tasks)
    assert plane_on(transport).revisions_in_use("prod", "web") == {
        revision("web:7"): "service `web` of `prod`",
        revision("web:3"): "task `def` of `prod`",
    }


def test_other_families_do_not_count() -> None:
    transport = cluster_with(service(taskDefinition=revision("web-api:7")))
    assert plane_on(transport).revisions_in_use("prod", "web") == {}


def test_f50_services_are_described_in_tens() -> None:
    services = [service(serviceArn=f"{ARN}service/prod/{number}") for number in range(23)]
    transport = cluster_with(*services)
    plane_on(transport).revisions_in_use("prod", "web")
    described = [each.body["services"] for each in transport.sent if each.operation == "DescribeServices"]
    assert [len(each) for each in described if isinstance(each, list)] == [10, 10, 3]


def test_t18_every_page_of_the_clusters_is_read() -> None:
    pages: list[Answer] = [
        {"clusterArns": [f"{ARN}cluster/staging"], "nextToken": "2"},
        {"clusterArns": [f"{ARN}cluster/prod"]},
    ]
    assert plane_on(aws(ListClusters=pages)).clusters() == (f"{ARN}cluster/staging", f"{ARN}cluster/prod")


@pytest.mark.parametrize("reason", ["MISSING", "ACCESS_DENIED"])
def test_t18_a_service_that_is_not_described_may_use_any_revision(reason: str) -> None:
    transport = cluster_with(service(taskDefinition=revision("web:7")), service(serviceArn=f"{ARN}service/prod/api"))
    failures = [{"arn": f"{ARN}service/prod/api", "reason": reason}]
    transport.answers["DescribeServices"] = [{"services": [service()], "failures": failures}]
    with pytest.raises(AwsError, match="1 of the services in cluster `prod` could not be described"):
        plane_on(transport).revisions_in_use("prod", "web")


def test_t18_another_cluster_s_service_in_the_reply_stands_for_none_that_was_asked_for() -> None:
    transport = cluster_with(service())
    transport.answers["DescribeServices"] = [{"services": [service(serviceArn=f"{ARN}service/staging/web")]}]
    with pytest.raises(AwsError, match="1 of the services in cluster `prod` could not be described"):
        plane_on(transport).revisions_in_use("prod", "web")


def test_t18_a_task_that_is_not_described_may_use_any_revision() -> None:
    transport = cluster_with(tasks=[{"taskArn": f"{ARN}task/prod/abc", "taskDefinitionArn": revision("web:7")}])
    transport.answers["DescribeTasks"] = [{"tasks": [], "failures": [{"reason": "MISSING"}]}]
    with pytest.raises(AwsError, match="1 of the tasks in cluster `prod` could not be described"):
        plane_on(transport).revisions_in_use("prod", "web")


@pytest.mark.parametrize("operation", ["ListClusters", "ListServices", "ListTasks"])
def test_t18_a_reply_without_its_list_does_not_say_that_nothing_is_in_use(operation: str) -> None:
    transport = cluster_with()
    transport.answers[operation] = [{}]
    with pytest.raises(ReplyLost):
        plane_on(transport).clusters() if operation == "ListClusters" else plane_on(transport).revisions_in_use(
            "prod", "web"
        )


def test_t18_a_cluster_that_is_gone_uses_nothing() -> None:
    gone = Refusal(code="ClusterNotFoundException", message="Cluster not found.")
    assert plane_on(aws(ListServices=gone)).revisions_in_use("old", "web") == {}
