"""The commands to paste: whole, quoted, and only those that exist."""

import shlex
from dataclasses import replace

import pytest

from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.cli.session.again import CHANGES, IMAGES, again
from ecsdeploy.cli.words.given import Given
from ecsdeploy.model.access import Access, Secret
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.judgement import Doom, Rule
from ecsdeploy.model.outcome import Phase, Place, Status, Verdict
from ecsdeploy.render.commands import console_link, continue_commands, next_commands
from ecsdeploy.render.stream import Again
from ecsdeploy.render.view import View
from tests.render.builders import NEW, OLD, OUTCOME, PLANNED, PROD

HERE = Again()
DOOM = Doom(code="E", what="It dies", rule=Rule.CRASH_LOOP, tasks=(), because="", link="")
VIEW = View(planned=PLANNED, revision=NEW)
READS, WRITES = {"status", "watch", "plan", "doctor", "logs"}, {"rollback", "stop", "continue"}
REFUSED = replace(OUTCOME, verdict=Verdict(status=Status.REFUSED, phase=Phase.PLANNING))
LEFT_EARLY = (Status.TIMED_OUT, Status.UNKNOWN, Status.INTERRUPTED, Status.DETACHED)


def commands(verdict: Verdict, view: View = VIEW) -> dict[str, list[str]]:
    """Each command's words by its first label."""
    rows = next_commands(view, replace(OUTCOME, verdict=verdict), HERE)
    return {label: shlex.split(text) for label, text in reversed(rows)}


@pytest.mark.parametrize("status", LEFT_EARLY)
def test_leaving_early_names_what_resumes_and_what_undoes(status: Status) -> None:
    found = commands(Verdict(status=status, phase=Phase.WAITING))
    assert found["Watch"][:2] == ["ecs-deploy", "watch"]
    assert found["Watch"][found["Watch"].index("--deployment") + 1] == OUTCOME.deployment_id
    assert found["Undo"][:2] == ["ecs-deploy", "rollback"]
    assert found["Undo"][found["Undo"].index("--to") + 1] == revision_name(OLD)


def test_a_deployment_whose_id_is_not_known_is_looked_for_in_the_service() -> None:
    outcome = replace(OUTCOME, verdict=Verdict(status=Status.UNKNOWN), deployment_id="")
    assert dict(next_commands(VIEW, outcome, HERE))["Watch"].startswith("ecs-deploy status ")


@pytest.mark.parametrize("phase", [Phase.PLANNING, Phase.REGISTERED])
def test_nothing_is_undone_where_nothing_was_changed(phase: Phase) -> None:
    assert "Undo" not in commands(Verdict(status=Status.INTERRUPTED, phase=phase))


def test_a_lost_write_may_have_to_be_undone() -> None:
    assert "Undo" in commands(Verdict(status=Status.UNKNOWN, phase=Phase.REGISTERED))


def test_another_ones_deployment_is_never_undone() -> None:
    """F31: superseded means that somebody else decides now."""
    assert "Undo" not in commands(Verdict(status=Status.SUPERSEDED, by="ecs-svc/9"))


def test_a_failure_that_was_not_rolled_back_can_be() -> None:
    assert "Undo" in commands(Verdict(status=Status.FAILED, serving=OLD))
    assert "Undo" not in commands(Verdict(status=Status.ROLLED_BACK, serving=OLD))


def test_a_forced_deployment_has_no_earlier_revision_to_go_back_to() -> None:
    outcome = replace(OUTCOME, verdict=Verdict(status=Status.FAILED), to_revision=OLD)
    assert "Undo" not in dict(next_commands(VIEW, outcome, HERE))


def test_the_release_can_be_rehearsed_container_by_container() -> None:
    words = commands(Verdict(status=Status.REFUSED, phase=Phase.PLANNING))["Next"]
    assert words[:2] == ["ecs-deploy", "plan"]
    assert words[words.index("--image") + 1] == "app=acme/web:b82e40d"


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("phase", Phase)
def test_m01_every_command_is_ours_and_says_who_calls_and_each_that_writes_in_which_account(
    status: Status, phase: Phase
) -> None:
    again = Again(access="--profile ci", plan="--base latest --desired-count 4")
    doomed = Verdict(status=status, phase=phase, doom=DOOM)
    for verdict in (doomed, Verdict(status=status, phase=phase)):
        for _, command in next_commands(VIEW, replace(OUTCOME, verdict=verdict), again):
            words = shlex.split(command)
            assert words[0] == "ecs-deploy"
            assert words[1] in READS | WRITES
            assert "--profile ci" in command
            assert ("--expect-account" in words) == (words[1] in WRITES)
            assert ("--base latest --desired-count 4" in command) == (words[1] == "plan")


def test_m01_the_command_line_is_repeated_but_for_secrets() -> None:
    access = Access(
        profile="my ci",
        assume_role="arn:role",
        external_id=Secret("hush"),
        endpoint_url="http://127.0.0.1:1",
        access_key=Secret("AKID"),
        secret_key=Secret("hush"),
    )
    found = again(access, _given(base="latest", desired_count="0", max="150", image="web:7", timeout="90"))
    assert found.access == (
        "--profile 'my ci' --assume-role arn:role --endpoint-url http://127.0.0.1:1 "
        '--external-id "$ECS_DEPLOY_EXTERNAL_ID"'
    )
    assert found.plan == "--base latest --desired-count 0 --max 150"
    assert again(Access()) == again(Access(), _given(deployment="ecs-svc/1")) == Again()


def _given(**texts: str | tuple[str, ...]) -> Given:
    return Given({key: (text,) if isinstance(text, str) else text for key, text in texts.items()})


