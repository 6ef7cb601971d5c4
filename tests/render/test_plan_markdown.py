"""`plan --output markdown`: what a reviewer of a merge request reads, with nothing in it that Markdown would obey."""

from __future__ import annotations

import pytest

from tests.cli.worlds import NEW, OLD, WEB, Played, a_world, play, service

PLAN = ("plan", *WEB, "--output", "markdown")
IN_ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/web"


def test_a_plan_is_a_table_with_its_steps_and_checks() -> None:
    played = play(a_world(), (*PLAN, "--image", NEW, "--env", "LEVEL=a|b", "--desired-count", "3", "--exit-code"))
    assert played.code == 2
    heading, _, sums, _, base, _, *table = played.lines
    assert heading == "### Plan web @ prod (us-east-1, 123456789012)"
    assert sums.startswith("1 container changed, the service changed, 0 warnings. Rollback target: web:1.")
    assert base == "- Base: `web:1`"
    assert table[:5] == [
        "| | What | Before | After |",
        "| --- | --- | --- | --- |",
        f"| `~` | container `app`: image | `{OLD}` | `{NEW}` |",
        table[3],
        "| `~` | service: desiredCount | `2` | `3` |",
    ]
    assert table[3].startswith("| `+` | container `app`: environment `LEVEL` |  | `#")
    assert "1. register a new revision of the task definition" in table
    assert "<details><summary>Checks</summary>" in table
    assert table[-1] == "Nothing was written."
    assert "a|b" not in played.said


def test_values_that_are_shown_cannot_leave_their_cell() -> None:
    values = ("--env", "LEVEL=a|b`</details>`", "--show-values")
    played = play(a_world(), (*PLAN, *values))
    assert r"| `` a\|b`</details>` `` |" in played.stdout


def test_findings_are_escaped_and_graded() -> None:
    played = play(a_world(), (*PLAN, "--image", NEW, "--pin-digest"))
    assert played.code == 0
    assert "**Findings**" in played.lines
    assert r"- **warning** No private ECR registry has these images" in played.stdout


def test_what_changes_nothing_says_so() -> None:
    played = play(a_world(), (*PLAN, "--image", OLD, "--exit-code"))
    assert played.code == 0
    assert "Nothing would change." in played.lines
    assert any(line.startswith("- Service: unchanged: desired 2") for line in played.lines)


def test_a_refusal_is_in_the_plan_and_on_stderr() -> None:
    played = play(a_world(), (*PLAN, "--image", NEW, "--min", "100", "--max", "100"))
    assert played.code == 26
    assert "- **refused** With 2 desired, minimum 100 % and maximum 100 %" in played.stdout
    assert "leave ECS no room" in played.stderr


def test_where_another_revision_runs_than_is_edited_both_are_named() -> None:
    world = a_world()
    play(world, ("-d", "web", "-i", NEW))
    played = play(world, (*PLAN, "--base", "latest", "--env", "LEVEL=debug"))
    assert {"- Base: `web:2`", "- Runs: `web:1`"} <= {*played.lines}


def test_an_existing_revision_goes_where_it_says() -> None:
    world = a_world(service(image=NEW, history=[OLD]))
    played = play(world, (*PLAN, "--revision", "web:1"))
    assert any(line.startswith("- Goes: web:2 → web:1") for line in played.lines)


def test_the_digest_of_an_image_stands_beside_it() -> None:
    played = play(a_world(service(image=f"{IN_ECR}:1")), (*PLAN, "--image", f"{IN_ECR}:2"))
    (row,) = (line for line in played.lines if "image" in line and line.startswith("| `~`"))
    assert row.startswith(r"| `~` | container `app`: image (sha256:")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("plan", "--output", "markdwn"), "must be one of `live`, `lines`, `json`, `markdown`, not `markdwn`."),
        (("deploy", "--output", "markdown"), "must be one of `live`, `lines`, `json`, not `markdown`."),
    ],
    ids=["plan", "deploy"],
)
def test_only_a_plan_is_markdown(command: tuple[str, ...], said: str) -> None:
    played: Played = play(a_world(), (*command, *WEB, "--image", NEW))
    assert played.code == 64
    assert said in played.stderr
