"""Task definitions and services as a plan meets them."""

from collections.abc import Mapping

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.edits import SetImage, SetTag
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.taskdef import TaskDefinition

WEB = ServiceRef(cluster="prod", name="web")
DIGEST = "sha256:" + "a" * 64
FAMILY_ARN = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web"


def container(name: str, image: str, **members: object) -> dict[str, object]:
    return {"name": name, "image": image, **members}


def definition_of(*containers: Mapping[str, object], **members: object) -> TaskDefinition:
    """Revision 1 of the family `web`."""
    return TaskDefinition(
        payload={
            "taskDefinitionArn": f"{FAMILY_ARN}:1",
            "family": "web",
            "revision": 1,
            "containerDefinitions": list(containers),
            **members,
        }
    )


def with_images(**images: str) -> TaskDefinition:
    """A container for each image."""
    return definition_of(*(container(name, image) for name, image in images.items()))


def set_image(text: str, container: str = "") -> SetImage:
    return SetImage(image=ImageRef.parse(text), container=container)


def set_tag(tag: str) -> SetTag:
    return SetTag(tag=tag)
