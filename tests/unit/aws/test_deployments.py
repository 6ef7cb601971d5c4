import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused, ReplyLost, Throttled
from tests.unit.aws.answers import ARN, WEB, Answer, Aws, Refusal, aws, plane_on

OURS = "ecs-svc/1234567890123456789"


def brief(number: str, status: str = "IN_PROGRESS", *, arn: str = "") -> dict[str, object]:
    """One element of ListServiceDeployments."""
    return {
        "serviceDeploymentArn": arn or f"{ARN}service-deployment/prod/web/{number[-4:]}",
        "targetServiceRevisionArn": f"{ARN}service-revision/prod/web/{number}",
        "status": status,
    }


def described(status: str, number: str = "1234567890123456789", *, arn: str = "ours") -> dict[str, object]:
    """The reply of DescribeServiceDeployments; each element names the service revision that it leads to."""
    target = {"arn": f"{ARN}service-revision/prod/web/{number}"}
    return {"serviceDeployments": [{"serviceDeploymentArn": arn, "status": status, "targetServiceRevision": target}]}


def listed(reply: dict[str, object]) -> list[object]:
    elements = reply["serviceDeployments"]
    assert isinstance(elements, list)
    return elements


def listing(*briefs: dict[str, object], token: str = "") -> dict[str, object]:
    return {"serviceDeployments": list(briefs), **({"nextToken": token} if token else {})}


def transport_with(status: str = "IN_PROGRESS") -> Aws:
    return aws(
        ListServiceDeployments=listing(
            brief("9999999999999999999", arn="other"), brief("1234567890123456789", status, arn="ours")
        ),
        DescribeServiceDeployments=described(status),
    )


def test_ours_is_the_one_whose_target_revision_has_our_digits() -> None:
    found = plane_on(transport_with()).service_deployment(WEB, OURS)
    assert found is not None
    assert found.arn == "ours"


def test_while_none_has_our_digits_there_is_none_and_the_next_look_asks_again() -> None:
    transport = aws(ListServiceDeployments=listing(brief("9999999999999999999")))
    plane = plane_on(transport)
    assert plane.service_deployment(WEB, OURS) is None
    assert plane.service_deployment(WEB, OURS) is None
    assert transport.operations == ["ListServiceDeployments"] * 2


def test_once_found_each_look_is_one_call_by_its_arn() -> None:
    transport = transport_with()
    plane = plane_on(transport)
    for _ in range(3):
        plane.service_deployment(WEB, OURS)

    assert transport.operations == ["ListServiceDeployments", *["DescribeServiceDeployments"] * 2]
    assert transport.sent[1].body == {"serviceDeploymentArns": ["ours"]}


def test_one_that_is_no_longer_plainly_under_way_is_read_whole_at_once() -> None:
    transport = transport_with("ROLLBACK_SUCCESSFUL")
    plane_on(transport).service_deployment(WEB, OURS)
    assert transport.operations == ["ListServiceDeployments", "DescribeServiceDeployments"]


def test_two_deployments_of_a_service_are_kept_apart() -> None:
    transport = transport_with()
    plane = plane_on(transport)
    theirs = plane.service_deployment(WEB, "ecs-svc/9999999999999999999")
    ours = plane.service_deployment(WEB, OURS)
    assert [each.arn for each in (theirs, ours) if each] == ["other", "ours"]


def test_the_list_is_followed_for_a_few_pages_only() -> None:
    pages: list[Answer] = [listing(brief("9999999999999999999"), token=str(number)) for number in range(4)]
    transport = aws(ListServiceDeployments=pages)
    assert plane_on(transport).service_deployment(WEB, OURS) is None
    assert transport.operations == ["ListServiceDeployments"] * 3


def test_f14_one_that_is_not_described_yet_is_none_for_this_look() -> None:
    transport = transport_with()
    transport.answers["DescribeServiceDeployments"] = [{"serviceDeployments": [], "failures": [{}]}]
    plane = plane_on(transport)
    plane.service_deployment(WEB, OURS)
    assert plane.service_deployment(WEB, OURS) is None


@pytest.mark.parametrize("target", ["9999999999999999999", ""], ids=["another's", "none"])
def test_t05_an_element_that_leads_elsewhere_is_not_ours_and_is_looked_for_again(target: str) -> None:
    transport = transport_with()
    transport.answers["DescribeServiceDeployments"] = [described("SUCCESSFUL", target), described("IN_PROGRESS")]
    plane = plane_on(transport)
    found = [plane.service_deployment(WEB, OURS) for _ in range(4)]
    assert [each.status if each else None for each in found] == ["IN_PROGRESS", None, "IN_PROGRESS", "IN_PROGRESS"]
    assert transport.operations == ["ListServiceDeployments", "DescribeServiceDeployments"] * 2


def test_t05_ours_is_taken_out_of_a_reply_that_shows_others_too() -> None:
    transport = transport_with("SUCCESSFUL")
    both = [*listed(described("ROLLBACK_FAILED", "9")), *listed(described("SUCCESSFUL"))]
    transport.answers["DescribeServiceDeployments"] = [{"serviceDeployments": both}]
    found = plane_on(transport).service_deployment(WEB, OURS)
    assert found is not None
    assert found.status == "SUCCESSFUL"


