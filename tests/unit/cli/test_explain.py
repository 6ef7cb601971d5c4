"""`ecs-deploy explain`: every code that is printed can be read about, here and in the pages."""

from __future__ import annotations

import re

import pytest

from ecsdeploy.cli.exits import ExitCode, ScriptExit
from ecsdeploy.diagnose.table import CAUSES
from ecsdeploy.model.codes import read_at
from ecsdeploy.plan.checks.sentences import MEANINGS
from ecsdeploy.render.codes import explanations
from ecsdeploy.render.findings import FINDINGS
from tests.architecture.sources import ROOT, modules
from tests.unit.cli.builders import ran

CODES = (*(cause.code for cause in CAUSES), *MEANINGS, *FINDINGS)
# In quotes alone: a docstring may name a code by its beginning.
IN_SOURCE = re.compile(r"[\"']([ECW]-[A-Z]+(?:-[A-Z0-9]+)*)[\"']")

every_code = pytest.mark.parametrize("code", CODES)


@every_code
def test_a_code_is_explained(code: str) -> None:
    run = ran(("explain", code))
    assert (run.code, run.stderr) == (0, "")
    assert code in run.stdout
    assert read_at(code) in run.stdout


@every_code
def test_a_code_has_one_place_in_the_pages(code: str) -> None:
    page, _, anchor = read_at(code).partition("#")
    assert (ROOT / page).read_text(encoding="utf-8").count(f'<a id="{anchor}"></a>`{code}`') == 1


def test_every_code_in_the_sources_is_explained() -> None:
    found = {code for module in modules() for code in IN_SOURCE.findall(module.text)}
    assert len(found) > 100
    assert found - {*explanations()} == set()


def test_what_is_no_code_has_no_place() -> None:
    assert read_at("ResourceInitializationError") == ""


def test_several_codes_are_explained_in_the_order_asked_for() -> None:
    run = ran(("explain", "w-asked-again", "E-CONTAINER-EXIT"))
    assert re.findall(r"[EW]-[A-Z-]+", run.stdout) == ["W-ASKED-AGAIN", "E-CONTAINER-EXIT"]
    assert "AWS   " in run.stdout


def test_without_a_code_all_are_listed() -> None:
    listed = [line.split()[0] for line in ran(("explain",)).stdout.splitlines()]
    assert listed == sorted(CODES)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("E-CONTAINER-EXITS", "Did you mean `E-CONTAINER-EXIT`?"), ("nonsense", "`ecs-deploy explain` lists the codes.")],
)
def test_an_unknown_code_is_refused(asked: str, hint: str) -> None:
    run = ran(("explain", "W-ASKED-AGAIN", asked))
    assert (run.code, run.stdout) == (64, "")
    assert f"`{asked}` is not a code of `ecs-deploy`. {hint}" in run.stderr


def test_an_exit_code_is_explained_in_each_form_that_has_it() -> None:
    assert ran(("explain", "21")).stdout == (
        "   Exit code  21\n"
        "   Command    The deployment failed and was rolled back: the old version serves.\n"
        "   Read       docs/reference/exit-codes.md\n"
    )
    both = ran(("explain", "130")).stdout
    assert "   Command " in both
    assert "   Flag form " in both


@pytest.mark.parametrize("form", [ExitCode, ScriptExit])
def test_every_exit_code_is_explained(form: type[ExitCode | ScriptExit]) -> None:
    for code in form:
        assert ran(("explain", str(code.value))).code == 0


def test_a_number_that_is_no_exit_code_is_refused() -> None:
    run = ran(("explain", "99"))
    assert (run.code, run.stdout) == (64, "")
    assert "`99` is not a code of `ecs-deploy`." in run.stderr
