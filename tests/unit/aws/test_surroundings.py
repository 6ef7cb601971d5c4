"""Roles, secrets, parameters, log groups, target groups and limits: there, not there, or unknown."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.loaders import Loader

from ecsdeploy.aws.credentials import expires_at
from ecsdeploy.aws.loading import lean_loader
from ecsdeploy.aws.session import Session, open_session
from ecsdeploy.aws.surroundings import AwsSurroundings
from ecsdeploy.errors import AccessDenied, AwsError, ReplyLost
from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.settings import Balanced, ServiceSettings
from ecsdeploy.model.surroundings import AlarmState, ScalingLimits, TargetGroup
from tests.unit.aws.answers import WEB, Answer, Refusal, aws, plane_on, service, session_on

DENIED = Refusal(code="AccessDeniedException")
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef"
OTHER = f"{GROUP}0"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"


def _xml(operation: str, result: str) -> bytes:
    return f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>".encode()


def _xml_error(code: str) -> bytes:
    return f"<ErrorResponse><Error><Code>{code}</Code><Message>No.</Message></Error></ErrorResponse>".encode()


class XmlRefusal:
    """A transport that answers with errors of a query service: one for each call, then what follows."""

    def __init__(self, code: str, *after: bytes, status: int = 404) -> None:
        self.code, self.after, self.status, self.bodies = code, list(after), status, list[bytes]()

    def __call__(self, method: str, url: str, headers: object, body: bytes) -> tuple[int, dict[str, str], bytes]:
        self.bodies.append(body)
        if len(self.bodies) > 1 and self.after:
            return 200, {}, self.after.pop(0)
        return self.status, {}, _xml_error(self.code)


def _around(session: Session) -> AwsSurroundings:
    return AwsSurroundings(session)


@pytest.mark.parametrize("name", ["application-autoscaling", "cloudwatch", "ecr", "iam", "secretsmanager", "ssm"])
@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1"])
def test_the_neighbours_are_loaded_as_the_sdk_would(name: str, kind: str) -> None:
    assert lean_loader().load_service_model(name, kind) == Loader().load_service_model(name, kind)


def test_a_role_is_there() -> None:
    transport = aws(GetRole=_xml("GetRole", "<Role><RoleName>app</RoleName></Role>"))
    assert plane_on(transport).surroundings.role_exists("app")
    assert (transport.sent[0].url, transport.sent[0].body["RoleName"]) == ("https://iam.amazonaws.com/", "app")


def test_a_role_is_not_there() -> None:
    session = open_session(Access(), transport=XmlRefusal("NoSuchEntity"))
    assert not _around(session).role_exists("app")


def test_a_role_that_may_not_be_read_is_unknown() -> None:
    session = open_session(Access(), transport=XmlRefusal("AccessDenied", status=403))
    with pytest.raises(AccessDenied):
        _around(session).role_exists("app")


@pytest.mark.parametrize(
    ("answer", "there"),
    [
        pytest.param({"ARN": SECRET}, True, id="there"),
        pytest.param({"ARN": SECRET, "DeletedDate": 1.5}, False, id="about to be deleted"),
        pytest.param(Refusal(code="ResourceNotFoundException"), False, id="not there"),
    ],
)
def test_a_secret_is_described_in_its_region_and_never_read(answer: Answer, there: bool) -> None:
    transport = aws(DescribeSecret=answer)
    assert plane_on(transport).surroundings.secret_exists(SECRET, region="eu-west-1") is there
    (sent,) = transport.sent
    assert (sent.operation, sent.body) == ("DescribeSecret", {"SecretId": SECRET})
    assert sent.url == "https://secretsmanager.eu-west-1.amazonaws.com/"


def test_a_secret_that_may_not_be_described_is_unknown() -> None:
    with pytest.raises(AccessDenied):
        plane_on(aws(DescribeSecret=DENIED)).surroundings.secret_exists(SECRET, region="eu-west-1")


def _found(*names: str, token: str = "") -> Answer:
    return {"Parameters": [{"Name": each} for each in names], **({"NextToken": token} if token else {})}


def test_parameters_are_listed_by_name_and_never_read() -> None:
    transport = aws(DescribeParameters=[_found("/a/b", token="more"), _found("c")])
    there = plane_on(transport).surroundings.parameters_that_exist(["/a/b", "/c", "d"], region="eu-west-1")
    assert there == {"/a/b", "/c"}
    assert transport.operations == ["DescribeParameters"] * 2
    assert transport.sent[0].body["ParameterFilters"] == [
        {"Key": "Name", "Option": "Equals", "Values": ["/a/b", "/c", "c", "d"]}
    ]
    assert transport.sent[1].body["NextToken"] == "more"


@pytest.mark.parametrize("reply", [{}, {"Parameters": None}])
def test_a_reply_without_the_list_says_nothing(reply: Answer) -> None:
    with pytest.raises(ReplyLost):
        plane_on(aws(DescribeParameters=reply)).surroundings.parameters_that_exist(["a"], region="")


def test_a_page_that_is_no_reply_says_nothing() -> None:
    with pytest.raises(ReplyLost, match="GetRoleResult"):
        plane_on(aws(GetRole=b"<html>hello</html>")).surroundings.role_exists("app")


def test_more_parameters_than_a_filter_takes_are_listed_in_parts() -> None:
    transport = aws(DescribeParameters=_found())
    plane_on(transport).surroundings.parameters_that_exist([f"p{n}" for n in range(51)], region="")
    assert transport.operations == ["DescribeParameters"] * 2


def test_a_list_of_parameters_that_never_ends_says_nothing() -> None:
    transport = aws(DescribeParameters=[_found(token=str(number)) for number in range(11)])
    with pytest.raises(AwsError, match="parameters has more than 10 pages"):
        plane_on(transport).surroundings.parameters_that_exist(["a"], region="")
    assert len(transport.sent) == 10


def test_a_log_group_is_there_only_by_its_whole_name() -> None:
    transport = aws(DescribeLogGroups={"logGroups": [{"logGroupName": "/ecs/web"}, {"logGroupName": "/ecs/web-old"}]})
    around = plane_on(transport).surroundings
    assert around.log_group_exists("/ecs/web", region="eu-west-1")
    assert not around.log_group_exists("/ecs/we", region="eu-west-1")
    assert transport.sent[0].url == "https://logs.eu-west-1.amazonaws.com/"


def _group(arn: str) -> str:
    return (
        f"<member><TargetGroupArn>{arn}</TargetGroupArn><HealthCheckIntervalSeconds>30</HealthCheckIntervalSeconds>"
        "<HealthyThresholdCount>5</HealthyThresholdCount></member>"
    )


def _groups(*arns: str) -> bytes:
    return _xml("DescribeTargetGroups", f"<TargetGroups>{''.join(_group(each) for each in arns)}</TargetGroups>")


def test_target_groups_are_described_at_once() -> None:
    transport = aws(DescribeTargetGroups=_groups(GROUP, OTHER))
    found = plane_on(transport).surroundings.target_groups([GROUP, OTHER])
    assert found == dict.fromkeys((GROUP, OTHER), TargetGroup(check_seconds=150))
    assert len(transport.sent) == 1


def test_the_target_group_that_is_missing_is_found_by_asking_for_each() -> None:
    transport = XmlRefusal("TargetGroupNotFound", _groups(GROUP), status=400)
    found = _around(open_session(Access(), transport=transport)).target_groups([GROUP, OTHER])
    assert found == {GROUP: TargetGroup(check_seconds=150), OTHER: None}
    assert len(transport.bodies) == 3


@pytest.mark.parametrize(
    ("attributes", "seconds"),
    [
        ([("stickiness.enabled", "false"), ("deregistration_delay.timeout_seconds", "30")], 30),
        ([("deregistration_delay.timeout_seconds", "?")], 300),
        ([], 300),
    ],
)
def test_the_deregistration_delay_is_an_attribute(attributes: list[tuple[str, str]], seconds: float) -> None:
    members = "".join(f"<member><Key>{key}</Key><Value>{value}</Value></member>" for key, value in attributes)
    xml = _xml("DescribeTargetGroupAttributes", f"<Attributes>{members}</Attributes>")
    assert plane_on(aws(DescribeTargetGroupAttributes=xml)).surroundings.drain_seconds(GROUP) == seconds


def test_the_limits_of_auto_scaling_are_those_of_the_service() -> None:
    transport = aws(DescribeScalableTargets={"ScalableTargets": [{"MinCapacity": 2, "MaxCapacity": 8}]})
    assert plane_on(transport).surroundings.scaling_limits(WEB) == ScalingLimits(lowest=2, highest=8)
    assert transport.sent[0].body["ResourceIds"] == ["service/prod/web"]
    assert plane_on(aws(DescribeScalableTargets={})).surroundings.scaling_limits(WEB) is None


BALANCER = {"targetGroupArn": GROUP, "containerName": "app", "containerPort": 8080}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({}, ServiceSettings(), id="none"),
        pytest.param(
            {"loadBalancers": [BALANCER], "availabilityZoneRebalancing": "ENABLED"},
            ServiceSettings(
                balanced=(Balanced(container="app", port=8080, target_group=GROUP),), rebalances_zones=True
            ),
            id="balanced",
        ),
        pytest.param(
            {"deploymentConfiguration": {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5}},
            ServiceSettings(bake_seconds=300),
            id="blue/green",
        ),
        pytest.param(
            {"deploymentConfiguration": {"strategy": "CANARY", "bakeTimeInMinutes": 5}},
            ServiceSettings(bake_seconds=900),
            id="canary by default",
        ),
        pytest.param(
            {"deploymentConfiguration": {"strategy": "LINEAR", "linearConfiguration": {"stepBakeTimeInMinutes": 1}}},
            ServiceSettings(bake_seconds=540),
            id="linear in ten steps",
        ),
        pytest.param(
            {"deploymentConfiguration": {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 33.4}}},
            ServiceSettings(bake_seconds=720),
            id="linear in three steps",
        ),
    ],
)
def test_a_service_is_read_for_what_a_deployment_has_to_fit(
    members: dict[str, object], expected: ServiceSettings
) -> None:
    transport = aws(DescribeServices={"services": [service(**members)]})
    read = plane_on(transport).service(WEB).settings
    assert replace(read, deployment={}) == expected
    assert read.deployment == members.get("deploymentConfiguration", {})


@pytest.mark.parametrize("status", [400, 404, 500, 501])
def test_an_endpoint_without_the_service_gives_no_answer(status: int) -> None:
    with pytest.raises(AwsError):
        plane_on(
            aws(DescribeSecret=Refusal(code="UnknownOperationException", status=status))
        ).surroundings.secret_exists(SECRET, region="eu-west-1")


KEYS = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_CREDENTIAL_EXPIRATION": "2026-11-22T13:00:00+01:00"}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("access", "environment", "end"),
    [
        pytest.param(Access(), KEYS, NOON, id="keys with an end"),
        pytest.param(Access(), {**KEYS, "AWS_CREDENTIAL_EXPIRATION": "2026-11-22T12:00:00"}, NOON, id="in UTC"),
        pytest.param(Access(), {**KEYS, "AWS_CREDENTIAL_EXPIRATION": '"2026-11-22T12:00:00.000Z"'}, NOON, id="quoted"),
        pytest.param(Access(assume_role="arn:aws:iam::1:role/x"), KEYS, NOON, id="a role assumed with them"),
        pytest.param(Access(access_key=Secret("AKIDENV")), KEYS, NOON, id="the same key"),
        pytest.param(Access(access_key=Secret("AKIDOTHER")), KEYS, None, id="another key"),
        pytest.param(Access(profile="prod"), KEYS, None, id="a profile"),
        pytest.param(Access(instance_role_only=True), KEYS, None, id="the machine"),
        pytest.param(Access(), {"AWS_ACCESS_KEY_ID": "AKIDENV"}, None, id="nobody says"),
        pytest.param(Access(), {**KEYS, "AWS_CREDENTIAL_EXPIRATION": "soon"}, None, id="no time"),
        pytest.param(Access(), {}, None, id="no keys"),
    ],
)
def test_f18_the_end_of_the_credentials_is_known_where_it_is_said(
    access: Access, environment: dict[str, str], end: datetime | None
) -> None:
    assert expires_at(access, environment) == end


def test_with_a_transport_the_environment_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    assert _around(session_on(aws())).credentials_expire_at() is None
    assert _around(open_session(Access())).credentials_expire_at() == NOON


def test_alarms_of_both_kinds_have_their_state() -> None:
    transport = aws(
        DescribeAlarms={
            "MetricAlarms": [
                {"AlarmName": "5xx", "StateValue": "ALARM", "StateReason": "3 > 1", "StateUpdatedTimestamp": 1.5}
            ],
            "CompositeAlarms": [{"AlarmName": "all", "StateValue": "OK"}],
        }
    )
    found = plane_on(transport).surroundings.alarms(("5xx", "all"))
    since = datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
    assert found == (
        AlarmState(name="5xx", state="ALARM", reason="3 > 1", since=since),
        AlarmState(name="all", state="OK"),
    )
    assert transport.sent[0].body == {
        "AlarmNames": ["5xx", "all"],
        "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
    }
