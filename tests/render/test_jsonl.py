"""The JSON lines: what a machine may rely on."""

import json
from dataclasses import fields, is_dataclass, replace
from typing import get_args

import pytest

from ecsdeploy.errors import AccessDenied, Bug
from ecsdeploy.model.events import Event, Finished
from ecsdeploy.model.outcome import Status, Verdict
from tests.render.builders import OUTCOME, Story, Timeline, ends, play
from tests.render.stories import NOT_THERE, PRUNED, ROLLED_BACK_BY_ECS, STORIES, SUCCESS
from tests.render.task_stories import SUCCEEDED, TASK_STORIES

RESULT_MEMBERS = {
    "v",
    "seq",
    "time",
    "type",
    "status",
    "exit_code",
    "service",
    "cluster",
    "region",
    "account",
    "from_revision",
    "to_revision",
    "deployment_id",
    "service_deployment_arn",
    "images",
    "cause",
    "rollback",
    "other",
    "started_at",
    "duration_seconds",
    "warnings",
    "verdict",
    "causes",
    "task_arn",
    "task_exit_code",
    "as_asked",
}


def lines(timeline: Timeline) -> list[dict[str, object]]:
    return [json.loads(line) for line in play(Story(timeline=timeline, output="json")).stdout.splitlines()]


def result(timeline: Timeline) -> dict[str, object]:
    return lines(timeline)[-1]


@pytest.mark.parametrize("story", (STORIES | TASK_STORIES).values(), ids=STORIES | TASK_STORIES)
def test_every_record_is_one_line_in_order(story: Story) -> None:
    written = lines(story.timeline)
    assert [line["seq"] for line in written] == [record.seq for record in story.records]
    assert all(line["v"] == 1 and str(line["time"]).endswith("Z") for line in written)


@pytest.mark.parametrize("story", [STORIES["success-json"], TASK_STORIES["run-json"]], ids=["service", "task"])
def test_a_line_has_no_space_between_its_members(story: Story) -> None:
    for line in play(story).stdout.splitlines():
        assert line == json.dumps(json.loads(line), separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("status", Status)
def test_last_line_is_the_result_with_exactly_its_members(status: Status) -> None:
    last = result(ends(9, Verdict(status=status)))
    assert last["type"] == "result"
    assert last["status"] == status.value
    assert set(last) == RESULT_MEMBERS


def test_no_other_line_is_a_result_or_called_finished() -> None:
    types = [line["type"] for line in lines(PRUNED)]
    assert types.count("result") == 1
    assert "finished" not in types


def test_types_are_the_events_in_snake_case() -> None:
    told = {str(line["type"]) for story in (STORIES | TASK_STORIES).values() for line in lines(story.timeline)}
    named = {"".join(f"_{c.lower()}" if c.isupper() else c for c in each.__name__)[1:] for each in get_args(Event)}
    assert told == named - {"finished"} | {"result"}


def test_an_event_shows_all_members_of_its_class() -> None:
    for record, line in zip(Story(timeline=PRUNED).records, lines(PRUNED), strict=True):
        if is_dataclass(record.event) and not isinstance(record.event, Finished):
            assert {each.name for each in fields(record.event)} <= set(line)


def test_nested_values_are_objects_and_enums_their_words() -> None:
    concluded = next(line for line in lines(SUCCESS) if line["type"] == "concluded")
    assert concluded["verdict"] == {
        "status": "succeeded",
        "reason": "",
        "serving": OUTCOME.to_revision,
        "serves": [],
        "by": "",
        "phase": "waiting",
        "limit_seconds": 0,
        "doom": None,
        "lost": "",
    }


def test_service_is_absent_where_no_service_is_deployed() -> None:
    story = Story(timeline=SUCCEEDED, output="json", about=None)
    first, *_, last = [json.loads(line) for line in play(story).stdout.splitlines()]
    assert "service" not in first
    assert last["service"] == ""


def test_images_are_an_object_of_containers() -> None:
    assert result(SUCCESS)["images"] == {"app": "acme/web:b82e40d"}


def test_log_lines_are_part_of_the_evidence() -> None:
    cause = result(ROLLED_BACK_BY_ECS)["cause"]
    assert isinstance(cause, dict)
    assert cause["code"] == "E-CONTAINER-EXIT"
    assert cause["evidence"][-1] == "KeyError: 'DATABASE_URL'"
    assert "log" not in cause


def test_success_has_neither_cause_nor_rollback() -> None:
    last = result(SUCCESS)
    assert (last["cause"], last["rollback"], last["exit_code"]) == (None, None, 0)


def test_error_that_ended_the_run_is_an_extra_member() -> None:
    last = result(NOT_THERE)
    assert set(last) == RESULT_MEMBERS | {"error"}
    assert last["error"] == {
        "type": "NoSuchResource",
        "message": "There is no service `wbe` in the cluster `prod`.",
        "hint": "Did you mean `web`?",
    }


def test_exit_code_is_asked_for_with_the_outcome_and_the_error() -> None:
    refused = replace(OUTCOME, verdict=Verdict(status=Status.REFUSED))
    for error in (AccessDenied("No."), Bug("Oh.")):
        assert result(((0, Finished(outcome=refused, error=error)),))["exit_code"] == error.exit_code


def test_each_line_is_flushed_as_it_is_written(tmp_path: object) -> None:
    story = Story(timeline=SUCCESS, output="json")
    assert play(story).stdout.isascii()


@pytest.mark.parametrize("kind", ["CredentialsError", "Unreachable"])
def test_n04_the_result_says_what_contact_was_lost_for(kind: str) -> None:
    lost = Verdict(status=Status.UNKNOWN, reason="It was so.", lost=kind)
    outcome = replace(OUTCOME, verdict=lost)
    last = result(((1, Finished(outcome=outcome)),))
    assert last["error"] == {"type": kind, "message": "It was so.", "hint": ""}
