"""CodeDeploy's deployments that are under way already: watched, stopped and gone back from."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused, NoSuchResource, Refused, ReplyLost, Untold
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import (
    ContinueRequest,
    Request,
    RollbackRequest,
    WatchRequest,
    WholeBudget,
)
from tests.unit.engine.codedeploy_planes import APPSPEC, a_plane, nothing, released_before
from tests.unit.engine.codedeployed import (
    begins,
    is_back,
    rolls_back,
    shifts,
    succeeds,
    waits,
)
from tests.unit.engine.runs import REVISION, run
from tests.unit.engine.world import ALWAYS
from tests.unit.plan.builders import WEB, container, definition_of
from tests.unit.rollout.builders import NOON


@pytest.mark.parametrize("deployment", ["", "d-1"])
def test_f46_watch_follows_what_another_process_began(deployment: str) -> None:
    plane = a_plane()
    released_before(plane, "InProgress")
    plane.codedeploy.under_way(begins, begins, succeeds)
    plane.codedeploy.created.append(APPSPEC)
    ran = run(plane, WatchRequest(service=WEB, deployment=deployment))
    assert (ran.status, ran.outcome.deployment_id, ran.outcome.to_revision) == (Status.SUCCEEDED, "d-1", REVISION(1))
    assert plane.writes == []


def test_f45_a_watch_does_not_count_the_time_that_code_deploy_keeps_the_old_version() -> None:
    plane = a_plane()
    released_before(plane, "InProgress")
    plane.codedeploy.created.append(APPSPEC)
    plane.codedeploy.under_way(begins, shifts, *[waits] * 30, succeeds)
    ran = run(plane, WatchRequest(service=WEB, budget=WholeBudget(seconds=60)))
    assert (ran.status, ran.seconds > 60) == (Status.SUCCEEDED, True)


def test_f46_watching_a_rollback_is_watching_what_it_rolls_back() -> None:
    plane = a_plane()
    released_before(plane, "Stopped")
    rolls_back(plane.codedeploy, "d-1")
    plane.codedeploy.under_way(nothing, nothing, nothing, is_back)
    ran = run(plane, WatchRequest(service=WEB))
    assert (ran.status, ran.outcome.deployment_id) == (Status.ROLLED_BACK, "d-1")


def test_f46_there_must_be_something_to_watch() -> None:
    assert isinstance(run(a_plane(), WatchRequest(service=WEB)).error, NoSuchResource)


def test_f46_only_deployments_of_the_service_s_group_are_watched() -> None:
    plane = a_plane()
    released_before(plane, "InProgress")
    plane.codedeploy.change("d-1", group="other")
    error = run(plane, WatchRequest(service=WEB, deployment="d-1")).error
    assert isinstance(error, NoSuchResource)
    assert "d-1" in error.message


@pytest.mark.parametrize("request_", [WatchRequest(service=WEB), RollbackRequest(service=WEB)], ids=["watch", "back"])
def test_f46_without_a_group_there_is_nothing_to_watch_or_stop(request_: Request) -> None:
    plane = a_plane()
    plane.codedeploy.groups = ()
    ran = run(plane, request_)
    assert isinstance(ran.error, NoSuchResource)
    assert plane.writes == []


STOP = RollbackRequest(service=WEB, only_running=True)


@pytest.mark.parametrize("request_", [STOP, RollbackRequest(service=WEB)], ids=["stop", "rollback"])
def test_f46_stop_and_rollback_stop_what_is_under_way(request_: Request) -> None:
    plane = a_plane()
    released_before(plane, "InProgress")
    plane.codedeploy.created.append(APPSPEC)
    ran = run(plane, request_)
    assert (ran.status, ran.outcome.deployment_id) == (Status.ROLLED_BACK, "d-1")
    assert plane.writes == ["codedeploy.stop"]


@pytest.mark.parametrize("request_", [STOP, RollbackRequest(service=WEB)], ids=["stop", "rollback"])
def test_t03_a_stop_that_may_not_be_asked_for_is_not_called_nothing_to_stop(request_: Request) -> None:
    plane = a_plane()
    released_before(plane, "Succeeded", "InProgress")
    plane.fail("codedeploy.stop", AccessDenied("May not call `codedeploy:StopDeployment`."), times=ALWAYS)
    ran = run(plane, request_)
    assert isinstance(ran.error, AccessDenied)
    assert set(plane.writes) == {"codedeploy.stop"}


@pytest.mark.parametrize("request_", [STOP, RollbackRequest(service=WEB)], ids=["stop", "rollback"])
def test_t03_a_stop_whose_reply_was_lost_and_that_is_refused_then_is_followed(request_: Request) -> None:
    plane = a_plane()
    released_before(plane, "Succeeded", "InProgress")
    plane.codedeploy.created.append(APPSPEC)
    plane.fail("codedeploy.stop", ReplyLost("Lost."), applied=True)
    plane.fail("codedeploy.stop", AwsRefused("It has ended."), times=ALWAYS)
    ran = run(plane, request_)
    assert (ran.status, ran.outcome.deployment_id, set(plane.writes)) == (
        Status.ROLLED_BACK,
        "d-2",
        {"codedeploy.stop"},
    )


def test_t09_a_good_release_before_a_hundred_others_is_found() -> None:
    plane = a_plane([begins, succeeds])
    released_before(plane, "Succeeded")
    for _ in range(120):
        plane.codedeploy.keep(APPSPEC.replace("web:1", "web:9"), "Failed")
    plane.now = replace(plane.now, task_definition=REVISION(3))
    assert run(plane, RollbackRequest(service=WEB)).outcome.to_revision == REVISION(1)


def test_m01_a_wait_of_code_deploy_is_answered_there_and_followed_with_our_own_command() -> None:
    plane = a_plane()
    released_before(plane, "Ready")
    error = run(plane, ContinueRequest(service=WEB)).error
    assert isinstance(error, Refused)
    assert "`d-1`" in error.message
    assert ("ecs-deploy watch" in error.hint, "aws deploy" in error.hint, plane.writes) == (True, False, [])


def test_f46_stop_refuses_where_nothing_is_under_way() -> None:
    plane = a_plane()
    released_before(plane, "Succeeded")
    assert isinstance(run(plane, STOP).error, Refused)
    assert plane.writes == []


def test_f46_rollback_releases_the_last_good_revision_again() -> None:
    plane = a_plane([begins, succeeds])
    released_before(plane, "Succeeded")
    plane.codedeploy.keep(APPSPEC.replace("web:1", "web:9"), "Failed")
    plane.now = replace(plane.now, task_definition=REVISION(3))
    ran = run(plane, RollbackRequest(service=WEB))
    assert (ran.status, ran.outcome.to_revision) == (Status.SUCCEEDED, REVISION(1))
    assert plane.writes == ["codedeploy.create"]


def _of(revision: int) -> str:
    return json.dumps({"Resources": [{"T": {"Properties": {"TaskDefinition": REVISION(revision)}}}]})


SECOND = WatchRequest(service=WEB, revision="web:2", start_seconds=20)


def test_f46_a_watch_finds_the_deployment_that_brings_a_revision() -> None:
    plane = a_plane()
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    for revision in (2, 1):
        plane.codedeploy.created.append(_of(revision))
        plane.codedeploy.keep(_of(revision), "Succeeded")
    ended = (plane.codedeploy.there["d-1"].created_at or NOON) + timedelta(minutes=5)
    plane.codedeploy.change("d-1", ended_at=ended)
    ran = run(plane, SECOND)
    assert (ran.status, ran.outcome.deployment_id) == (Status.SUCCEEDED, "d-1")
    assert ran.outcome.warnings == (f"W-ENDED-ALREADY d-1 Succeeded {ended:%Y-%m-%dT%H:%M:%SZ}",)


def test_f46_a_watch_takes_no_rollback_and_nothing_older_for_what_is_looked_for() -> None:
    plane = a_plane()
    released_before(plane, "Failed")
    rolls_back(plane.codedeploy, "d-1")
    since = (plane.codedeploy.there["d-1"].created_at or NOON) + timedelta(milliseconds=1)
    ran = run(plane, WatchRequest(service=WEB, since=since, start_seconds=20))
    assert (ran.status, isinstance(ran.error, NoSuchResource), ran.seconds) == (Status.REFUSED, True, 20)


def test_f46_a_watch_waits_for_a_deployment_of_code_deploy_to_begin() -> None:
    plane = a_plane()
    released_before(plane, "Succeeded")
    assert run(plane, SECOND).status is Status.REFUSED


@pytest.mark.parametrize(
    "looked_for", [SECOND, WatchRequest(service=WEB, since=NOON, start_seconds=20)], ids=["revision", "time"]
)
@pytest.mark.parametrize("appspec", ["", "resources: none"], ids=["not CodeDeploy's own", "without a revision"])
def test_a_younger_deployment_of_code_deploy_that_does_not_tell_its_revision_leaves_it_unknown(
    looked_for: WatchRequest, appspec: str
) -> None:
    plane = a_plane()
    plane.keep(definition_of(container("app", "acme/app:2"), taskDefinitionArn=REVISION(2), revision=2))
    plane.codedeploy.keep(_of(2), "Succeeded")
    younger = plane.codedeploy.keep(appspec, "Failed")
    plane.codedeploy.change(younger, **({} if appspec else {"appspec_hash": ""}))
    ran = run(plane, looked_for)
    assert (ran.status, isinstance(ran.error, Untold)) == (Status.UNKNOWN, True)
    assert f"`{younger}`" in str(ran.error)


def test_a_watch_reads_each_of_a_hundred_appspecs_once_and_says_that_it_read_no_more() -> None:
    plane = a_plane()
    plane.codedeploy.keep(_of(2), "Succeeded")
    for _ in range(100):
        plane.codedeploy.keep(_of(1), "Succeeded")
    ran = run(plane, SECOND)
    assert (ran.status, isinstance(ran.error, Untold)) == (Status.UNKNOWN, True)
    assert "100" in str(ran.error)
    assert plane.made("codedeploy.appspec") == 100
