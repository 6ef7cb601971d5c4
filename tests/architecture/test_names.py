"""A module's name is the question it answers, and its docstring says its single job."""

import ast
import re

import pytest

from tests.architecture.sources import Module, modules

# Names that answer no question: such a module grows without a reason to stop.
EMPTY_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "misc"})
# A full stop, then a capital: a second sentence. `e.g.` and `i.e.` are none.
SECOND_SENTENCE = re.compile(r"(?<!e\.g)(?<!i\.e)[.!?]\s+[A-Z]")

PACKAGES = tuple(module for module in modules() if module.is_package and module.name != "ecsdeploy")

every_module = pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)


def _docstring(module: Module) -> str:
    return ast.get_docstring(module.tree) or ""


@every_module
def test_module_name_is_a_question_not_a_drawer(module: Module) -> None:
    assert not EMPTY_NAMES & set(re.split(r"[._]", module.name))


@every_module
def test_module_says_its_single_job_in_one_sentence(module: Module) -> None:
    first = _docstring(module).split("\n\n")[0]
    assert re.search(r"[.?!:]$", first), f"{module.place(1)} has no docstring that begins with a sentence"
    if not module.is_package:
        assert not SECOND_SENTENCE.search(first), f"{module.place(1)} says more than one thing: {first}"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_package_says_who_may_import_it(package: Module) -> None:
    assert "import" in _docstring(package).lower()
