"""Evidence gives causes: the most frequent first, with proof, log lines and a remedy."""

from dataclasses import replace

import pytest

from ecsdeploy.diagnose.causes import Symptom, read_line
from ecsdeploy.diagnose.evidence import Evidence, LogStream, in_order, log_stream
from ecsdeploy.diagnose.explain import explain, group
from ecsdeploy.diagnose.phrases import remedy, summary
from ecsdeploy.diagnose.table import BY_CODE
from ecsdeploy.model.service import Task
from ecsdeploy.model.taskdef import TaskDefinition
from tests.unit.diagnose.builders import ROLE, crashed, definition, exited, logging, member, stopped
from tests.unit.rollout.builders import event

SPOT = stopped("SpotInterruption", "Your Spot Task was interrupted.", number=1)
SCALED = stopped(
    "ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)", exited("app", 143)
)


def codes(*tasks: Task, lines: tuple[str, ...] = ()) -> list[tuple[str, int, int]]:
    """Code, tasks and of; ECS lists its lines the newest first."""
    events = tuple(event(number, line) for number, line in reversed(list(enumerate(lines))))
    found = explain(Evidence(definition=definition(), stopped=tasks, events=events))
    return [(each.code, each.tasks, each.of) for each in found]


def test_the_most_frequent_cause_comes_first() -> None:
    pulls = [stopped("TaskFailedToStart", "CannotPullContainerError: x: not found", number=each) for each in (2, 3)]
    assert codes(crashed(1), *pulls) == [("E-IMAGE-NOT-FOUND", 2, 3), ("E-CONTAINER-EXIT", 1, 3)]


def test_of_equally_frequent_causes_the_earliest_comes_first() -> None:
    late, early = crashed(1, number=9), crashed(2, number=3)
    found = explain(Evidence(definition=definition(), stopped=(late, early)))
    assert ["exit code 2" in each.evidence for each in found] == [True, False]


def test_f59_a_lost_host_comes_last_however_often() -> None:
    spots = [replace(SPOT, arn=f"{SPOT.arn}{each}") for each in range(5)]
    assert [code for code, _, _ in codes(*spots, crashed(1, number=2))] == ["E-CONTAINER-EXIT", "E-HOST-LOST"]
    silent = stopped("TaskFailedToStart", number=9)
    assert [code for code, _, _ in codes(*spots, silent)] == ["E-TASK-STOPPED", "E-HOST-LOST"]


def test_scaling_activity_is_no_failure() -> None:
    assert codes(SCALED, crashed(1, number=2)) == [("E-CONTAINER-EXIT", 1, 1)]


def test_health_checks_are_one_cause_whatever_the_containers_exit_with() -> None:
    killed = [
        stopped("ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group x)", exited("app", code))
        for code in (137, 143, 0)
    ]
    assert codes(*killed) == [("E-TARGET-UNHEALTHY", 3, 3)]


def test_nothing_known_has_no_cause() -> None:
    assert codes() == []
    assert group(Evidence(definition=definition())) == ()


EVENTS: dict[str, tuple[str, str | None]] = {
    "deadlock": (
        (
            "(service web) was unable to stop or start tasks during a deployment because of the service deployment "
            "configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
        ),
        "E-DEADLOCK",
    ),
    "f52 no instance": (
        "(service web) was unable to place a task because no container instance met all of its requirements.",
        "E-NO-CAPACITY",
    ),
    "f52 no capacity": (
        "(service web) was unable to place a task. Reason: Capacity is unavailable at this time.",
        "E-NO-CAPACITY",
    ),
    "f52 no instances": (
        (
            "(service web) was unable to reach steady state. Reason: No Container Instances were found in your "
            "capacity provider."
        ),
        "E-NO-INSTANCES",
    ),
    "f53 target group": (
        "(service web) (port 80) is unhealthy in (target-group arn) due to (reason Health checks failed)",
        "E-TARGET-UNHEALTHY",
    ),
    "f53 classic": ("(service web) (instance i-1) is unhealthy in (elb web) due to (reason x)", "E-TARGET-UNHEALTHY"),
    "container health": ("(service web) (task 1f0c) failed container health checks.", "E-CONTAINER-UNHEALTHY"),
    "f41 alarm": ("(service web) (deployment ecs-svc/1) deployment failed: alarm detected.", "E-ALARM"),
    "tasks stop": ("(service web) is unable to consistently start tasks successfully.", "E-TASK-STOPPED"),
    "all is well": ("(service web) has reached a steady state.", None),
    "churn": ("(service web) has started 1 tasks: (task 1f0c).", None),
}


