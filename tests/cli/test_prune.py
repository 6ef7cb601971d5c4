"""What `--max-definitions` leaves alone, wherever in the account it is used."""

import json

from ecsdeploy.sim import World
from tests.cli.worlds import OLD, RELEASE, Played, a_world, fault, play, service
from tests.unit.sim.builders import call

HISTORY = ["registry.example.com/team/web:a", "registry.example.com/team/web:b"]


def _two_clusters() -> World:
    return a_world(
        service(cluster="staging", desired=1, history=HISTORY),
        service(desired=1, image="registry.example.com/team/web:0"),
    )


def _deregistered(run: Played) -> list[str]:
    names = [str(each["taskDefinition"]) for each in run.requests("DeregisterTaskDefinition")]
    return sorted(each.rsplit("/", 1)[-1] for each in names)


def test_t18_what_a_service_of_another_cluster_runs_is_spared() -> None:
    world = _two_clusters()
    of_prod = call(world, "DescribeServices", cluster="prod", services=["web"])["services"][0]["taskDefinition"]
    argv = ("-c", "staging", "-n", "web", "-i", "registry.example.com/team/web:2", "-t", "600")
    run = play(world, (*argv, "--max-definitions", "1"))
    assert run.code == 0
    assert _deregistered(run) == ["web:1", "web:2"]
    assert of_prod.rsplit("/", 1)[-1] not in _deregistered(run)
    assert f"{of_prod.rsplit('/', 1)[-1]}" in run.stderr
    assert "service `web` of `prod`" in run.stderr
    assert play(world, ("-c", "prod", "-n", "web", "--force-new-deployment", "-t", "600")).code == 0


def test_t18_registering_alone_spares_what_a_service_runs() -> None:
    world = a_world(service(history=HISTORY))
    run = play(world, ("-d", "web", "-i", OLD, "--max-definitions", "1"))
    assert (run.code, _deregistered(run)) == (0, ["web:1", "web:2"])
    assert play(world, RELEASE).code == 0


def test_t18_what_may_not_be_asked_means_that_nothing_goes() -> None:
    world = a_world(service(history=HISTORY), fault(operation="ListClusters", error="AccessDeniedException"))
    run = play(world, (*RELEASE, "-t", "600", "--max-definitions", "1"))
    assert (run.code, _deregistered(run)) == (0, [])
    assert "No old revision of web was deregistered, because we could not find out who uses them" in run.stderr
    assert json.dumps(run.result["warnings"]).count("W-USERS-UNKNOWN") == 1
