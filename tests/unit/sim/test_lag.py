"""Reads that lag behind writes."""

import json

import pytest

from tests.unit.sim.builders import Refused, call, deploy, described, events, register, the_service, update, world

LAG = "[limits]\nread_lag = 4"


def test_a_read_shows_the_world_as_it_was_so_long_ago() -> None:
    w = world("desired = 2", LAG)
    update(w, desiredCount=5)
    assert described(w)["desiredCount"] == 2
    w.clock.sleep(3.9)
    assert described(w)["desiredCount"] == 2
    w.clock.sleep(0.2)
    assert described(w)["desiredCount"] == 5


def test_the_reply_of_a_write_does_not_lag() -> None:
    w = world("desired = 2", LAG)
    assert update(w, desiredCount=5)["desiredCount"] == 5


def test_what_was_just_made_is_not_to_be_seen_yet_and_can_be_used_all_the_same() -> None:
    w = world("desired = 1", LAG)
    arn = register(w)
    with pytest.raises(Refused, match="Unable to describe task definition"):
        call(w, "DescribeTaskDefinition", taskDefinition=arn)
    deployment = update(w, taskDefinition=arn)["deployments"][0]
    assert described(w)["deployments"][0]["id"] != deployment["id"]
    w.clock.sleep(5)
    assert described(w)["deployments"][0]["id"] == deployment["id"]
    assert call(w, "DescribeTaskDefinition", taskDefinition=arn)["taskDefinition"]["taskDefinitionArn"] == arn


def test_a_lagging_reply_is_the_very_reply_of_a_world_without_lag_so_much_earlier() -> None:
    """Two worlds, the same calls at the same times: one is asked at once, the other four seconds later."""
    prompt, late = world("desired = 2"), world("desired = 2", LAG)
    for w in (prompt, late):
        deploy(w)
    late.clock.sleep(4)
    for _ in range(30):
        for w in (prompt, late):
            w.clock.sleep(5)
        assert json.dumps(described(prompt)) == json.dumps(described(late))
    assert described(late)["deployments"][0]["rolloutState"] == "COMPLETED"


def test_a_refused_write_is_refused_in_the_past_too() -> None:
    w = world("desired = 2", LAG)
    with pytest.raises(Refused):
        update(w, taskDefinition="no")
    update(w, desiredCount=3)
    w.clock.sleep(5)
    assert described(w)["desiredCount"] == 3


def test_what_others_do_is_seen_late_as_well() -> None:
    w = world("desired = 2", LAG + '\n[[at]]\ntime = 10\ndo = "scale"\ndesired = 6')
    deploy(w)
    w.clock.sleep(12)
    assert (the_service(w).desired, described(w)["desiredCount"]) == (6, 2)
    w.clock.sleep(3)
    assert described(w)["desiredCount"] == 6


def test_tags_put_on_a_service_appear_late() -> None:
    w = world("desired = 1", LAG)
    arn = described(w)["serviceArn"]
    call(w, "TagResource", resourceArn=arn, tags=[{"key": "a", "value": "b"}])
    assert call(w, "ListTagsForResource", resourceArn=arn)["tags"] == []
    w.clock.sleep(5)
    assert call(w, "ListTagsForResource", resourceArn=arn)["tags"] == [{"key": "a", "value": "b"}]


def test_reading_does_not_change_what_happens() -> None:
    watched, alone = world("desired = 2", LAG), world("desired = 2", LAG)
    for w in (watched, alone):
        deploy(w)
    for _ in range(40):
        watched.clock.sleep(5)
        described(watched)
    alone.clock.sleep(200)
    assert events(watched) == events(alone)