@pytest.mark.parametrize(("line", "code"), EVENTS.values(), ids=EVENTS)
def test_a_line_of_ecs_is_a_symptom(line: str, code: str | None) -> None:
    assert read_line(line) == (Symptom(code=code, reason=line) if code else None)


def test_events_speak_where_no_task_does_the_earliest_first_and_each_kind_once() -> None:
    lines = tuple(EVENTS[each][0] for each in ("deadlock", "f52 no instance", "churn", "deadlock"))
    assert codes(lines=lines) == [("E-DEADLOCK", 0, 0), ("E-NO-CAPACITY", 0, 0)]
    assert codes(crashed(1), lines=lines) == [("E-CONTAINER-EXIT", 1, 1)]


LOGGED = definition(member("app", logConfiguration=logging(**{"awslogs-region": "eu-west-2"})))


def test_log_lines_come_with_their_stream() -> None:
    first, second = crashed(1, number=1), crashed(1, number=2)
    logs = {(second.id, "app"): ("KeyError: 'DATABASE_URL'",)}
    (cause,) = explain(Evidence(definition=LOGGED, stopped=(first, second), logs=logs))
    assert cause.log == ("KeyError: 'DATABASE_URL'",)
    assert (cause.log_group, cause.log_stream) == ("/ecs/web", "app/app/task2")


def test_lines_of_another_container_are_not_shown() -> None:
    (cause,) = explain(Evidence(definition=LOGGED, stopped=(crashed(1),), logs={("task1", "proxy"): ("fine",)}))
    assert (cause.log, cause.log_group, cause.log_stream) == ((), "", "")


def test_the_proof_is_all_of_one_task() -> None:
    old, new = (
        stopped("TaskFailedToStart", f"CannotPullContainerError: {name}: not found", number=number)
        for number, name in enumerate("ab", 1)
    )
    (cause,) = explain(Evidence(definition=definition(), stopped=(old, new)))
    assert cause.evidence == ("task task2", "TaskFailedToStart", "CannotPullContainerError: b: not found")


def test_a_proof_has_no_empty_lines() -> None:
    (cause,) = explain(Evidence(definition=definition(), stopped=(stopped("", "", exited("app", 1)),)))
    assert cause.evidence == ("task task1", "exit code 1")


def test_a_task_of_unknown_age_is_evidence_too() -> None:
    assert codes(replace(crashed(1), created_at=None), crashed(1, number=2)) == [("E-CONTAINER-EXIT", 2, 2)]


STREAMS: dict[str, tuple[TaskDefinition, LogStream | None]] = {
    "awslogs": (LOGGED, LogStream(group="/ecs/web", stream="app/app/task1", region="eu-west-2")),
    "in the region of the task": (
        definition(member("app", logConfiguration=logging())),
        LogStream(group="/ecs/web", stream="app/app/task1", region=""),
    ),
    "no prefix": (definition(member("app", logConfiguration=logging(prefix=""))), None),
    "no group": (definition(member("app", logConfiguration=logging(group=""))), None),
    "another driver": (definition(member("app", logConfiguration={"logDriver": "splunk"})), None),
    "no such container": (definition(member("proxy")), None),
}


