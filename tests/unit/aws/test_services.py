import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused, NoSuchResource, ReplyLost
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.steps import PointService
from tests.unit.aws.answers import ARN, WEB, Refusal, aws, plane_on, service

REVISION = f"{ARN}task-definition/web:8"
MISSING = {"services": [], "failures": [{"arn": f"{ARN}service/prod/web", "reason": "MISSING"}]}
DENIED = Refusal(code="AccessDeniedException", message="not authorized to perform: ecs:ListServices")


def test_a_service_is_asked_for_as_it_was_named() -> None:
    transport = aws(DescribeServices={"services": [service()]})
    ref = ServiceRef(cluster=f"{ARN}cluster/prod", name=f"{ARN}service/prod/web")

    assert plane_on(transport).service(ref).name == "web"
    assert transport.sent[0].body == {"cluster": ref.cluster, "services": [ref.name]}


def test_f15_a_missing_service_names_place_and_near_misses() -> None:
    arns = [f"{ARN}service/prod/{name}" for name in ("web-api", "worker", "web2")]
    transport = aws(DescribeServices=MISSING, ListServices={"serviceArns": arns})
    with pytest.raises(NoSuchResource) as caught:
        plane_on(transport).service(WEB)

    assert caught.value.message == (
        "The service `web` in cluster `prod` does not exist (Region `us-east-1`, account 123456789012)."
    )
    assert caught.value.hint == "Did you mean `web2` or `web-api`?"


@pytest.mark.parametrize("listing", [DENIED, ConnectionResetError(), {"serviceArns": []}])
def test_f15_a_missing_service_is_reported_without_the_right_to_list(
    listing: Refusal | Exception | dict[str, object],
) -> None:
    with pytest.raises(NoSuchResource) as caught:
        plane_on(aws(DescribeServices=MISSING, ListServices=listing)).service(WEB)
    assert caught.value.hint == "Check the name, the Region and the account."


def test_f15_a_missing_cluster_names_place_and_near_misses() -> None:
    transport = aws(
        DescribeServices=Refusal(code="ClusterNotFoundException", message="Cluster not found."),
        ListClusters={"clusterArns": [f"{ARN}cluster/production", f"{ARN}cluster/staging"]},
    )
    with pytest.raises(NoSuchResource) as caught:
        plane_on(transport).service(ServiceRef(cluster="productoin", name="web"))

    assert caught.value.message == (
        "The cluster `productoin` does not exist (Region `us-east-1`, account 123456789012)."
    )
    assert caught.value.hint == "Did you mean `production`?"


def test_f15_a_deleted_service_does_not_exist() -> None:
    with pytest.raises(NoSuchResource, match="has been deleted"):
        plane_on(aws(DescribeServices={"services": [service(status="INACTIVE")]})).service(WEB)


def test_f15_a_draining_service_is_still_shown() -> None:
    found = plane_on(aws(DescribeServices={"services": [service(status="DRAINING")]})).service(WEB)
    assert found.status == "DRAINING"


@pytest.mark.parametrize(
    "reply",
    [{}, {"services": {}}, {"services": [7]}, {"services": [service(deployments=[{"id": 1}])]}],
)
def test_f12_a_service_of_the_wrong_shape_is_a_lost_reply(reply: dict[str, object]) -> None:
    with pytest.raises(ReplyLost):
        plane_on(aws(DescribeServices=reply)).service(WEB)


@pytest.mark.parametrize(
    "foreign", [{"serviceName": "web2", "serviceArn": f"{ARN}service/prod/web2"}, {"clusterArn": f"{ARN}cluster/test"}]
)
def test_t05_a_reply_about_another_service_is_a_lost_reply(foreign: dict[str, object]) -> None:
    with pytest.raises(ReplyLost, match="about another service"):
        plane_on(aws(DescribeServices={"services": [service(**foreign)]})).service(WEB)


def test_t05_the_service_asked_for_is_found_among_others() -> None:
    both = [service(serviceName="web2", serviceArn=f"{ARN}service/prod/web2"), service()]
    assert plane_on(aws(DescribeServices={"services": both})).service(WEB).name == "web"


def test_an_update_sends_the_revision_and_nothing_else() -> None:
    transport = aws(UpdateService={"service": service()})
    plane_on(transport).update_service(PointService(service=WEB), REVISION)
    assert transport.sent[0].body == {"cluster": "prod", "service": "web", "taskDefinition": REVISION}


