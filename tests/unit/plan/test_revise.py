"""An edit changes every container that it means, and no other."""

import pytest

from ecsdeploy.errors import Refused
from ecsdeploy.model.edits import Edit, ImageChange
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.revise import revise
from tests.unit.plan.builders import DIGEST, container, definition_of, set_image, set_tag, with_images

EDITED: dict[str, tuple[dict[str, str], Edit, dict[str, str]]] = {
    "every container of the repository": (
        {"web": "acme/app:1", "worker": "acme/app:1", "proxy": "envoy:3"},
        set_image("acme/app:2"),
        {"web": "acme/app:2", "worker": "acme/app:2", "proxy": "envoy:3"},
    ),
    "prefix clash": (
        {"web": "acme/app:1", "worker": "acme/app-worker:1"},
        set_image("acme/app:2"),
        {"web": "acme/app:2", "worker": "acme/app-worker:1"},
    ),
    "suffix clash": (
        {"web": "acct/app:1", "other": "notmine-acct/app:1"},
        set_image("acct/app:2"),
        {"web": "acct/app:2", "other": "notmine-acct/app:1"},
    ),
    "the same name in another registry": (
        {"web": "app:1", "other": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1"},
        set_image("app:2"),
        {"web": "app:2", "other": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1"},
    ),
    "registry with a port": (
        {"web": "registry.example.com:8000/team/app", "other": "registry.example.com:8001/team/app"},
        set_image("registry.example.com:8000/team/app:2"),
        {"web": "registry.example.com:8000/team/app:2", "other": "registry.example.com:8001/team/app"},
    ),
    "a dot is a dot": (
        {"web": "a.b/app:1", "other": "axb/app:1"},
        set_image("a.b/app:2"),
        {"web": "a.b/app:2", "other": "axb/app:1"},
    ),
    "Docker Hub written three ways": (
        {"a": "mariadb", "b": "docker.io/library/mariadb:10", "c": "index.docker.io/mariadb:10"},
        set_image("library/mariadb:11"),
        {"a": "library/mariadb:11", "b": "library/mariadb:11", "c": "library/mariadb:11"},
    ),
    "by digest, over a tag": ({"web": "app:1"}, set_image(f"app@{DIGEST}"), {"web": f"app@{DIGEST}"}),
    "by tag, over a digest": ({"web": f"app:1@{DIGEST}"}, set_image("app:2"), {"web": "app:2"}),
    "the same reference again": ({"web": "app:latest"}, set_image("app:latest"), {"web": "app:latest"}),
    "not an image reference": (
        {"web": "app:1", "odd": "NOT an image"},
        set_image("app:2"),
        {"web": "app:2", "odd": "NOT an image"},
    ),
    "a named container alone": (
        {"web": "app:1", "worker": "app:1"},
        set_image("app:2", "worker"),
        {"web": "app:1", "worker": "app:2"},
    ),
    "a named container moves to another image": ({"web": "nginx:1"}, set_image("caddy:2", "web"), {"web": "caddy:2"}),
    "a tag for all": ({"web": "app:1", "proxy": "envoy"}, set_tag("7"), {"web": "app:7", "proxy": "envoy:7"}),
    "a tag after a port": ({"web": "localhost:5000/app"}, set_tag("7"), {"web": "localhost:5000/app:7"}),
    "a tag, but not for the pinned": (
        {"web": "app:1", "proxy": f"envoy@{DIGEST}"},
        set_tag("7"),
        {"web": "app:7", "proxy": f"envoy@{DIGEST}"},
    ),
}


@pytest.mark.parametrize(("images", "edit", "expected"), EDITED.values(), ids=EDITED)
def test_f61_an_edit_changes_what_it_means(images: dict[str, str], edit: Edit, expected: dict[str, str]) -> None:
    revised = revise(with_images(**images), (edit,))
    assert revised.definition.images == expected
    touched = {each.container for each in revised.changes}
    assert {name: images[name] for name in images if name not in touched} == {
        name: expected[name] for name in images if name not in touched
    }


def test_a_change_is_named_even_when_the_reference_stays() -> None:
    revised = revise(with_images(web="app:latest", proxy="envoy:3"), (set_image("app:latest"),))
    assert revised.changes == (ImageChange(container="web", before="app:latest", after="app:latest"),)


def test_edits_apply_in_order() -> None:
    revised = revise(with_images(web="app:1", worker="app:1"), (set_image("app:2"), set_image("app:3", "worker")))
    assert revised.definition.images == {"web": "app:2", "worker": "app:3"}
    assert revised.changes[-1] == ImageChange(container="worker", before="app:2", after="app:3")


def test_a_star_means_every_container() -> None:
    revised = revise(with_images(web="acme/app:1", proxy="envoy:3"), (set_image("acme/app:2", "*"),))
    assert revised.definition.images == {"web": "acme/app:2", "proxy": "acme/app:2"}


def test_no_edit_changes_nothing() -> None:
    definition = with_images(web="app:1")
    assert revise(definition, ()).definition == definition


@pytest.mark.parametrize(
    ("definition", "edit"),
    [
        pytest.param(with_images(web="acme/app:1", proxy="envoy:3"), set_image("acme/api:2"), id="no such repository"),
        pytest.param(
            with_images(web=f"acme/app@{DIGEST}", proxy=f"envoy:3@{DIGEST}"), set_tag("7"), id="all pinned by digest"
        ),
    ],
)
def test_d2_nothing_to_change_is_refused_with_the_images_that_are_there(definition: TaskDefinition, edit: Edit) -> None:
    with pytest.raises(Refused) as refused:
        revise(definition, (edit,))
    assert all(f"`{image}`" in refused.value.hint for image in definition.images.values())
    assert "Nothing was registered." in refused.value.hint


def test_of_several_images_one_may_fit_another_service() -> None:
    definition = with_images(web="acme/app:1")
    fits, misses = (replace(set_image(f"acme/{name}:2"), may_miss=True) for name in ("app", "api"))
    assert revise(definition, (fits, misses)).definition.images == {"web": "acme/app:2"}
    with pytest.raises(Refused, match="acme/api"):
        revise(definition, (misses,))


@pytest.mark.parametrize(
    "definition", [definition_of(), TaskDefinition(payload={"family": "web"})], ids=["an empty list", "no list"]
)
@pytest.mark.parametrize("edit", [set_image("app:1"), set_tag("1")], ids=["image", "tag"])
def test_a_definition_without_containers_is_refused(definition: TaskDefinition, edit: Edit) -> None:
    with pytest.raises(Refused, match="`web`") as refused:
        revise(definition, (edit,))
    assert "no container" in refused.value.hint


def test_d3_images_that_a_tag_leaves_alone_are_found() -> None:
    revised = revise(with_images(web="app:1", proxy=f"envoy@{DIGEST}", odd="NOT an image"), (set_tag("7"),))
    assert revised.findings == (
        Finding(code="W-TAG-PINNED", subjects=("proxy",)),
        Finding(code="W-TAG-NO-IMAGE", subjects=("odd",)),
    )


@pytest.mark.parametrize(
    ("images", "asked", "said"),
    [
        pytest.param(
            {"app": "registry.example.com/team/web:1"},
            "web:5",
            "Did you mean `-i registry.example.com/team/web:5`? It has `registry.example.com/team/web:1` (container"
            " `app`). Nothing was registered.",
            id="p12 the last part of the name",
        ),
        pytest.param(
            {"app": "registry.example.com/team/web:1"},
            "other.example.com/web",
            "Did you mean `-i registry.example.com/team/web`? It has `registry.example.com/team/web:1` (container"
            " `app`). Nothing was registered.",
            id="p12 the name in another registry",
        ),
        pytest.param(
            {"app": "a.example.com/web:1", "side": "b.example.com/web:1"},
            f"web@{DIGEST}",
            f"Did you mean `-i a.example.com/web@{DIGEST}` or `-i b.example.com/web@{DIGEST}`? It has"
            " `a.example.com/web:1` (container `app`), `b.example.com/web:1` (container `side`). Nothing was"
            " registered.",
            id="p12 two of them",
        ),
        pytest.param(
            {"app": "<IMAGE>", "side": "<SIDE>"},
            "acme/web:5",
            "Name the container: `-i app=acme/web:5` or `-i side=acme/web:5`. It has `<IMAGE>` (container `app`),"
            " `<SIDE>` (container `side`). Nothing was registered.",
            id="p12 places to fill in",
        ),
        pytest.param(
            {"app": ""},
            "acme/web:5",
            "Name the container: `-i app=acme/web:5`. It has `` (container `app`). Nothing was registered.",
            id="p12 no image",
        ),
        pytest.param(
            {"app": "acme/web:1"},
            "ignore:latest",
            "To deploy the revision in use once more, use `--force-new-deployment`. It has `acme/web:1` (container"
            " `app`). Nothing was registered.",
            id="p12 the script's placeholder",
        ),
        pytest.param(
            {"app": "acme/web:1"},
            "nginx:1",
            "It has `acme/web:1` (container `app`). Nothing was registered.",
            id="nothing near",
        ),
        pytest.param({}, "nginx:1", "It has no container. Nothing was registered.", id="no container"),
    ],
)
def test_p12_an_image_that_no_container_has_is_answered_with_what_was_meant(
    images: dict[str, str], asked: str, said: str
) -> None:
    with pytest.raises(Refused) as caught:
        revise(with_images(**images), (set_image(asked),))
    assert caught.value.hint == said


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            set_image("acme/api:2"),
            "No container of the task definition `web` uses an image of the repository `docker.io/acme/api`.",
        ),
        (set_tag("7"), "No image of the task definition `web` can be given the tag `7`."),
    ],
    ids=["a repository", "a tag"],
)
def test_d2_it_is_said_what_was_looked_for(edit: Edit, said: str) -> None:
    with pytest.raises(Refused) as caught:
        revise(with_images(web=f"acme/app@{DIGEST}"), (edit,))
    assert str(caught.value) == said


