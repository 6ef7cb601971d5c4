"""Tags and digests of a new revision: a tag that is denied costs a warning, a digest that is not there the release."""

import pytest

from ecsdeploy.errors import AccessDenied
from ecsdeploy.model.outcome import Status
from ecsdeploy.model.request import DeployRequest, FromRunning, RegisterRequest
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from tests.unit.engine.happenings import completes
from tests.unit.engine.runs import REGISTRATION, RELEASE, REVISION, Ran, run
from tests.unit.engine.world import ScriptedPlane
from tests.unit.plan.attempts import REGISTRY
from tests.unit.plan.builders import container, definition_of, set_image

TAGGED = replace(RELEASE, copy_tags=True, tags=(("team", "shop"),))
UNTAGGABLE = AccessDenied("No.", action="ecs:TagResource")
UNREADABLE = AccessDenied("No.", action="ecs:ListTagsForResource")
WEB, SIDE = f"{REGISTRY}/team/web", f"{REGISTRY}/team/side"
PINNED = replace(RELEASE, edits=(set_image(f"{WEB}:2"),), pin_digests=True, preflight=False)


def a_plane(*containers: dict[str, object]) -> ScriptedPlane:
    plane = ScriptedPlane()
    plane.courses = [[completes]]
    definition = definition_of(*(containers or (container("app", "acme/app:1"),)))
    plane.keep(replace(definition, tags=(("owner", "ann"), ("aws:stack", "web"))))
    return plane


def new(plane: ScriptedPlane) -> TaskDefinition:
    return plane.store[REVISION(2)]


def warnings(ran: Ran) -> list[str]:
    return [each.split()[0] for each in ran.outcome.warnings]


@pytest.mark.parametrize("base", list(FromRunning))
@pytest.mark.parametrize("preflight", [True, False])
def test_tags_are_copied_and_added(base: FromRunning, preflight: bool) -> None:
    plane = a_plane()
    ran = run(plane, replace(TAGGED, base=base, preflight=preflight))
    assert ran.status is Status.SUCCEEDED
    assert new(plane).tags == (("owner", "ann"), ("team", "shop"))


@pytest.mark.parametrize(
    "request_", [TAGGED, replace(REGISTRATION, tags=(("team", "shop"),))], ids=["deploy", "register"]
)
def test_where_tags_alone_are_denied_the_revision_is_registered_without_them(
    request_: DeployRequest | RegisterRequest,
) -> None:
    plane = a_plane()
    plane.fail("register", UNTAGGABLE)
    ran = run(plane, request_)
    assert ran.status is Status.SUCCEEDED
    assert (new(plane).tags, plane.made("register")) == ((), 2)
    assert warnings(ran) == ["W-TAGS-DENIED"]


@pytest.mark.parametrize(
    ("request_", "error"),
    [(TAGGED, AccessDenied("No.", action="ecs:RegisterTaskDefinition")), (RELEASE, UNTAGGABLE)],
    ids=["the registration", "without a tag"],
)
def test_another_denial_ends_the_release(request_: DeployRequest, error: AccessDenied) -> None:
    plane = a_plane()
    plane.fail("register", error)
    ran = run(plane, request_)
    assert (ran.status, ran.error) == (Status.REFUSED, error)
    assert plane.made("register") == 1


@pytest.mark.parametrize("base", list(FromRunning))
@pytest.mark.parametrize("preflight", [True, False])
def test_tags_that_may_not_be_read_cost_a_note(base: FromRunning, preflight: bool) -> None:
    plane = a_plane()
    plane.fail("definition", UNREADABLE)
    ran = run(plane, replace(TAGGED, base=base, preflight=preflight))
    assert ran.status is Status.SUCCEEDED
    assert new(plane).tags == (("team", "shop"),)
    assert warnings(ran) == ["C-TAGS-UNREAD"]


def test_a_definition_that_may_not_be_read_ends_the_release() -> None:
    plane = a_plane()
    plane.fail("definition", AccessDenied("No.", action="ecs:DescribeTaskDefinition"), times=3)
    assert run(plane, TAGGED).status is Status.REFUSED


def test_images_are_pinned_before_the_revision_is_registered() -> None:
    plane = a_plane(container("app", f"{WEB}:1"), container("side", f"{SIDE}:7"), container("log", "acme/log:1"))
    ran = run(plane, PINNED)
    assert ran.status is Status.SUCCEEDED
    assert new(plane).images == {"app": f"{WEB}@sha256:1", "side": f"{SIDE}@sha256:1", "log": "acme/log:1"}
    assert new(plane).tags == (("ecs-deploy:image-tag", "app=2 side=7"),)
    assert plane.surroundings.calls == [("images", "team/web", "2"), ("images", "team/side", "7")]
    assert warnings(ran) == ["C-NOT-PINNED"]


def test_one_tag_for_all_stands_alone() -> None:
    plane = a_plane(container("app", f"{WEB}:1"), container("again", f"{WEB}:1"))
    run(plane, replace(PINNED, copy_tags=True))
    assert new(plane).tags == (("owner", "ann"), ("ecs-deploy:image-tag", "2"))
    assert plane.surroundings.calls == [("images", "team/web", "2")]


def test_what_has_a_digest_is_asked_for_no_more() -> None:
    digest = "sha256:" + "a" * 64
    plane = a_plane(container("app", f"{WEB}:1"))
    ran = run(plane, replace(PINNED, edits=(set_image(f"{WEB}@{digest}"),)))
    assert (new(plane).images, new(plane).tags) == ({"app": f"{WEB}@{digest}"}, ())
    assert (plane.surroundings.calls, warnings(ran)) == ([], [])


def test_a_registration_is_pinned_too() -> None:
    plane = a_plane(container("app", f"{WEB}:1"))
    ran = run(plane, replace(REGISTRATION, edits=(set_image(f"{WEB}:2"),), pin_digests=True))
    assert ran.status is Status.SUCCEEDED
    assert new(plane).images == {"app": f"{WEB}@sha256:1"}


def test_an_image_without_a_digest_is_refused_before_a_write() -> None:
    plane = a_plane(container("app", f"{WEB}:1"))
    plane.surroundings.gone = frozenset({"2"})
    ran = run(plane, PINNED)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])
    assert str(ran.error) == f"ECR tells no digest of `{WEB}:2`, and `--pin-digest` needs it."


def test_who_may_not_ask_ecr_pins_nothing() -> None:
    plane = a_plane(container("app", f"{WEB}:1"))
    plane.surroundings.fails["images"] = AccessDenied("No.", action="ecr:BatchGetImage")
    ran = run(plane, PINNED)
    assert (ran.status, plane.writes) == (Status.REFUSED, [])


@pytest.mark.parametrize(
    "request_", [replace(PINNED, force=True), replace(PINNED, revision=REVISION(1))], ids=["force", "revision"]
)
def test_an_existing_revision_is_not_pinned(request_: DeployRequest) -> None:
    plane = a_plane(container("app", f"{WEB}:1"))
    run(plane, replace(request_, edits=()))
    assert (plane.surroundings.calls, plane.made("register")) == ([], 0)
