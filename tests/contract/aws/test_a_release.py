"""A release, call by call, against the simulator."""

import pytest

from ecsdeploy.aws.session import open_session
from ecsdeploy.errors import NoSuchResource, Refused
from ecsdeploy.model.access import Access
from ecsdeploy.model.arn import ServiceRef, deployment_number, revision_name
from ecsdeploy.model.oneoff import OneOff
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.steps import PointService, RunTask
from tests.contract.aws.worlds import NEW_IMAGE, WEB, account, account_where


def test_a_release_takes_five_calls_until_its_deployment_is_found() -> None:
    prod = account("good")
    ours = prod.release()
    found = prod.plane.service_deployment(WEB, ours.id)

    assert prod.operations() == [
        "DescribeServices",
        "DescribeTaskDefinition",
        "RegisterTaskDefinition",
        "UpdateService",
        "ListServiceDeployments",
    ]
    assert found is not None
    assert deployment_number(found.target_revision) == deployment_number(ours.id)


def test_our_deployment_is_followed_to_its_end_with_one_call_a_look() -> None:
    prod = account("good")
    ours = prod.release()
    prod.plane.service_deployment(WEB, ours.id)
    prod.world.settle()
    before = len(prod.world.calls)
    found = prod.plane.service_deployment(WEB, ours.id)
    service = prod.plane.service(WEB)

    assert prod.operations()[before:] == ["DescribeServiceDeployments", "DescribeServices"]
    assert found is not None
    assert found.status == "SUCCESSFUL"
    assert service.primary is not None
    assert (service.primary.id, service.primary.rollout_state) == (ours.id, "COMPLETED")
    assert (service.running, service.minimum_healthy_percent, service.breaker.enabled) == (4, 100, True)


def test_a_service_addressed_by_arns_is_the_same_one() -> None:
    prod = account("good")
    ours = prod.release()
    by_name = prod.plane.service(WEB)
    by_arn = ServiceRef(cluster=by_name.cluster_arn, name=by_name.arn)

    assert prod.plane.service(by_arn) == by_name
    assert prod.plane.service_deployment(by_arn, ours.id) is not None
    prod.world.clock.sleep(30)
    assert len(prod.plane.tasks_started_by(by_arn, ours.id, stopped=False)) == 4


def test_the_tasks_of_our_deployment_run_the_new_image() -> None:
    prod = account("good")
    ours = prod.release()
    prod.world.settle()
    tasks = prod.tasks_of(ours)

    assert {each.started_by for each in tasks} == {ours.id}
    assert {each.containers[0].image for each in tasks} == {NEW_IMAGE}
    assert all(each.addresses and each.created_at and each.started_at for each in tasks)


def test_tasks_that_crash_are_found_among_the_stopped_with_their_exit_code() -> None:
    prod = account("crash-loop")
    ours = prod.release()
    prod.world.clock.sleep(120)
    stopped = prod.tasks_of(ours, stopped=True)

    assert stopped
    assert {each.started_by for each in stopped} == {ours.id}
    assert {each.containers[0].exit_code for each in stopped} == {1}
    assert {each.stop_code for each in stopped} == {"EssentialContainerExited"}


def test_the_last_lines_of_a_crashed_container_are_read() -> None:
    prod = account("crash-loop")
    ours = prod.release()
    prod.world.clock.sleep(120)
    task = prod.tasks_of(ours, stopped=True)[0]
    container = prod.plane.definition(task.task_definition).containers[0]
    options = container.log_options
    stream = f"{options['awslogs-stream-prefix']}/{container.name}/{task.id}"

    lines = prod.plane.log_tail(options["awslogs-group"], stream, 1, region=options["awslogs-region"])
    assert lines == ("KeyError: 'DATABASE_URL'",)


def test_a_rollback_by_ecs_shows_in_the_service_deployment() -> None:
    prod = account("crash-loop")
    ours = prod.release()
    prod.world.settle()
    found = prod.plane.service_deployment(WEB, ours.id)

    assert found is not None
    assert found.status == "ROLLBACK_SUCCESSFUL"
    assert found.rollback_revision
    assert found.breaker is not None
    assert found.breaker.failures >= found.breaker.threshold