@pytest.mark.parametrize(
    ("given", "plan"),
    [
        pytest.param(_given(base="web task.json"), "--base 'web task.json'", id="a file"),
        pytest.param(_given(latest_base="true"), "--base latest", id="a switch of the flag form"),
        pytest.param(_given(base="running", file_base="a.json", latest_base="true"), "--base a.json", id="the last"),
        pytest.param(_given(env_file=("a.env", "app=b.env")), "--env-file a.env --env-file app=b.env", id="several"),
        pytest.param(_given(min=("50", "60")), "--min 60", id="the flag form takes the last"),
        pytest.param(_given(copy_task_definition_tags="true"), "--copy-task-definition-tags", id="a switch"),
        pytest.param(_given(env="A=hush", min="50"), None, id="what may be a secret is not repeated"),
    ],
)
def test_m01_what_is_changed_is_repeated_as_the_commands_spell_it(given: Given, plan: str | None) -> None:
    assert again(Access(), given).plan == plan


def test_m01_a_revision_is_planned_with_its_own_images() -> None:
    told = again(Access(), _given(revision="web:7"))
    (words,) = [command for label, command in next_commands(VIEW, REFUSED, told) if label == "Next"]
    assert "--revision web:7" in words
    assert "--image" not in words


def test_m01_every_option_that_says_what_is_changed_has_a_name_to_repeat() -> None:
    """Or it names an image, which is repeated as it was found."""
    unnamed = {each.key for each in OPTIONS if each.group in CHANGES and not each.of_commands}
    assert unnamed <= IMAGES


@pytest.mark.parametrize(
    "url",
    [
        "http://bob:hunter2Xq@127.0.0.1:4714",
        "http://hunter2Xq@127.0.0.1:4714",
        "https://proxy.example.com/ecs?ticket=hunter2Xq",
        "https://proxy.example.com/token=hunter2Xq/",
    ],
)
def test_s01_an_address_with_a_secret_is_left_to_its_variable(url: str) -> None:
    assert again(Access(endpoint_url=url, region="us-east-1")) == Again(
        access='--endpoint-url "${ECS_DEPLOY_ENDPOINT_URL:?}"'
    )


def test_s01_no_other_word_of_the_command_line_brings_a_secret_back() -> None:
    told = again(Access(profile="token=hunter2Xq"), _given(base="token=hunter2Xq"))
    assert "hunter2Xq" not in f"{told}"


def test_m06_a_hopeless_deployment_that_goes_on_can_be_stopped() -> None:
    doomed = Verdict(status=Status.FAILED, doom=DOOM)
    found = commands(doomed)
    assert found["Stop"][:2] == ["ecs-deploy", "stop"]
    assert found["Undo"][:2] == ["ecs-deploy", "rollback"]
    assert "Stop" not in commands(Verdict(status=Status.FAILED))


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.UNCHANGED])
def test_success_needs_no_command(status: Status) -> None:
    assert commands(Verdict(status=status)) == {}


def test_names_are_quoted_for_the_shell() -> None:
    odd = replace(PROD, service="web; rm -rf ~", region="")
    outcome = replace(OUTCOME, place=odd, verdict=Verdict(status=Status.BUSY))
    words = shlex.split(dict(next_commands(VIEW, outcome, HERE))["Look"])
    assert "web; rm -rf ~" in words
    assert "--region" not in words


def test_a_failed_registration_without_a_service_has_nothing_to_look_at() -> None:
    nowhere = replace(PROD, service="")
    outcome = replace(OUTCOME, place=nowhere, verdict=Verdict(status=Status.FAILED))
    view = View(planned=replace(PLANNED, place=nowhere))
    assert next_commands(view, outcome, HERE) == ()


@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("eu-west-1", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_console_link_is_of_the_partition(region: str, domain: str) -> None:
    assert console_link(replace(PROD, region=region)).startswith(f"https://{domain}/ecs/v2/clusters/prod/services/web/")


def test_console_link_needs_a_place() -> None:
    assert console_link(Place(cluster="prod", service="", region="eu-west-1", account="")) == ""


def test_a_paused_deployment_is_continued_or_taken_back_where_it_is() -> None:
    rows = {label: shlex.split(text) for label, text in continue_commands(OUTCOME.service_deployment_arn, HERE)}
    where, sure = ["-c", "prod", "-n", "web"], ["--expect-account", "111122223333", "--region", "eu-west-1"]
    assert rows["Go on"] == ["ecs-deploy", "continue", *where, *sure]
    assert rows["Take back"] == ["ecs-deploy", "continue", *where, "--rollback", *sure]


def test_no_command_is_made_of_an_arn_of_another_form() -> None:
    assert continue_commands("arn:aws:ecs:eu-west-1:111122223333:service-deployment/Kq3x", HERE) == ()


@pytest.mark.parametrize("status", LEFT_EARLY)
def test_what_codedeploy_has_under_way_is_stopped_and_what_has_ended_is_put_back(status: Status) -> None:
    """A deployment group takes one deployment at a time: another one cannot take its place."""
    outcome = replace(OUTCOME, verdict=Verdict(status=status, phase=Phase.WAITING), deployment_id="d-1")
    assert shlex.split(dict(next_commands(VIEW, outcome, HERE))["Undo"])[:2] == ["ecs-deploy", "stop"]
    ended = replace(outcome, verdict=Verdict(status=Status.FAILED))
    assert shlex.split(dict(next_commands(VIEW, ended, HERE))["Undo"])[:2] == ["ecs-deploy", "rollback"]


def test_a_deployment_that_is_in_the_way_is_looked_at_with_our_own_command() -> None:
    for by in ("d-9", "ecs-svc/9"):
        assert commands(Verdict(status=Status.BUSY, by=by))["Look"][:2] == ["ecs-deploy", "status"]
