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
