"""Releases whose revision is tagged, and whose images are pinned, from the command line to what ECS has then."""

from __future__ import annotations

from tests.cli.worlds import NEW, OLD, WEB, a_world, behaves, play, service, surroundings

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web"
GITLAB = {"GITLAB_CI": "true", "CI_COMMIT_SHA": "4f2a9c1", "GITLAB_USER_LOGIN": "ann"}


def test_a_release_is_tagged_with_where_it_comes_from() -> None:
    words = ("deploy", *WEB, "--image", NEW, "--provenance", "--tag-revision", "team=shop")
    played = play(a_world(), words, surroundings(variables=GITLAB))
    assert played.code == 0
    assert played.registered["tags"] == [
        {"key": "ecs-deploy:commit", "value": "4f2a9c1"},
        {"key": "ecs-deploy:actor", "value": "ann"},
        {"key": "team", "value": "shop"},
    ]


def test_tags_are_copied_by_a_command_and_not_by_the_flag_form() -> None:
    world = a_world()
    play(world, ("deploy", *WEB, "--image", NEW, "--tag-revision", "team=shop"))
    play(world, ("deploy", *WEB, "--image", OLD))
    play(world, ("deploy", *WEB, "--image", NEW, "--no-copy-task-definition-tags"))
    first, copied, not_copied = (
        each.get("tags") for each in play(world, ("status", *WEB)).requests("RegisterTaskDefinition")
    )
    assert (first, copied, not_copied) == ([{"key": "team", "value": "shop"}],) * 2 + (None,)
    assert play(world, (*WEB, "-i", OLD)).requests("RegisterTaskDefinition")[-1].get("tags") is None


def test_a_plan_shows_tags_that_are_added() -> None:
    played = play(a_world(), ("plan", *WEB, "--image", OLD, "--tag-revision", "team=shop", "--exit-code"))
    assert "+ tags team added (shop)" in played.stdout
    assert played.code == 2


def test_an_image_of_ecr_is_pinned() -> None:
    world = a_world(service(image=f"{REGISTRY}:1"))
    played = play(world, ("deploy", *WEB, "--image", f"{REGISTRY}:2", "--pin-digest"))
    assert played.code == 0
    (container,) = played.registered["containerDefinitions"]
    assert container["image"].startswith(f"{REGISTRY}@sha256:")
    assert played.registered["tags"] == [{"key": "ecs-deploy:image-tag", "value": "2"}]
    assert played.result["images"] == {"app": container["image"]}


def test_an_image_that_ecr_does_not_have_is_refused_before_a_write() -> None:
    world = a_world(service(image=f"{REGISTRY}:1"), behaves(f"{REGISTRY}:2", pull="not-found"))
    played = play(world, ("deploy", *WEB, "--image", f"{REGISTRY}:2", "--pin-digest"))
    assert played.code == 26
    assert f"ECR tells no digest of `{REGISTRY}:2`, and `--pin-digest` needs it. Push the image" in played.stderr
    assert played.requests("RegisterTaskDefinition") == []


def test_an_image_elsewhere_is_named_and_released() -> None:
    played = play(a_world(), ("deploy", *WEB, "--image", NEW, "--pin-digest"))
    assert played.code == 0
    assert f"No private ECR registry has these images, and they are not pinned by digest: `{NEW}`." in played.stderr