@pytest.mark.parametrize(
    ("sizing", "sent"),
    [
        (Sizing(desired_count=0), {"desiredCount": 0}),
        (
            Sizing(minimum_healthy_percent=0),
            {"deploymentConfiguration": {"minimumHealthyPercent": 0}},
        ),
        (
            Sizing(minimum_healthy_percent=50, maximum_percent=150),
            {"deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 150}},
        ),
    ],
    ids=["zero tasks", "one percentage", "both percentages"],
)
def test_an_update_sends_of_the_sizing_what_was_given(sizing: Sizing, sent: dict[str, object]) -> None:
    transport = aws(UpdateService={"service": service()})
    plane_on(transport).update_service(PointService(service=WEB, sizing=sizing), REVISION)
    assert sent.items() <= transport.sent[0].body.items()


def test_a_forced_deployment_without_a_revision_keeps_the_definition() -> None:
    transport = aws(UpdateService={"service": service()})
    plane_on(transport).update_service(PointService(service=WEB, force=True), "")
    assert transport.sent[0].body == {"cluster": "prod", "service": "web", "forceNewDeployment": True}


def test_an_update_returns_the_service_with_our_deployment() -> None:
    ours = {"id": "ecs-svc/9", "status": "PRIMARY", "taskDefinition": REVISION}
    transport = aws(UpdateService={"service": service(deployments=[ours])})
    found = plane_on(transport).update_service(PointService(service=WEB), REVISION)
    assert found.primary is not None
    assert found.primary.id == "ecs-svc/9"


@pytest.mark.parametrize("reply", [{}, {"service": None}, {"service": []}])
def test_f12_an_update_without_a_service_in_its_reply_is_a_lost_reply(reply: dict[str, object]) -> None:
    with pytest.raises(ReplyLost):
        plane_on(aws(UpdateService=reply)).update_service(PointService(service=WEB), REVISION)


@pytest.mark.parametrize(
    "foreign", [{"serviceName": "web2", "serviceArn": f"{ARN}service/prod/web2"}, {"clusterArn": f"{ARN}cluster/test"}]
)
def test_t05_a_reply_to_an_update_that_is_about_another_service_is_a_lost_reply(foreign: dict[str, object]) -> None:
    ours = {"id": "ecs-svc/9", "status": "PRIMARY", "taskDefinition": REVISION}
    transport = aws(UpdateService={"service": service(deployments=[ours], **foreign)})
    with pytest.raises(ReplyLost, match="about another service"):
        plane_on(transport).update_service(PointService(service=WEB), REVISION)


def test_a_refused_update_says_to_what() -> None:
    answer = Refusal(code="ClientException", message="TaskDefinition is inactive")
    with pytest.raises(AwsRefused, match="service `web` in cluster `prod`: TaskDefinition is inactive"):
        plane_on(aws(UpdateService=answer)).update_service(PointService(service=WEB), REVISION)


def test_m09_a_page_of_a_cluster_s_services_and_the_next_ones_token() -> None:
    transport = aws(ListServices=[{"serviceArns": [f"{ARN}service/prod/web"], "nextToken": "2"}, {"serviceArns": []}])
    plane = plane_on(transport)
    assert plane.services_page("prod") == ((f"{ARN}service/prod/web",), "2")
    assert plane.services_page("prod", "2") == ((), "")
    assert [each.body for each in transport.sent] == [
        {"cluster": "prod", "maxResults": 100},
        {"cluster": "prod", "maxResults": 100, "nextToken": "2"},
    ]


def test_m09_a_reply_without_a_list_does_not_say_that_there_are_no_services() -> None:
    with pytest.raises(ReplyLost):
        plane_on(aws(ListServices={})).services_page("prod")


def test_m09_a_cluster_that_is_not_there_is_named_with_its_near_misses() -> None:
    transport = aws(
        ListServices=Refusal(code="ClusterNotFoundException", message="Cluster not found."),
        ListClusters={"clusterArns": [f"{ARN}cluster/prod"]},
    )
    with pytest.raises(NoSuchResource, match="The cluster `prdo` does not exist") as caught:
        plane_on(transport).services_page("prdo")
    assert caught.value.hint == "Did you mean `prod`?"


def test_m09_who_may_not_list_services_is_told_what_to_allow() -> None:
    with pytest.raises(AccessDenied) as caught:
        plane_on(aws(ListServices=DENIED)).services_page("prod")
    assert '"Action": "ecs:ListServices"' in caught.value.hint


def test_m09_services_are_told_apart_from_those_that_ecs_says_nothing_of() -> None:
    arns = [f"{ARN}service/prod/{name}" for name in ("web", "gone", "silent")]
    other = service(serviceArn=f"{ARN}service/prod/other")
    failures = [{"arn": arns[1], "reason": "MISSING"}]
    transport = aws(DescribeServices={"services": [service(serviceArn=arns[0]), other], "failures": failures})
    found, others = plane_on(transport).services("prod", arns)
    assert [each.arn for each in found] == arns[:1]
    assert others == {arns[1]: "MISSING", arns[2]: ""}
    assert transport.sent[0].body == {"cluster": "prod", "services": arns}