@pytest.mark.parametrize(("known", "stream"), STREAMS.values(), ids=STREAMS)
def test_where_a_container_logs(known: TaskDefinition, stream: LogStream | None) -> None:
    assert log_stream(known, "app", crashed(1)) == stream


@pytest.mark.parametrize("code", sorted(BY_CODE))
@pytest.mark.parametrize("container", ["app", ""], ids=["named", "not named"])
def test_every_code_has_a_summary_and_a_remedy(code: str, container: str) -> None:
    symptom = Symptom(code=code, container=container, exit_code=1 if container else None)
    said = summary(symptom, definition(), (crashed(1),))
    advice = remedy(symptom, definition())
    assert said == said.strip()
    assert not said.endswith(".")
    assert advice.endswith(".")
    assert not {"{", "}"} & set(said + advice)
    assert "None" not in said


SUMMARIES: dict[str, tuple[Symptom, str]] = {
    "exit code": (Symptom(code="E-CONTAINER-EXIT", container="app", exit_code=1), 'container "app" exits 1'),
    "a signal": (
        Symptom(code="E-CONTAINER-EXIT", container="app", exit_code=134),
        'container "app" exits 134 (aborted)',
    ),
    "no exit code": (Symptom(code="E-CONTAINER-EXIT"), "a container exits"),
    "the image at fault": (
        Symptom(code="E-IMAGE-NOT-FOUND", container="app"),
        "the image acme/app:2 does not exist in its registry",
    ),
    "one of the images": (
        Symptom(code="E-IMAGE-NOT-FOUND"),
        "the image acme/app:2 or acme/proxy:2 does not exist in its registry",
    ),
}


@pytest.mark.parametrize(("symptom", "said"), SUMMARIES.values(), ids=SUMMARIES)
def test_a_summary_says_what_is_known(symptom: Symptom, said: str) -> None:
    assert summary(symptom, definition(member("app"), member("proxy"))) == said


def test_a_summary_without_a_definition_says_so() -> None:
    assert "the image ? does not exist" in summary(Symptom(code="E-IMAGE-NOT-FOUND"), TaskDefinition(payload={}))


def test_a_remedy_names_the_execution_role() -> None:
    assert ROLE in remedy(Symptom(code="E-SECRET"), definition())
    assert "the task role `(none is set)`" in remedy(Symptom(code="E-ROLE-TRUST"), definition())
    assert "(none is set)" in remedy(Symptom(code="E-SECRET"), definition(role=""))
    named = TaskDefinition(payload={"taskRoleArn": "arn:aws:iam::111122223333:role/web"})
    assert "the task role `arn:aws:iam::111122223333:role/web`" in remedy(Symptom(code="E-ROLE-TRUST"), named)


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        pytest.param((crashed(1, ran=4),), "about 4 s after start", id="how long it ran"),
        pytest.param((crashed(1, ran=4), crashed(1, number=2, ran=9)), "about 9 s after start", id="the last"),
        pytest.param(
            (replace(crashed(1), execution_stopped_at=None),), "about 29 s after start", id="until it had stopped"
        ),
        pytest.param((replace(crashed(1), started_at=None),), "exits 1", id="it never started"),
    ],
)
def test_a_summary_says_how_long_the_last_task_ran(tasks: tuple[Task, ...], said: str) -> None:
    (cause,) = explain(Evidence(definition=definition(), stopped=tasks))
    assert cause.summary.endswith(said)


ALARM = "(service web) (deployment ecs-svc/1) deployment failed: alarm detected."
HOOK = (
    "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target "
    "arn:aws:lambda:us-west-2:1:function:f returned FAILED status."
)
STRANGE = stopped("TaskFailedToStart", "FluxCapacitorError: 1.21 GW missing", number=5)
PLACE = "(service web) was unable to place a task. Reason: Capacity is unavailable at this time."


