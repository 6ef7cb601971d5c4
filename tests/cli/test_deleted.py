"""A service that somebody deletes under a release."""

from tests.cli.worlds import play, shipped


def test_d08_a_deleted_service_is_explained_as_that_and_nothing_is_offered_to_undo_it() -> None:
    world = shipped("service-deleted")
    run = play(world, world.scenario.deploy_args)
    assert run.result["cause"]["code"] == "E-SERVICE-DELETED"
    assert "FAILED: the service was deleted, and nothing of it serves production." in run.stderr
    assert "the service was deleted while it was being deployed" in run.stderr
    assert "Undo" not in run.stderr
    assert "ecs-deploy rollback" not in run.stderr
    assert "ecs-deploy status" in run.stderr
