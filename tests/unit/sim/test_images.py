"""Which behaviour an image reference finds."""

import pytest

from ecsdeploy.sim.ground.behaviour import GOOD, Behaviour, Images, repository, tagged

DIGEST = f"sha256:{'0' * 64}"
BAD = Behaviour(run="exit")


@pytest.mark.parametrize(
    ("image", "found"),
    [
        ("host:5000/team/web:2", True),
        (f"host:5000/team/web:2@{DIGEST}", True),
        ("host:5000/team/web:3", False),
        ("host:5000/team/web", False),
        (f"host:5000/team/web@{DIGEST}", False),
    ],
)
def test_an_image_is_known_by_its_tag_with_or_without_a_digest_beside_it(image: str, found: bool) -> None:
    assert Images({"host:5000/team/web:2": BAD}).look_up(image) is (BAD if found else GOOD)


def test_no_tag_means_latest() -> None:
    assert tagged("host:5000/web") == "host:5000/web:latest"
    assert Images({tagged("web"): BAD}).look_up("web") is BAD
    assert Images({tagged("web"): BAD}).look_up("web:latest") is BAD


def test_a_limited_behaviour_is_used_up_by_its_tasks() -> None:
    images = Images({"web:2": Behaviour(run="exit", fails=2)})
    assert [images.start("web:2").run for _ in range(3)] == ["exit", "exit", "healthy"]


@pytest.mark.parametrize(
    ("behaviour", "hopeless"),
    [
        (Behaviour(), False),
        (Behaviour(pull="denied"), True),
        (Behaviour(pull="denied", fails=1), False),
        (Behaviour(run="exit", after=4), True),
        (Behaviour(run="exit", after=30), False),
        (Behaviour(run="unhealthy"), True),
        (Behaviour(run="unhealthy", healthy_after=3), False),
    ],
)
def test_an_image_is_hopeless_if_no_task_of_it_can_ever_count_as_healthy(behaviour: Behaviour, hopeless: bool) -> None:
    assert behaviour.hopeless is hopeless


def test_a_repository_is_the_reference_without_tag_and_digest() -> None:
    assert repository(f"host:5000/team/web:2@{DIGEST}") == repository("host:5000/team/web") == "host:5000/team/web"
