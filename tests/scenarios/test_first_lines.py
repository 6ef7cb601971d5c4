"""The first five lines of an ending say what happened, whether it worked, why, what serves, and what to do now."""

import re

import pytest

from ecsdeploy.sim import World, load_scenario, scenario_names
from tests.cli.worlds import Played, play

FIRST = 5
VERDICT = re.compile(
    r"SUCCEEDED|UNCHANGED|FAILED|STOPPED|TIMED OUT|SUPERSEDED|OUTCOME UNKNOWN|REFUSED|BUSY|INTERRUPTED|DETACHED"
)
SERVES = re.compile(r"Production is|serves production|changed\b|goes on at AWS|When last seen|tasks of \S+ ran")
WHY = re.compile(r"^ +Why  +\S", re.MULTILINE)
SAYS_WHY = re.compile("INTERRUPTED|DETACHED")
NOW = re.compile(r"^ +(?:Hint|Next|Watch|Look|Undo|Stop|Go on) +\S", re.MULTILINE)


def ending(name: str) -> tuple[Played, str]:
    """The first lines of what the run ended with; empty where one sentence is all of it."""
    scenario = load_scenario(name)
    played = play(World(scenario), scenario.deploy_args)
    lines = played.stderr.splitlines()
    begins = [number for number, line in enumerate(lines) if line.startswith((" ✖ ", " · "))]
    return played, "\n".join(lines[begins[-1] :][:FIRST]) if begins else ""


@pytest.mark.parametrize("name", scenario_names())
def test_m12_the_first_five_lines_of_an_ending_tell_all_that_counts(name: str) -> None:
    played, first = ending(name)
    if first:
        assert VERDICT.search(first)
        assert SERVES.search(first), first
        assert WHY.search(first) or SAYS_WHY.search(first), first
        assert NOW.search(first), first
    elif played.code:
        sentence = played.stderr.splitlines()[-1]
        assert "Nothing was changed." in sentence or "Nothing was changed" in played.stderr, sentence
    else:
        assert "successful" in played.stdout or "SUCCEEDED" in played.stderr
