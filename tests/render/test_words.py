"""Sentences, durations and counts."""

from dataclasses import replace

import pytest

from ecsdeploy.model.events import Counts, Paused, Progress, Said, Started
from ecsdeploy.model.judgement import Doom, Rule
from ecsdeploy.model.outcome import Phase, RollbackReport, Share, Status, Verdict
from ecsdeploy.model.steps import Finding
from ecsdeploy.render.findings import finding
from ecsdeploy.render.verdicts import headline, rolled_back, standing
from ecsdeploy.render.words import actor, breaker, count, duration, paused, progress, said, steps
from tests.render.builders import NEW, OLD, OUTCOME, PLANNED, START


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "<1s"),
        (0.4, "<1s"),
        (1, "1s"),
        (59.9, "59s"),
        (60, "1m00s"),
        (163, "2m43s"),
        (3599, "59m59s"),
        (3720, "1h02m"),
        (90061, "25h01m"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 tasks"), (1, "1 task"), (2, "2 tasks")])
def test_count(number: int, text: str) -> None:
    assert count(number, "task") == text


@pytest.mark.parametrize(
    ("code", "subjects", "text"),
    [
        (
            "W-TAG-PINNED",
            ("otel", "envoy"),
            "Images pinned by digest stay as they are, since a tag cannot replace a digest: otel, envoy.",
        ),
        (
            "W-REGISTRY-CHANGES",
            ("app", "acme/web:1", "ghcr.io/acme/web:1"),
            "The image of container app moves to another registry: acme/web:1 → ghcr.io/acme/web:1.",
        ),
        (
            "W-UNREADABLE-LOGS",
            ("`logs:GetLogEvents` is not allowed.",),
            "The containers' logs could not be read: `logs:GetLogEvents` is not allowed.",
        ),
        ("W-IGNORED-OPTION", (), "Options without effect here: unnamed."),
        ("W-NEW-HERE", ("a", "b"), "W-NEW-HERE: a, b."),
        ("W-NEW-HERE", (), "W-NEW-HERE."),
        ("C-CONTROLLER", ("web",), "C-CONTROLLER: `web`."),
        (
            "C-CODEDEPLOY-GROUP",
            ("{0.__class__}",),
            (
                "The service `{0.__class__}` is deployed by CodeDeploy, and CodeDeploy has no deployment group for it "
                "here."
            ),
        ),
    ],
)
def test_finding_is_a_sentence(code: str, subjects: tuple[str, ...], text: str) -> None:
    assert finding(Finding(code=code, subjects=subjects)) == text


SEEN = Progress(new=Counts(desired=10, running=6, pending=2), old=Counts(running=4), elapsed=72)


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (SEEN, "new 6/10 running, 2 starting | old 4 running"),
        (replace(SEEN, still=True), "still rolling 1m12s: new 6/10 running, 2 starting | old 4 running"),
        (replace(SEEN, stage="BAKE_TIME"), "new 6/10 running, 2 starting | old 4 running | stage BAKE_TIME"),
        (replace(SEEN, breaker="1/3"), "new 6/10 running, 2 starting | old 4 running | breaker 1/3"),
    ],
    ids=["plain", "heartbeat", "stage", "breaker"],
)
def test_progress(seen: Progress, text: str) -> None:
    assert progress(seen, undoing=False) == text


def test_progress_of_our_rollback_names_its_own_sides() -> None:
    seen = Progress(new=Counts(desired=2, running=1), old=Counts(running=1), elapsed=5)
    assert progress(seen, undoing=True) == "rollback 1/2 running | failed 1 running"


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("phase", Phase)
def test_every_verdict_has_a_headline(status: Status, phase: Phase) -> None:
    first = headline(replace(OUTCOME, verdict=Verdict(status=status, phase=phase))).split()[0]
    assert first.rstrip(".,:").isupper()


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Verdict(status=Status.FAILED), "What serves production now is not known."),
        (Verdict(status=Status.FAILED, serving=OLD), "Production is on web:141 (4 running)."),
        (
            Verdict(status=Status.FAILED, phase=Phase.REGISTERED),
            "No service was changed; web:142 is registered and unused.",
        ),
        (Verdict(status=Status.TIMED_OUT, phase=Phase.ROLLING_BACK), "The rollback goes on at AWS."),
        (
            Verdict(status=Status.INTERRUPTED, phase=Phase.TASK),
            "The task goes on at AWS. No service was changed; web:142 is registered and unused.",
        ),
    ],
)
def test_standing_says_what_serves_now(verdict: Verdict, text: str) -> None:
    assert standing(replace(OUTCOME, verdict=verdict), 4) == text


def test_a_task_without_a_service_says_nothing_of_one() -> None:
    alone = replace(OUTCOME, place=replace(OUTCOME.place, service=""))
    assert standing(replace(alone, verdict=Verdict(status=Status.INTERRUPTED, phase=Phase.TASK)), None) == (
        "The task goes on at AWS."
    )


def test_a_write_whose_reply_was_lost_is_not_called_undone() -> None:
    lost = replace(OUTCOME, verdict=Verdict(status=Status.UNKNOWN, phase=Phase.STARTING), deployment_id="")
    assert standing(lost, None) == "AWS may have applied the last request all the same."


