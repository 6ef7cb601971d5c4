import pytest

from ecsdeploy.errors import NoSuchResource
from tests.unit.aws.answers import Refusal, aws, plane_on

STREAM = ("/ecs/web", "web/app/0123", 20)


def page(*messages: str, token: str = "b/1") -> dict[str, object]:
    return {"events": [{"message": each} for each in messages], "nextBackwardToken": token}


def test_the_last_lines_come_oldest_first() -> None:
    transport = aws(GetLogEvents=page("one", "two"))
    assert plane_on(transport).log_tail(*STREAM) == ("one", "two")
    assert transport.sent[0].body == {
        "logGroupName": "/ecs/web",
        "logStreamName": "web/app/0123",
        "limit": 20,
        "startFromHead": False,
    }


def test_the_region_of_the_log_may_be_another() -> None:
    transport = aws(GetLogEvents=page("one"))
    plane_on(transport).log_tail(*STREAM, region="eu-west-1")
    assert transport.sent[0].url == "https://logs.eu-west-1.amazonaws.com/"


def test_an_empty_page_is_followed_back() -> None:
    transport = aws(GetLogEvents=[page(token="b/1"), page("one", token="b/2")])
    assert plane_on(transport).log_tail(*STREAM) == ("one",)
    assert transport.sent[1].body["nextToken"] == "b/1"


@pytest.mark.parametrize("pages", [[page(token="b/1")], [page(token=f"b/{n}") for n in range(9)]])
def test_an_empty_stream_ends_soon(pages: list[dict[str, object]]) -> None:
    transport = aws(GetLogEvents=[*pages])
    assert plane_on(transport).log_tail(*STREAM) == ()
    assert len(transport.sent) <= 3


def test_a_stream_that_does_not_exist_is_named() -> None:
    answer = Refusal(code="ResourceNotFoundException", message="The specified log stream does not exist.")
    with pytest.raises(NoSuchResource, match="log stream `web/app/0123`"):
        plane_on(aws(GetLogEvents=answer)).log_tail(*STREAM)
