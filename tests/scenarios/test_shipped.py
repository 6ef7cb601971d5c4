"""Every shipped scenario, played whole through the ordinary client in virtual time; one run is judged in many ways."""

import io
import json
import re
from dataclasses import dataclass, replace

import pytest

from ecsdeploy.cli.main import main
from ecsdeploy.cli.play.simulated import inside, played_words
from ecsdeploy.sim import Line, Ran, World, check, load_scenario, scenario_names
from tests.cli import worlds
from tests.others import watched
from tests.others.watched import reason_to_leave_out
from tests.sdk import cheaply
from tests.truth.scenario import Played, Tape, judged, played

FIRST = 5
VERDICT = re.compile(
    r"SUCCEEDED|UNCHANGED|FAILED|STOPPED|TIMED OUT|SUPERSEDED|OUTCOME UNKNOWN|REFUSED|BUSY|INTERRUPTED|DETACHED"
)
SERVES = re.compile(r"Production is|serves production|changed\b|goes on at AWS|When last seen|tasks of \S+ ran")
WHY = re.compile(r"^ +Why  +\S", re.MULTILINE)
SAYS_WHY = re.compile("INTERRUPTED|DETACHED")
NOW = re.compile(r"^ +(?:Hint|Next|Watch|Look|Undo|Stop|Go on) +\S", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run said to a person, how it was by the world's own record, and what `[expect]` says of it."""

    name: str
    ran: Ran
    played: Played
    checked: tuple[Line, ...]

    @property
    def first(self) -> str:
        """The first lines of what the run ended with; empty where one sentence is all of it."""
        lines = self.ran.stderr.splitlines()
        begins = [number for number, line in enumerate(lines) if line.startswith((" ✖ ", " · "))]
        return "\n".join(lines[begins[-1] :][:FIRST]) if begins else ""


@pytest.fixture(scope="module", params=scenario_names())
def run(request: pytest.FixtureRequest) -> Run:
    world = World(load_scenario(request.param))
    tape, around = Tape(world), worlds.surroundings()
    code = main(played_words(world.scenario), inside(world, replace(around, record=tape, simulated=True)))
    of_ours = judged(world, tape)
    last = json.loads(of_ours.lines[-1]) if of_ours.lines else {}
    assert isinstance(around.stdout, io.StringIO)
    assert isinstance(around.stderr, io.StringIO)
    ran = Ran(
        exit_code=code,
        result=last if last.get("type") == "result" else None,
        stdout=around.stdout.getvalue(),
        stderr=around.stderr.getvalue(),
    )
    return Run(name=request.param, ran=ran, played=of_ours, checked=check(world, ran))


def test_a_scenario_holds_what_it_expects(run: Run) -> None:
    """One that expects nothing of the exit code and of what runs in the end would prove nothing."""
    assert {line.name for line in run.checked} >= {"exit_code", "final_image"}
    assert [line for line in run.checked if not line.held] == []


def test_the_same_scenario_gives_the_same_json_lines_and_a_true_verdict(run: Run) -> None:
    """True by the world's own record: see `tests.truth.fates`."""
    world = World(load_scenario(run.name))
    with cheaply():
        again = played(world, Tape(world))
    assert run.played.lines == again.lines
    assert run.ran.result is not None
    assert run.played.right, f"`{run.played.verdict}` was said, `{run.played.truth.fate}` is true"


def test_m12_the_first_five_lines_of_an_ending_tell_all_that_counts(run: Run) -> None:
    """What happened, whether it worked, why, what serves, and what to do now."""
    first, stderr = run.first, run.ran.stderr
    if first:
        assert VERDICT.search(first)
        assert SERVES.search(first), first
        assert WHY.search(first) or SAYS_WHY.search(first), first
        assert NOW.search(first), first
    elif run.ran.exit_code:
        sentence = stderr.splitlines()[-1]
        assert "Nothing was changed." in sentence or "Nothing was changed" in stderr, sentence
    else:
        assert "successful" in run.ran.stdout or "SUCCEEDED" in stderr


@pytest.mark.parametrize("name", [each for each in scenario_names() if not reason_to_leave_out(load_scenario(each))])
def test_our_watch_after_somebody_else_s_deploy_is_true(name: str) -> None:
    of_theirs = watched.play(load_scenario(name))
    assert of_theirs.right, f"`{of_theirs.verdict}` was said, `{of_theirs.truth.fate}` is true"