def test_a_tag_for_all_finds_nothing() -> None:
    assert revise(with_images(web="app:1"), (set_tag("7"),)).findings == ()


def test_another_registry_is_found() -> None:
    revised = revise(with_images(web="nginx:1"), (set_image("quay.io/nginx:1", "web"),))
    assert revised.findings == (Finding(code="W-REGISTRY-CHANGES", subjects=("web", "nginx:1", "quay.io/nginx:1")),)


@pytest.mark.parametrize("before", ["index.docker.io/library/nginx:1", "NOT an image"], ids=["the same", "unknown"])
def test_a_registry_that_did_not_change_is_not_found(before: str) -> None:
    assert revise(with_images(web=before), (set_image("nginx:2", "web"),)).findings == ()


def test_containers_of_one_name_are_told_apart() -> None:
    twins = definition_of(container("web", "app:1"), container("web", "envoy:3"))
    revised = revise(twins, (set_image("app:2"),))
    assert [each.image for each in revised.definition.containers] == ["app:2", "envoy:3"]


def test_a_member_called_image_elsewhere_is_no_image() -> None:
    labelled = definition_of(container("web", "app:1", dockerLabels={"image": "app:1"}), image="app:1")
    revised = revise(labelled, (set_image("app:2"),)).definition
    assert revised.payload["image"] == "app:1"
    assert revised.containers[0].payload["dockerLabels"] == {"image": "app:1"}