def test_f41_what_ecs_says_ended_the_deployment_comes_first() -> None:
    assert codes(crashed(1), lines=(ALARM,)) == [("E-ALARM", 0, 1), ("E-CONTAINER-EXIT", 1, 1)]


def test_the_reason_of_the_end_is_read_too() -> None:
    found = explain(Evidence(definition=definition(), reason=HOOK))
    assert [(each.code, each.evidence) for each in found] == [("E-HOOK-FAILED", (HOOK,))]


def test_f41_the_alarms_that_went_off_are_named() -> None:
    reason = "Service deployment rolled back because of one or more active alarms."
    (cause,) = explain(Evidence(definition=definition(), reason=reason, alarms=("web-5xx", "web-p99")))
    assert cause.evidence == (reason, "alarm web-5xx", "alarm web-p99")


def test_events_speak_beside_tasks_that_say_little() -> None:
    assert codes(SPOT, lines=(PLACE,)) == [("E-NO-CAPACITY", 0, 1), ("E-HOST-LOST", 1, 1)]
    assert codes(STRANGE, lines=(PLACE,)) == [("E-TASK-STOPPED", 1, 1), ("E-NO-CAPACITY", 0, 1)]


def test_d02_what_a_task_says_outranks_what_events_say_of_placement() -> None:
    said = stopped("TaskFailedToStart", "SomethingNew: it broke")
    silent = stopped("TaskFailedToStart")
    lines = (EVENTS["f52 no capacity"][0], EVENTS["deadlock"][0], EVENTS["f41 alarm"][0])
    assert [code for code, *_ in codes(said, lines=lines)] == [
        *("E-ALARM", "E-TASK-STOPPED", "E-NO-CAPACITY", "E-DEADLOCK"),
    ]
    assert [code for code, *_ in codes(silent, lines=lines)] == [
        *("E-ALARM", "E-NO-CAPACITY", "E-DEADLOCK", "E-TASK-STOPPED"),
    ]


def test_d02_what_events_say_of_anything_else_outranks_what_nobody_knows() -> None:
    lines = (EVENTS["f52 no capacity"][0], EVENTS["container health"][0])
    assert [code for code, *_ in codes(STRANGE, lines=lines)] == [
        *("E-CONTAINER-UNHEALTHY", "E-TASK-STOPPED", "E-NO-CAPACITY"),
    ]


def test_of_one_instant_the_event_that_ecs_lists_first_is_the_newest() -> None:
    newest_first = [event(3, at=9), event(2, at=9), event(1, at=1)]
    assert [each.id for each in in_order(newest_first)] == ["event-1", "event-2", "event-3"]


def test_a_cause_of_tasks_is_not_said_again_by_events() -> None:
    line = "(service web) is unable to consistently start tasks successfully."
    assert codes(STRANGE, lines=(line,)) == [("E-TASK-STOPPED", 1, 1)]


def test_a_text_that_nobody_knows_is_shown_as_it_is() -> None:
    (cause,) = explain(Evidence(definition=definition(), stopped=(STRANGE,)))
    assert cause.evidence == ("task task5", "TaskFailedToStart", "FluxCapacitorError: 1.21 GW missing")


def test_a_task_that_ecs_could_not_start_speaks_through_an_event_too() -> None:
    line = "(service web) was unable to place a task. Reason: ResourceInitializationError: invalid ssm parameters: /k."
    assert codes(lines=(line,)) == [("E-PARAMETER-NOT-FOUND", 0, 0)]


def test_the_difference_that_explains_it_comes_before_the_remedy() -> None:
    old = definition(member("app", environment=[{"name": "DATABASE_URL", "value": "x"}]))
    evidence = Evidence(
        definition=LOGGED, stopped=(crashed(1),), baseline=old, logs={("task1", "app"): ("KeyError: 'DATABASE_URL'",)}
    )
    (cause,) = explain(evidence)
    assert cause.remedy.startswith("the revision before defined DATABASE_URL, this one does not. Read the ")


