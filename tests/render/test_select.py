"""Which stream gets what."""

import pytest

from ecsdeploy.model.outcome import Status, Verdict
from tests.render.builders import NEW, RUNNING, Story, ends, play
from tests.render.stories import ROLLED_BACK_BY_ECS, STORIES, SUCCESS


def test_commands_put_the_new_revision_alone_on_stdout() -> None:
    assert play(Story(timeline=SUCCESS)).stdout == f"{NEW}\n"


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.SUCCEEDED, Status.UNCHANGED, Status.DETACHED}))
def test_no_revision_on_stdout_without_a_result(status: Status) -> None:
    assert play(Story(timeline=(*RUNNING, *ends(9, Verdict(status=status))))).stdout == ""


@pytest.mark.parametrize("form", ["flags", "commands"])
def test_json_replaces_stdout_and_keeps_the_failure_on_stderr(form: str) -> None:
    story = Story(timeline=ROLLED_BACK_BY_ECS, output="json", form="flags" if form == "flags" else "commands")
    screen = play(story)
    assert all(line.startswith('{"v":1,') for line in screen.stdout.splitlines())
    assert screen.stderr.startswith(" ✖ FAILED")


def test_quiet_json_leaves_stderr_empty() -> None:
    assert play(Story(timeline=ROLLED_BACK_BY_ECS, output="json", quiet=True)).stderr == ""


def test_quiet_still_tells_a_failure() -> None:
    assert play(Story(timeline=ROLLED_BACK_BY_ECS, quiet=True)).stderr.startswith(" ✖ FAILED")
    assert play(Story(timeline=SUCCESS, quiet=True)).stderr == ""


def test_what_was_simulated_says_so_after_its_commands_and_only_there() -> None:
    block = play(Story(timeline=ROLLED_BACK_BY_ECS, simulated=True)).stderr.splitlines()
    assert block[-1].strip() == "The commands above are for AWS; here everything was simulated."
    assert "simulated" not in play(Story(timeline=SUCCESS, simulated=True)).stderr
    assert "simulated" not in play(Story(timeline=STORIES["not-there"].timeline, simulated=True)).stderr


def test_prose_keeps_to_the_width_and_commands_stay_whole() -> None:
    screen = play(Story(timeline=ROLLED_BACK_BY_ECS, output="json", width=40)).stderr.splitlines()
    wide = [line for line in screen if len(line) > 40]
    assert all(line[9:].startswith(("aws ", "ecs-deploy ", "https://", "│ ")) for line in wide)
    assert len(screen) > len(play(Story(timeline=ROLLED_BACK_BY_ECS, output="json", width=100)).stderr.splitlines())