@pytest.mark.parametrize(
    ("phase", "phased", "text"),
    [
        (Phase.STARTING, False, "TIMED OUT after 3m00s: no task of the new revision runs yet."),
        (Phase.STARTING, True, "TIMED OUT after 3m00s: no task of the new revision runs yet."),
        (Phase.WAITING, False, "TIMED OUT after 3m00s: the deployment is not complete."),
        (Phase.WAITING, True, "TIMED OUT 3m00s after its first task ran: the deployment is not complete."),
        (Phase.ROLLING_BACK, True, "TIMED OUT 3m00s after the rollback began: the rollback is not complete."),
        (Phase.TASK, True, "TIMED OUT after 3m00s: the task has not stopped."),
    ],
)
def test_a_time_for_each_phase_says_since_when_it_ran(phase: Phase, phased: bool, text: str) -> None:
    late = Verdict(status=Status.TIMED_OUT, phase=phase, limit_seconds=180)
    assert headline(replace(OUTCOME, verdict=late), phased=phased) == text


def test_a_service_whose_own_revision_was_not_redeployed_has_no_unused_one() -> None:
    refused = Verdict(status=Status.REFUSED, phase=Phase.STARTING)
    assert standing(replace(OUTCOME, verdict=refused, to_revision=OLD), None) == "Nothing was changed."


def test_a_busy_service_was_not_touched() -> None:
    busy = replace(OUTCOME, verdict=Verdict(status=Status.BUSY), to_revision="")
    assert standing(busy, None) == "Nothing was changed."


@pytest.mark.parametrize(
    ("status", "reason", "text"),
    [
        (Status.ROLLED_BACK, "", "rollback completed"),
        (Status.SUCCEEDED, "", "rollback completed"),
        (Status.ROLLBACK_FAILED, "no capacity", "rollback not completed: rollback failed (no capacity)"),
        (Status.SUPERSEDED, "", "rollback not completed: superseded"),
    ],
)
def test_how_a_rollback_ended(status: Status, reason: str, text: str) -> None:
    assert rolled_back(RollbackReport(by="us", to_revision=NEW, status=status, reason=reason)) == text


def test_step_in_words() -> None:
    planned = replace(PLANNED, steps=("force", "unheard-of"))
    assert [*steps(planned)] == ["start a new deployment of the revision in use", "unheard-of"]


PAUSE = Paused(hook="h", stage="PRE_SCALE_UP", service_deployment="", expires_at=START, timeout_action="ROLLBACK")


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (PAUSE, "paused at PRE_SCALE_UP, waiting to be continued; at 2026-11-22 12:03 UTC ECS rolls it back"),
        (
            replace(PAUSE, timeout_action="CONTINUE"),
            "paused at PRE_SCALE_UP, waiting to be continued; at 2026-11-22 12:03 UTC ECS continues it",
        ),
        (
            replace(PAUSE, timeout_action="NEW_HERE"),
            "paused at PRE_SCALE_UP, waiting to be continued; at 2026-11-22 12:03 UTC ECS decides: NEW_HERE",
        ),
        (replace(PAUSE, expires_at=None), "paused at PRE_SCALE_UP, waiting to be continued"),
        (replace(PAUSE, stage="", expires_at=None), "paused at an unnamed stage, waiting to be continued"),
    ],
)
def test_a_pause_says_until_when_and_what_happens_then(event: Paused, text: str) -> None:
    assert paused(event) == text


def test_whoever_deploys_is_named() -> None:
    started = Started(deployment_id="d-1", revision="web:2", desired=2, by="codedeploy")
    assert breaker(started) == "by CodeDeploy"
    assert [actor(each) for each in ("us", "ecs", "codedeploy")] == ["ecs-deploy", "ECS", "CodeDeploy"]


def test_what_cannot_succeed_goes_on_at_whoever_deploys_it() -> None:
    doom = Doom(code="E-CONTAINER-EXIT", what="it exits", rule=next(iter(Rule)), tasks=("1",), because="", link="")
    doomed = Verdict(status=Status.FAILED, doom=doom)
    by_ecs = standing(replace(OUTCOME, verdict=doomed), None)
    by_codedeploy = standing(replace(OUTCOME, verdict=doomed, deployment_id="d-1"), None)
    assert (by_ecs[:3], by_codedeploy[:10]) == ("ECS", "CodeDeploy")


@pytest.mark.parametrize(
    ("message", "times", "text"),
    [
        ("(service web) registered 1 targets in g", 1, "(service web) registered 1 targets in g"),
        ("(service web) registered 2 targets in g", 80, "(service web) registered 160 targets in g"),
        ("(service web) deregistered 1 targets in g", 3, "(service web) deregistered 3 targets in g"),
        ("(service web) is unwell.", 1, "(service web) is unwell."),
        ("(service web) is unwell.", 3, "(service web) is unwell. (3 times)"),
    ],
)
def test_m05_equal_lines_of_ecs_are_summed_up(message: str, times: int, text: str) -> None:
    assert said(Said(id="1", at=START, message=message, times=times)) == text


def test_t12_what_serves_is_told_with_its_numbers() -> None:
    mine, theirs = Share(revision=NEW, running=8), Share(revision=OLD, running=2)
    verdict = Verdict(status=Status.FAILED, serving=OLD, serves=(mine, theirs))
    told = standing(replace(OUTCOME, verdict=verdict), 2)
    assert told == "Production is on web:142 (8 running) and web:141 (2 running)."
    verdict = replace(verdict, serving="", serves=(replace(mine, checked=True),))
    told = standing(replace(OUTCOME, verdict=verdict), None)
    assert told == "Production is on web:142 (8 running, if they pass their health checks)."
