"""The line that GitHub's runner obeys: its parts are escaped, so that nothing in them can begin another."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.model.outcome import Status, Verdict
from ecsdeploy.model.secrets import Secrets
from ecsdeploy.render.annotation import annotation, error_command
from ecsdeploy.render.clean import Cleaning
from ecsdeploy.render.ended import AtEnd
from ecsdeploy.render.stream import LineStream, Style
from tests.render.builders import OUTCOME, PROD, RUNNING, Story, Timeline, ends, exit_code

# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs: in this order, `%25` last.
DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


def obeyed(line: str) -> tuple[str, dict[str, str], str]:
    """The command, its properties and its message, as the runner reads them."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, listed = head.partition(" ")
    pairs = [each.split("=", 1) for each in listed.split(",") if each]
    return name, {key: _unescaped(value, PROPERTY) for key, value in pairs}, _unescaped(data, DATA)


def _unescaped(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for escaped, char in table:
        text = text.replace(escaped, char)
    return text


@given(st.text(min_size=1), st.text())
def test_the_runner_reads_what_was_meant(title: str, message: str) -> None:
    line = error_command(title, message)
    assert "\n" not in line
    assert "\r" not in line
    # The runner keeps `%25` for the end: a text that looks escaped itself is read as it stands.
    if "%" not in title + message:
        assert obeyed(line) == ("error", {"title": title}, message)


def told(timeline: Timeline) -> str:
    stream = io.StringIO()
    lines = LineStream(stream)
    sink = Cleaning(
        AtEnd(Style(), exit_code, lambda ended: lines.command(annotation(ended))),
        secrets=Secrets(),
    )
    for record in Story(timeline=timeline).records:
        sink.emit(record)
    return stream.getvalue()


def test_what_others_wrote_is_in_the_message_and_nowhere_else() -> None:
    hostile = "50%, a::b%0A::error::no\r\n::warning title=x::y ##[error]z"
    place = replace(PROD, service="we,b::x")
    verdict = Verdict(status=Status.FAILED, reason=hostile)
    line = told((*RUNNING, *ends(9, verdict, replace(OUTCOME, place=place))))
    assert line.count("\n") == 1
    name, properties, message = obeyed(line.rstrip("\n"))
    assert (name, set(properties)) == ("error", {"title"})
    assert properties["title"] == "ecs-deploy: we,b::x (prod)"
    assert message.splitlines()[1].startswith("Why: 50%, a::b")


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.UNCHANGED, Status.DETACHED])
def test_what_did_not_fail_has_none(status: Status) -> None:
    assert told((*RUNNING, *ends(9, Verdict(status=status)))) == ""


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.SUCCEEDED, Status.UNCHANGED, Status.DETACHED}))
def test_every_other_ending_has_one(status: Status) -> None:
    assert told((*RUNNING, *ends(9, Verdict(status=status)))).startswith("::error title=ecs-deploy%3A web (prod)::")
