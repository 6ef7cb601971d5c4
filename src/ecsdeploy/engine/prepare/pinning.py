"""`--pin-digest`: what ECR has under each tag is what the new revision names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TypeVar

from ecsdeploy.engine.run import Run
from ecsdeploy.errors import Refused
from ecsdeploy.model.edits import PinImages
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.request import DeployRequest, RegisterRequest
from ecsdeploy.model.surroundings import Repository
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks.naming import EcrImage, ecr_images
from ecsdeploy.plan.revise import IMAGE_TAG, revise

_LONGEST = 256
"""ECS takes no longer value of a tag."""
_Asked = TypeVar("_Asked", DeployRequest, RegisterRequest)


def pinned(run: Run, request: _Asked, base: TaskDefinition) -> _Asked:
    """The request with a digest for each tag of ECR, and a tag of the revision that keeps the image's; only reads.

    `Refused` where ECR has no such image, `AccessDenied` where that may not be asked.
    """
    images: dict[str, str] = revise(base, request.edits).definition.images
    tagged: list[EcrImage] = [each for each in ecr_images(images.values()) if ":" not in each.identifier]
    digests = {each.reference: f"{_name(each)}@{digest}" for each, digest in _digests(run, tagged).items()}
    left = tuple(dict.fromkeys(each for each in images.values() if each not in digests and "@" not in each))
    edit = PinImages(digests=tuple(digests.items()), left=left)
    return replace(request, edits=(*request.edits, edit), tags=(*request.tags, *_kept(images, tagged)))


def _digests(run: Run, images: list[EcrImage]) -> Mapping[EcrImage, str]:
    """One question for each repository."""
    repositories: dict[Repository, list[EcrImage]] = {}
    for each in images:
        repositories.setdefault(each.repository, []).append(each)
    found: dict[EcrImage, str] = {}
    for where, group in repositories.items():
        tags = list(dict.fromkeys(each.identifier for each in group))
        stored = run.patience().read(partial(run.plane.surroundings.images, where, tags))
        for each in group:
            image = stored.get(each.identifier)
            if image is None:
                raise Refused(
                    f"ECR tells no digest of `{each.reference}`, and `--pin-digest` needs it.",
                    hint="Push the image, or correct its name, tag, account or Region. Nothing was registered.",
                )
            found[each] = image.digest
    return found


def _name(image: EcrImage) -> str:
    return ImageRef.parse(image.reference).name


def _kept(images: Mapping[str, str], tagged: list[EcrImage]) -> tuple[tuple[str, str], ...]:
    """The tag alone where all have the same; else each with its container."""
    tag_of = {each.reference: each.identifier for each in tagged}
    tags = {container: tag_of[image] for container, image in images.items() if image in tag_of}
    if not tags:
        return ()
    one = len({*tags.values()}) == 1
    text = next(iter(tags.values())) if one else " ".join(f"{name}={tag}" for name, tag in tags.items())
    return ((IMAGE_TAG, text[:_LONGEST]),)
