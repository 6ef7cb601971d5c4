"""What AWS adds to definitions tomorrow comes through an edit unchanged, at every level."""

import copy
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.errors import Refused, UsageError
from ecsdeploy.model.edits import Edit
from ecsdeploy.model.taskdef import OUTPUT_ONLY, TaskDefinition
from ecsdeploy.plan.revise import revise
from tests.unit.plan.builders import set_image, set_tag

Json = dict[str, object]

names = st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
values: st.SearchStrategy[object] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)
members = st.dictionaries(names, values, max_size=4)
images = st.sampled_from(["app:1", "acme/app", "app-worker:1", "envoy@sha256:" + "b" * 64, "NOT an image", ""])


@st.composite
def containers(draw: st.DrawFn) -> Json:
    known = {"name": draw(st.sampled_from(["a", "b", ""])), "image": draw(images)}
    return draw(members) | cast("Json", known)


@st.composite
def definitions(draw: st.DrawFn) -> TaskDefinition:
    listed = draw(st.lists(containers(), max_size=4))
    payload = draw(members) | cast("Json", {"family": "web", "containerDefinitions": listed})
    return TaskDefinition(payload=payload, tags=draw(st.sampled_from([(), (("team", "web"),)])))


edits: st.SearchStrategy[Edit] = st.sampled_from([set_image("app:2"), set_image("quay.io/x:1", "b"), set_tag("7")])


def without_images(definition: TaskDefinition) -> Json:
    listed = [{k: v for k, v in each.payload.items() if k != "image"} for each in definition.containers]
    return {**definition.payload, "containerDefinitions": listed}


@given(definitions(), st.lists(edits, max_size=2))
def test_f64_edits_keep_all_that_they_do_not_name(definition: TaskDefinition, wanted: list[Edit]) -> None:
    before = TaskDefinition(payload=copy.deepcopy(dict(definition.payload)), tags=definition.tags)
    try:
        revised = revise(definition, tuple(wanted))
    except (Refused, UsageError):
        return
    assert without_images(revised.definition) == without_images(before)
    assert revised.definition.tags == before.tags
    assert definition == before, "what was given is not written to"


@given(definitions())
def test_only_matching_images_change(definition: TaskDefinition) -> None:
    matching = [each.image == "app:1" for each in definition.containers]
    if not any(matching):
        return
    revised = revise(definition, (set_image("app:2"),)).definition
    for old, new, matches in zip(definition.containers, revised.containers, matching, strict=True):
        assert new.image == ("app:2" if matches else old.image)


@given(members)
def test_f64_a_registration_drops_only_what_describing_adds(unknown: Json) -> None:
    described = unknown | dict.fromkeys(OUTPUT_ONLY, "x")
    sent = TaskDefinition(payload=described).registration()
    assert sent == {k: v for k, v in unknown.items() if k not in OUTPUT_ONLY and v is not None}
