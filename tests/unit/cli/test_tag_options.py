"""The tags of a new revision: those that are given, those of the CI system, and those that are copied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.cli.builders import FAMILY, IMAGE, WEB, Api, ran, surroundings

DEPLOY = ("deploy", *WEB, "--image", IMAGE)
PLAN = ("plan", *WEB, "--image", IMAGE)
FLAGS = (*WEB, "-i", IMAGE)

SYSTEMS = [
    pytest.param(
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_SHA": "4f2a9c1",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "acme/web",
            "GITHUB_RUN_ID": "77",
            "GITHUB_ACTOR": "dependabot[bot]",
        },
        ("4f2a9c1", "https://github.com/acme/web/actions/runs/77", "dependabot_bot_"),
        id="GitHub",
    ),
    pytest.param(
        {
            "GITLAB_CI": "true",
            "CI_COMMIT_SHA": "4f2a9c1",
            "CI_JOB_URL": "https://gitlab.com/acme/web/-/jobs/8",
            "CI_PIPELINE_URL": "https://gitlab.com/acme/web/-/pipelines/7",
            "GITLAB_USER_LOGIN": "ann",
        },
        ("4f2a9c1", "https://gitlab.com/acme/web/-/pipelines/7", "ann"),
        id="GitLab",
    ),
    pytest.param(
        {
            "BUILDKITE": "true",
            "BUILDKITE_COMMIT": "4f2a9c1",
            "BUILDKITE_BUILD_URL": "https://buildkite.com/acme/web/builds/7",
            "BUILDKITE_BUILD_CREATOR": "Ann Example",
        },
        ("4f2a9c1", "https://buildkite.com/acme/web/builds/7", "Ann Example"),
        id="Buildkite",
    ),
    pytest.param(
        {
            "CIRCLECI": "true",
            "CIRCLE_SHA1": "4f2a9c1",
            "CIRCLE_BUILD_URL": "https://circleci.com/gh/acme/web/7",
            "CIRCLE_USERNAME": "ann",
        },
        ("4f2a9c1", "https://circleci.com/gh/acme/web/7", "ann"),
        id="CircleCI",
    ),
    pytest.param(
        {
            "JENKINS_URL": "https://ci.example.com/",
            "GIT_COMMIT": "4f2a9c1",
            "BUILD_URL": "https://ci.example.com/job/web/7/",
            "BUILD_USER_ID": "ann",
        },
        ("4f2a9c1", "https://ci.example.com/job/web/7/", "ann"),
        id="Jenkins",
    ),
]


@pytest.mark.parametrize("command", [DEPLOY, FLAGS], ids=["deploy", "flag form"])
@pytest.mark.parametrize(("variables", "said"), SYSTEMS)
def test_provenance_is_what_the_ci_system_says(
    command: tuple[str, ...], variables: Mapping[str, str], said: tuple[str, str, str], api: Api
) -> None:
    found = ran((*command, "--provenance"), surroundings(variables=variables))
    assert (found.code, "finds no CI system" in found.stderr) == (0, False)
    names = ("ecs-deploy:commit", "ecs-deploy:run", "ecs-deploy:actor")
    assert dict(api.deployed.tags) == dict(zip(names, said, strict=True))


def test_what_a_ci_system_does_not_say_is_no_tag(api: Api) -> None:
    around = surroundings(variables={"GITHUB_ACTIONS": "true", "GITHUB_SHA": "4f2a9c1", "GITHUB_RUN_ID": "7"})
    assert ran((*DEPLOY, "--provenance"), around).code == 0
    assert api.deployed.tags == (("ecs-deploy:commit", "4f2a9c1"),)


@pytest.mark.parametrize("command", [DEPLOY, FLAGS], ids=["deploy", "flag form"])
def test_without_a_ci_system_provenance_says_so(command: tuple[str, ...], api: Api) -> None:
    found = ran((*command, "--provenance"))
    assert (found.code, api.deployed.tags) == (0, ())
    assert "Warning: `--provenance` finds no CI system that it knows, and adds no tag." in found.stderr


def test_tags_are_given_and_win(api: Api) -> None:
    around = surroundings(variables={"GITLAB_CI": "true", "CI_COMMIT_SHA": "4f2a9c1"})
    words = ("--tag-revision", "team=shop & co".replace("&", "+"), "--tag-revision", "ecs-deploy:commit=mine")
    assert ran((*DEPLOY, "--provenance", *words, "--tag-revision", "empty="), around).code == 0
    assert dict(api.deployed.tags) == {"ecs-deploy:commit": "mine", "team": "shop + co", "empty": ""}


def test_a_registration_is_tagged_too(api: Api) -> None:
    assert ran((*FAMILY, "-i", IMAGE, "--tag-revision", "team=shop", "--pin-digest")).code == 0
    assert (api.registered.tags, api.registered.pin_digests) == ((("team", "shop"),), True)


REFUSED = [
    pytest.param(("--tag-revision", "team"), "`--tag-revision` takes no tag such as `team`.", id="no value"),
    pytest.param(("--tag-revision", "=shop"), "takes no tag such as `=shop`.", id="no key"),
    pytest.param(("--tag-revision", "team=a[b]"), "takes no tag such as `team=a[b]`.", id="a bracket"),
    pytest.param(("--tag-revision", "team=" + "a" * 257), "a value up to 256.", id="too long"),
    pytest.param(("--tag-revision", ""), "takes no tag such as", id="nothing"),
    pytest.param(("--tag-revision", "AWS:x=1"), "AWS keeps `aws:` for itself.", id="of AWS"),
    pytest.param(("--tag-revision", "a=1", "--tag-revision", "a=2"), "gives the tag `a` twice.", id="twice"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_is_no_tag_is_refused(words: tuple[str, ...], message: str, api: Api) -> None:
    found = ran((*DEPLOY, *words))
    assert found.code == 64
    assert message in found.stderr
    assert api.requests == []


@pytest.mark.parametrize("words", [("--tag-revision", "a=1"), ("--pin-digest",), ("--provenance",)], ids=" ".join)
@pytest.mark.parametrize("existing", [("--revision", "web:3"), ("--force-new-deployment",)], ids=" ".join)
@pytest.mark.parametrize("command", [("deploy", *WEB), WEB], ids=["deploy", "flag form"])
def test_an_existing_revision_is_neither_tagged_nor_pinned_and_that_is_told(
    command: tuple[str, ...], existing: tuple[str, ...], words: tuple[str, ...], api: Api
) -> None:
    found = ran((*command, *existing, *words))
    assert found.code == 0
    assert f"Warning: `{existing[0]}` makes no new revision, and without effect are: `{words[0]}`." in found.stderr
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("argv", "copies"),
    [
        (DEPLOY, True),
        (PLAN, True),
        ((*DEPLOY, "--copy-task-definition-tags"), True),
        ((*DEPLOY, "--no-copy-task-definition-tags"), False),
        (FLAGS, False),
        ((*FLAGS, "--copy-task-definition-tags"), True),
    ],
    ids=["deploy", "plan", "deploy and yes", "deploy and no", "flag form", "flag form and yes"],
)
def test_commands_copy_tags_unless_told_not_to_and_the_flag_form_if_told_to(
    argv: tuple[str, ...], copies: bool, api: Api
) -> None:
    assert ran(argv).code == 0
    (request,) = (*api.requests, *api.planned)
    assert getattr(request, "copy_tags") is copies  # noqa: B009 - the union's members differ


def test_a_setting_turns_copying_off(api: Api, tmp_path: Path) -> None:
    assert ran(DEPLOY, surroundings(variables={"ECS_DEPLOY_COPY_TASK_DEFINITION_TAGS": "false"})).code == 0
    (tmp_path / "ecs-deploy.toml").write_text("copy-task-definition-tags = false\n")
    assert ran(DEPLOY, surroundings(tmp_path)).code == 0
    assert [getattr(each, "copy_tags") for each in api.requests] == [False, False]  # noqa: B009 - as above
