"""Applies edits to a task definition, and leaves all that they do not name as it is."""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.errors import ImageError, Refused, UsageError
from ecsdeploy.model.edits import ALL_CONTAINERS, Edit, ImageChange, PinImages, SetImage, SetTag
from ecsdeploy.model.image import ImageRef, same_repository
from ecsdeploy.model.steps import Finding
from ecsdeploy.model.taskdef import ContainerDefinition, TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.containers import no_container

OF_OURS = "ecs-deploy:"
"""What the keys of our own tags begin with."""
IMAGE_TAG = f"{OF_OURS}image-tag"
"""The tag of a revision that has the tag of an image pinned by digest."""
_SCRIPTS_PLACEHOLDER = "ignore"
"""The image that users of the bash script give by habit, where that script wanted one and did not use it."""


@value(frozen=True, slots=True, kw_only=True)
class Revised:
    """The edited definition, the images that changed, and what the user should know about that."""

    definition: TaskDefinition
    changes: tuple[ImageChange, ...] = ()
    findings: tuple[Finding, ...] = ()


def revise(definition: TaskDefinition, edits: tuple[Edit, ...]) -> Revised:
    """Apply the edits in their order. `Refused` if one finds nothing to change, `UsageError` if one is not clear."""
    revised = Revised(definition=definition)
    for edit in edits:
        step = _apply(revised.definition, edit)
        revised = Revised(
            definition=step.definition,
            changes=_as_pinned(revised.changes, edit) + step.changes,
            findings=revised.findings + step.findings,
        )
    missing = next((each for each in edits if isinstance(each, SetImage) and each.may_miss), None)
    if missing is not None and not revised.changes:
        raise _nothing_matches(definition, missing)
    return revised


def _as_pinned(changes: tuple[ImageChange, ...], edit: Edit) -> tuple[ImageChange, ...]:
    if not isinstance(edit, PinImages):
        return changes
    digests = dict(edit.digests)
    return tuple(replace(each, after=digests.get(each.after, each.after)) for each in changes)


def _apply(definition: TaskDefinition, edit: Edit) -> Revised:
    match edit:
        case SetImage():
            return _set_image(definition, edit)
        case SetTag():
            return _set_tag(definition, edit.tag)
        case _:
            # Imported here, as most releases change images alone.
            from ecsdeploy.plan.parts import edited

            after, findings = edited(definition, edit)
            return Revised(definition=after, findings=findings)


def tagged(definition: TaskDefinition, tags: tuple[tuple[str, str], ...]) -> TaskDefinition:
    """The definition with these tags beside its own. Tags of AWS cannot be given, and ours were about another one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
    """
    own = {key: text for key, text in definition.tags if not key.lower().startswith(("aws:", OF_OURS))}
    return replace(definition, tags=tuple((own | dict(tags)).items()))


def _set_image(definition: TaskDefinition, edit: SetImage) -> Revised:
    images = [str(edit.image) if _is_meant(each, edit) else None for each in definition.containers]
    if not any(images):
        if edit.may_miss:
            return Revised(definition=definition)
        raise _nothing_matches(definition, edit)
    return _with_images(definition, images)


def _is_meant(container: ContainerDefinition, edit: SetImage) -> bool:
    if edit.container:
        return edit.container in (container.name, ALL_CONTAINERS)
    return same_repository(container.image, edit.image)


def _nothing_matches(definition: TaskDefinition, edit: SetImage) -> Refused | UsageError:
    if edit.container:
        return no_container(definition, edit.container)
    return Refused(
        f"No container of the task definition `{definition.family}` uses an image of the repository "
        f"`{edit.image.repository}`.",
        hint=" ".join(
            filter(None, (_meant(definition, edit), f"It has {_there(definition)}. Nothing was registered."))
        ),
    )


def _meant(definition: TaskDefinition, edit: SetImage) -> str:
    """A hint for an image that no container uses: what the user probably meant, or empty."""
    if edit.image.name == _SCRIPTS_PLACEHOLDER:
        return "To deploy the revision in use once more, use `--force-new-deployment`."
    version = str(edit.image).removeprefix(edit.image.name)
    names = dict.fromkeys(each.name for image in definition.images.values() if (each := _reference(image)))
    near = [f"`-i {name}{version}`" for name in names if name.rpartition("/")[2] == edit.image.name.rpartition("/")[2]]
    if near:
        return f"Did you mean {' or '.join(near)}?"
    bare = [f"`-i {each.name}={edit.image}`" for each in definition.containers if _reference(each.image) is None]
    return f"Name the container: {' or '.join(bare)}." if bare else ""


def _there(definition: TaskDefinition) -> str:
    return ", ".join(f"`{each.image}` (container `{each.name}`)" for each in definition.containers) or "no container"


def _set_tag(definition: TaskDefinition, tag: str) -> Revised:
    images = [_tagged(each.image, tag) for each in definition.containers]
    if not any(images):
        raise Refused(
            f"No image of the task definition `{definition.family}` can be given the tag `{tag}`.",
            hint=f"It has {_there(definition)}. Name the image to deploy instead. Nothing was registered.",
        )
    left = [each for each, image in zip(definition.containers, images, strict=True) if image is None]
    pinned = tuple(each.name for each in left if _reference(each.image) is not None)
    others = tuple(each.name for each in left if _reference(each.image) is None)
    told = (("W-TAG-PINNED", pinned), ("W-TAG-NO-IMAGE", others))
    findings = tuple(Finding(code=code, subjects=names) for code, names in told if names)
    return replace(_with_images(definition, images), findings=findings)


def _tagged(image: str, tag: str) -> str | None:
    """The image with the tag `tag`; None if it is pinned by digest, or is not an image reference."""
    reference = _reference(image)
    return None if reference is None or reference.digest else str(reference.with_tag(tag))


def _reference(image: str) -> ImageRef | None:
    try:
        return ImageRef.parse(image)
    except ImageError:
        return None


def _with_images(definition: TaskDefinition, images: Sequence[str | None]) -> Revised:
    """Set the images: one for each container, None to leave it."""
    pairs = tuple(zip(definition.containers, images, strict=True))
    changes = tuple(ImageChange(container=each.name, before=each.image, after=image) for each, image in pairs if image)
    containers = [{**each.payload, "image": image} if image else each.payload for each, image in pairs]
    payload = {**definition.payload, "containerDefinitions": containers}
    return Revised(
        definition=replace(definition, payload=payload), changes=changes, findings=_registry_changes(changes)
    )


def _registry_changes(changes: tuple[ImageChange, ...]) -> tuple[Finding, ...]:
    """A warning for each image that now comes from another registry: that is allowed, and may be a mistake."""
    return tuple(
        Finding(code="W-REGISTRY-CHANGES", subjects=(each.container, each.before, each.after))
        for each in changes
        if (before := _reference(each.before)) and (after := _reference(each.after)) and before.host != after.host
    )
