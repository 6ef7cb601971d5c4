"""Whether a private ECR registry has images, and for which platforms, without pulling any."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ecsdeploy.aws.absence import unless_absent
from ecsdeploy.aws.reading import JsonObject, nested, objects, text
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsError
from ecsdeploy.model.surroundings import Repository, StoredImage

_PER_CALL = 100
_MANIFESTS = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.v1+json",
]
_MISSING = frozenset({"ImageNotFound"})
"""Other failures (`KmsError`, `UpstreamUnavailable`...) do not say that there is no such image."""
_ANY = "ROOT"
"""The prefix of a pull-through rule for every repository."""


def images(session: Session, where: Repository, identifiers: Sequence[str]) -> dict[str, StoredImage | None]:
    """By tag or digest: the image, or None where ECR says that it does not have it; what ECR does not say is left out.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
    """
    found: dict[str, StoredImage | None] = {}
    for start in range(0, len(identifiers), _PER_CALL):
        found |= _batch(session, where, identifiers[start : start + _PER_CALL])
    if None in found.values() and _is_filled_from_elsewhere(session, where):
        return {name: image for name, image in found.items() if image is not None}
    return found


def _batch(session: Session, where: Repository, identifiers: Sequence[str]) -> dict[str, StoredImage | None]:
    asked = {
        "registryId": where.account,
        "repositoryName": where.path,
        "imageIds": [{"imageDigest" if ":" in each else "imageTag": each} for each in identifiers],
        "acceptedMediaTypes": _MANIFESTS,
    }
    subject = f"images of `{where.path}`"
    reply = unless_absent(lambda: session.call("ecr", "BatchGetImage", asked, subject=subject, region=where.region))
    if reply is None:
        return dict.fromkeys(identifiers)
    found: dict[str, StoredImage | None] = {}
    for image in objects(reply, "images"):
        stored = StoredImage(digest=text(nested(image, "imageId"), "imageDigest"), platforms=_platforms(image))
        found |= dict.fromkeys(_names(image), stored)
    for failure in objects(reply, "failures"):
        if text(failure, "failureCode") in _MISSING:
            found |= dict.fromkeys(_names(failure))
    return found


def _names(source: JsonObject) -> tuple[str, ...]:
    identity = nested(source, "imageId")
    return tuple(name for name in (text(identity, "imageTag"), text(identity, "imageDigest")) if name)


def _platforms(image: JsonObject) -> tuple[str, ...]:
    """The platforms that an index or manifest list names; a plain manifest keeps its own in a blob that we do not pull.

    An entry for `unknown/unknown` is no image but an attestation about one.
    https://github.com/opencontainers/image-spec/blob/main/image-index.md
    """
    try:
        manifest = json.loads(text(image, "imageManifest"))
    except (ValueError, RecursionError):
        return ()
    listed = manifest.get("manifests") if isinstance(manifest, dict) else None
    entries = [each.get("platform") for each in listed or () if isinstance(each, dict)]
    named = (_platform(each) for each in entries if isinstance(each, dict))
    return tuple(dict.fromkeys(each for each in named if each))


def _platform(source: Mapping[str, object]) -> str:
    system, architecture = source.get("os"), source.get("architecture")
    return "" if "unknown" in (system, architecture) else f"{system}/{architecture}"


def _is_filled_from_elsewhere(session: Session, where: Repository) -> bool:
    """Whether a pull-through cache fills the repository: it may get at the first pull what it does not have yet.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribePullThroughCacheRules.html
    """
    asked = {"registryId": where.account}
    subject = f"the rules of registry `{where.account}`"
    try:
        reply = session.call("ecr", "DescribePullThroughCacheRules", asked, subject=subject, region=where.region)
    except AwsError:
        return False
    prefixes = [text(each, "ecrRepositoryPrefix") for each in objects(reply, "pullThroughCacheRules")]
    return any(prefix == _ANY or where.path.startswith(f"{prefix}/") for prefix in prefixes)
