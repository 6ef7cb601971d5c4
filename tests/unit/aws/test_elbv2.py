from ecsdeploy.model.balancer import HealthCheck, TargetHealth
from tests.unit.aws.answers import aws, plane_on

GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef"
XML = b"""<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">
<DescribeTargetHealthResult><TargetHealthDescriptions>
<member><Target><Id>10.0.0.1</Id><Port>8080</Port></Target><TargetHealth><State>healthy</State></TargetHealth></member>
<member><Target><Id>10.0.0.2</Id><Port>8080</Port></Target><TargetHealth><State>draining</State></TargetHealth></member>
</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>"""


def test_each_target_of_the_group_has_its_state() -> None:
    found = plane_on(aws(DescribeTargetHealth=XML)).target_health(GROUP)
    assert found == {"10.0.0.1:8080": "healthy", "10.0.0.2:8080": "draining"}


def test_the_group_is_asked_for_in_its_own_region() -> None:
    transport = aws(DescribeTargetHealth=XML)
    plane_on(transport).target_health(GROUP)
    assert transport.sent[0].url == "https://elasticloadbalancing.eu-west-1.amazonaws.com/"
    assert transport.sent[0].body["TargetGroupArn"] == GROUP


def test_a_group_without_targets_is_empty() -> None:
    xml = b"<DescribeTargetHealthResponse><DescribeTargetHealthResult/></DescribeTargetHealthResponse>"
    assert plane_on(aws(DescribeTargetHealth=xml)).target_health(GROUP) == {}


UNHEALTHY = b"""<DescribeTargetHealthResponse><DescribeTargetHealthResult><TargetHealthDescriptions>
<member><Target><Id>10.0.0.1</Id><Port>80</Port></Target><TargetHealth><State>unhealthy</State>
<Reason>Target.ResponseCodeMismatch</Reason><Description>Health checks failed with these codes: [503]</Description>
</TargetHealth></member>
<member><Target><Id>i-1</Id></Target></member>
</TargetHealthDescriptions></DescribeTargetHealthResult></DescribeTargetHealthResponse>"""


def test_f53_each_target_has_the_load_balancers_reason() -> None:
    assert plane_on(aws(DescribeTargetHealth=UNHEALTHY)).targets(GROUP) == (
        TargetHealth(
            target="10.0.0.1:80",
            state="unhealthy",
            reason="Target.ResponseCodeMismatch",
            description="Health checks failed with these codes: [503]",
        ),
        TargetHealth(target="i-1:", state=""),
    )


def groups(*members: str) -> bytes:
    listed = "".join(f"<member>{each}</member>" for each in members)
    return (
        "<DescribeTargetGroupsResponse><DescribeTargetGroupsResult><TargetGroups>"
        f"{listed}</TargetGroups></DescribeTargetGroupsResult></DescribeTargetGroupsResponse>"
    ).encode()


WHOLE = """<TargetGroupArn>x</TargetGroupArn><HealthCheckProtocol>HTTP</HealthCheckProtocol>
<HealthCheckPort>traffic-port</HealthCheckPort><HealthCheckPath>/health</HealthCheckPath>
<HealthCheckIntervalSeconds>10</HealthCheckIntervalSeconds><HealthCheckTimeoutSeconds>5</HealthCheckTimeoutSeconds>
<UnhealthyThresholdCount>2</UnhealthyThresholdCount><Matcher><HttpCode>200-299</HttpCode></Matcher>"""


def test_f53_how_a_group_checks() -> None:
    transport = aws(DescribeTargetGroups=groups(WHOLE))
    assert plane_on(transport).health_check(GROUP) == HealthCheck(
        protocol="HTTP",
        port="traffic-port",
        path="/health",
        codes="200-299",
        interval_seconds=10,
        timeout_seconds=5,
        unhealthy_threshold=2,
    )
    assert transport.sent[0].body["TargetGroupArns.member.1"] == GROUP


def test_codes_may_be_those_of_grpc_or_none() -> None:
    grpc = "<Matcher><GrpcCode>12</GrpcCode></Matcher>"
    assert plane_on(aws(DescribeTargetGroups=groups(grpc))).health_check(GROUP) == HealthCheck(codes="12")
    tcp = "<HealthCheckProtocol>TCP</HealthCheckProtocol>"
    assert plane_on(aws(DescribeTargetGroups=groups(tcp))).health_check(GROUP) == HealthCheck(protocol="TCP")


def test_a_group_that_is_not_listed_checks_nothing() -> None:
    assert plane_on(aws(DescribeTargetGroups=groups())).health_check(GROUP) is None