@pytest.mark.parametrize(
    "answer",
    [
        Refusal(code="UnsupportedFeatureException"),
        Refusal(code="UnknownOperationException"),
        Refusal(code="InvalidAction"),
        Refusal(code="NotFound", status=404),
        Refusal(code="NotImplemented", status=501),
    ],
    ids=lambda answer: answer.code,
)
def test_f21_where_the_operation_is_not_offered_it_is_not_asked_for_again(answer: Refusal) -> None:
    transport = aws(ListServiceDeployments=answer)
    plane = plane_on(transport)
    assert plane.service_deployment(WEB, OURS) is None
    assert plane.service_deployment(WEB, OURS) is None
    assert transport.operations == ["ListServiceDeployments"]


def test_a_list_that_may_not_be_read_is_not_an_empty_one() -> None:
    plane = plane_on(aws(ListServiceDeployments=Refusal(code="AccessDeniedException")))
    for read in (lambda: plane.service_deployment(WEB, OURS), lambda: plane.history_page(WEB)):
        with pytest.raises(AccessDenied, match="may not call `ecs:ListServiceDeployments`"):
            read()


def test_revisions_that_may_not_be_read_are_not_unknown_ones() -> None:
    transport = aws(
        ListServiceDeployments=listing(brief("9")), DescribeServiceRevisions=Refusal(code="AccessDeniedException")
    )
    with pytest.raises(AccessDenied, match="may not call `ecs:DescribeServiceRevisions`"):
        plane_on(transport).history_page(WEB)


def test_the_page_of_a_proxy_says_nothing_of_what_aws_offers() -> None:
    page = Refusal(code="404", message="<html><title>Not found</title></html>", status=404)
    transport = aws(ListServiceDeployments=[page, listing(brief("1234567890123456789"))])
    plane = plane_on(transport)
    with pytest.raises(AwsRefused):
        plane.service_deployment(WEB, OURS)
    assert plane.service_deployment(WEB, OURS) is not None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Refusal(code="ThrottlingException"), Throttled),
        (Refusal(code="ServerException", status=500), ReplyLost),
        (ConnectionResetError(), ReplyLost),
    ],
)
def test_a_passing_failure_is_an_error_and_no_lack(answer: Refusal | Exception, error: type[Exception]) -> None:
    transport = aws(ListServiceDeployments=[answer, listing(brief("1234567890123456789"))])
    plane = plane_on(transport)
    with pytest.raises(error):
        plane.service_deployment(WEB, OURS)
    assert plane.service_deployment(WEB, OURS) is not None


def test_the_newest_are_described_whole_in_the_order_of_the_list() -> None:
    transport = aws(
        ListServiceDeployments=listing(brief("9", arn="new"), brief("8", arn="old"), brief("7", arn="gone")),
        DescribeServiceDeployments={
            "serviceDeployments": [
                {"serviceDeploymentArn": "old", "status": "SUCCESSFUL"},
                {"serviceDeploymentArn": "new", "status": "IN_PROGRESS", "lifecycleStage": "BAKE_TIME"},
            ]
        },
    )
    found = plane_on(transport).service_deployments(WEB, 3)
    assert [(each.arn, each.stage) for each in found] == [("new", "BAKE_TIME"), ("old", "")]
    assert transport.sent[0].body == {"cluster": "prod", "service": "web", "maxResults": 3}
    assert transport.sent[1].body == {"serviceDeploymentArns": ["new", "old", "gone"]}


def test_where_there_are_none_none_is_described() -> None:
    transport = aws(ListServiceDeployments=listing())
    assert plane_on(transport).service_deployments(WEB, 3) == ()
    assert transport.operations == ["ListServiceDeployments"]


def test_durations_are_those_of_releases_that_have_ended_well() -> None:
    spans = ((1000.0, 1090.5), (500.0, 660.0))
    ended = [brief("9") | {"createdAt": start, "finishedAt": end} for start, end in spans]
    transport = aws(ListServiceDeployments=listing(*ended, brief("7") | {"createdAt": 1.0}))
    assert plane_on(transport).durations(WEB) == (90.5, 160.0)
    assert transport.operations == ["ListServiceDeployments"]
    assert transport.sent[0].body["status"] == ["SUCCESSFUL"]


def test_a_history_asks_for_the_revisions_once() -> None:
    transport = aws(
        ListServiceDeployments=listing(brief("9"), brief("8")),
        DescribeServiceRevisions={
            "serviceRevisions": [
                {"serviceRevisionArn": f"{ARN}service-revision/prod/web/{number}", "taskDefinition": f"web:{number}"}
                for number in (8, 9)
            ]
        },
    )
    found = plane_on(transport).history(WEB)
    assert [each.revision for each in found] == ["web:9", "web:8"]
    assert transport.operations == ["ListServiceDeployments", "DescribeServiceRevisions"]


@pytest.mark.parametrize("status", ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"])
def test_of_one_that_ended_the_list_is_enough_where_no_more_may_be_read(status: str) -> None:
    transport = transport_with(status)
    transport.answers["DescribeServiceDeployments"] = [Refusal(code="AccessDeniedException")]
    found = plane_on(transport).service_deployment(WEB, OURS)
    assert found is not None
    assert found.status == status