def test_without_a_revision_before_nothing_is_said_to_differ() -> None:
    (cause,) = explain(Evidence(definition=LOGGED, stopped=(crashed(1),)))
    assert (cause.container, cause.remedy) == ("app", remedy(Symptom(code="E-CONTAINER-EXIT"), LOGGED))


def test_only_what_differs_in_the_container_at_fault_explains_it() -> None:
    before = definition(member("app"), member("proxy", command=["a"]))
    after = definition(member("app"), member("proxy", command=["b"]))
    (cause,) = explain(Evidence(definition=after, stopped=(crashed(1),), baseline=before))
    assert "differs" not in cause.remedy


ROUTER = member("router", firelensConfiguration={"type": "fluentbit"}, logConfiguration=logging("/ecs/router", "fire"))
SPLUNK = {"logDriver": "splunk", "options": {"splunk-url": "https://splunk.example.com", "splunk-token": "hunter2"}}
FIRELENS = {"logDriver": "awsfirelens", "options": {"Name": "cloudwatch", "log_group_name": "/ecs/web"}}
PLACES: dict[str, tuple[TaskDefinition, str]] = {
    "not read": (
        definition(member("app", logConfiguration=logging())),
        'no line of the log of "app" was read: /ecs/web app/app/task1',
    ),
    "no prefix": (
        definition(member("app", logConfiguration=logging(prefix=""))),
        'the log of "app" is not read: driver awslogs, awslogs-group /ecs/web, no awslogs-stream-prefix',
    ),
    "none": (
        definition(member("app")),
        'the log of "app" is not read: it has no log driver, so its host keeps it, if anything does',
    ),
    "splunk": (
        definition(member("app", logConfiguration=SPLUNK)),
        'the log of "app" is not read: driver splunk, splunk-url https://splunk.example.com',
    ),
    "splunk, beside a router of others": (
        definition(ROUTER, member("app", logConfiguration=SPLUNK)),
        'the log of "app" is not read: driver splunk, splunk-url https://splunk.example.com',
    ),
    "journald": (
        definition(member("app", logConfiguration={"logDriver": "journald"})),
        'the log of "app" is not read: driver journald',
    ),
    "router": (
        definition(ROUTER, member("app", logConfiguration=FIRELENS)),
        (
            'the log of "app" is not read: driver awsfirelens, Name cloudwatch, log_group_name /ecs/web; its router '
            '"router" writes /ecs/router fire/router/task1'
        ),
    ),
    "a router without a stream": (
        definition(member("router", firelensConfiguration={}), member("app", logConfiguration=FIRELENS)),
        'the log of "app" is not read: driver awsfirelens, Name cloudwatch, log_group_name /ecs/web',
    ),
    "a definition that was not read": (TaskDefinition(payload={}), ""),
}


@pytest.mark.parametrize(("known", "note"), PLACES.values(), ids=PLACES)
def test_d06_d07_where_the_log_is_that_was_not_read(known: TaskDefinition, note: str) -> None:
    (cause,) = explain(Evidence(definition=known, stopped=(crashed(1),)))
    assert cause.log_note == note


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(stopped("TaskFailedToStart"), id="no container is at fault"),
        pytest.param(
            stopped("TaskFailedToStart", "", exited("app", None, "CannotPullContainerError: acme/app:2: not found")),
            id="its image could not be pulled",
        ),
    ],
)
def test_d06_a_container_that_never_ran_has_no_log(task: Task) -> None:
    (cause,) = explain(Evidence(definition=LOGGED, stopped=(task,)))
    assert (cause.log, cause.log_note) == ((), "")


def test_d06_where_lines_are_shown_nothing_more_is_said_of_the_log() -> None:
    (cause,) = explain(Evidence(definition=LOGGED, stopped=(crashed(1),), logs={("task1", "app"): ("KeyError",)}))
    assert (cause.log, cause.log_note) == (("KeyError",), "")
