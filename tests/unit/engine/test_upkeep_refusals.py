"""What the commands around a release refuse alike."""

from dataclasses import replace

import pytest

from ecsdeploy.engine.upkeep.refusals import family_of
from ecsdeploy.errors import Refused
from tests.unit.rollout.builders import old, service_with

SERVICE = service_with(old(status="PRIMARY"))


def test_the_family_is_that_of_the_service_s_revision() -> None:
    assert family_of(SERVICE) == "web"


@pytest.mark.parametrize("todo", [(), ("Name it. ",)])
def test_a_service_of_task_sets_has_no_family(todo: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        family_of(replace(SERVICE, task_definition=""), *todo)
    assert refused.value.message == "The service `web` has no task definition of its own."
    assert refused.value.hint == "".join((*todo, "Nothing was changed."))