def test_revisions_are_newest_first_and_those_in_use_are_known() -> None:
    prod = account("good")
    ours = prod.release()
    prod.world.clock.sleep(30)
    names = [revision_name(arn) for arn in prod.plane.revisions("web")]
    in_use = prod.plane.revisions_in_use("prod", "web")

    assert names == ["web:3", "web:2", "web:1"]
    assert in_use[ours.task_definition] == "service `web` of `prod`"
    assert "web:2" in {revision_name(arn) for arn in in_use}


def test_a_deregistered_revision_is_no_longer_listed() -> None:
    prod = account("good")
    oldest = prod.plane.revisions("web")[-1]
    prod.plane.deregister(oldest)
    assert oldest not in prod.plane.revisions("web")
    assert prod.plane.definition(oldest).status == "INACTIVE"


def test_percentages_change_without_touching_the_circuit_breaker() -> None:
    prod = account("good")
    sizing = Sizing(desired_count=3, minimum_healthy_percent=50)
    revision = prod.plane.service(WEB).task_definition
    service = prod.plane.update_service(PointService(service=WEB, sizing=sizing), revision)

    assert (service.desired, service.minimum_healthy_percent) == (3, 50)
    assert service.breaker.enabled
    assert service.breaker.rollback


def test_targets_behind_the_load_balancer_have_their_tasks_addresses() -> None:
    prod = account("good-with-load-balancer")
    ours = prod.release()
    prod.world.settle()
    (group,) = prod.plane.service(WEB).target_groups
    health = prod.plane.target_health(group)

    addresses = {address for each in prod.tasks_of(ours) for address in each.addresses}
    assert addresses <= {target.partition(":")[0] for target in health}
    assert "healthy" in health.values()


def test_a_one_off_task_is_started_once_for_its_token_and_found_again() -> None:
    prod = account("good")
    revision = prod.plane.service(WEB).task_definition
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    step = RunTask(one_off=OneOff(cluster="prod", launch_type="FARGATE", network_configuration=network))
    (first,) = prod.plane.run_task(step, revision, "token-1").tasks
    (again,) = prod.plane.run_task(step, revision, "token-1").tasks

    assert first.arn == again.arn
    assert first.started_by == "ecs-deploy"
    assert [each.arn for each in prod.plane.tasks("prod", [first.arn])] == [first.arn]


def test_f68_of_several_tasks_those_that_found_room_are_known_and_why_the_others_did_not() -> None:
    prod = account_where("[limits]", "capacity_tasks = 4")
    revision = prod.plane.service(WEB).task_definition
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    step = RunTask(one_off=OneOff(cluster="prod", launch_type="FARGATE", network_configuration=network, count=3))
    launched = prod.plane.run_task(step, revision, "token-1")
    assert len(launched.tasks) == 2
    assert "ECS started 2 of 3 tasks: the limit on Fargate tasks" in launched.lacking


def test_f68_a_one_off_task_without_room_is_refused_in_words() -> None:
    prod = account_where("[limits]", "capacity_tasks = 2")
    revision = prod.plane.service(WEB).task_definition
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    step = RunTask(one_off=OneOff(cluster="prod", launch_type="FARGATE", network_configuration=network))
    with pytest.raises(Refused, match="could not start a task of `web:"):
        prod.plane.run_task(step, revision, "token-1")


def test_f15_a_slip_in_a_name_is_answered_with_the_name_that_was_meant() -> None:
    prod = account("good")
    with pytest.raises(NoSuchResource) as service:
        prod.plane.service(ServiceRef(cluster="prod", name="wbe"))
    with pytest.raises(NoSuchResource) as cluster:
        prod.plane.service(ServiceRef(cluster="prdo", name="web"))

    assert service.value.hint == "Did you mean `web`?"
    assert cluster.value.hint == "Did you mean `prod`?"


def test_a_definition_that_does_not_exist_is_named() -> None:
    with pytest.raises(NoSuchResource, match="`nothing:1`"):
        account("good").plane.definition("nothing:1")


def test_the_endpoint_of_a_world_can_be_named() -> None:
    prod = account("good")
    access = Access(endpoint_url="http://simulator.example.com")
    assert open_session(access, transport=prod.world.transport).is_aws is False
