import json
from collections.abc import Mapping

import pytest

from ecsdeploy.errors import AccessDenied, AwsRefused
from ecsdeploy.model.surroundings import Repository, StoredImage
from tests.unit.aws.answers import Answer, Aws, Refusal, aws, plane_on

TEAM = Repository(account="444455556666", region="eu-west-1", path="hub/app")
DIGEST = "sha256:" + "a" * 64


def _image(tag: str, **manifest: object) -> dict[str, object]:
    return {"imageId": {"imageTag": tag, "imageDigest": DIGEST}, "imageManifest": json.dumps(manifest)}


def _entry(system: str, architecture: str) -> dict[str, object]:
    return {"digest": DIGEST, "platform": {"os": system, "architecture": architecture}}


def _failure(tag: str, code: str) -> dict[str, object]:
    return {"imageId": {"imageTag": tag}, "failureCode": code}


def _asked(answer: Answer, *identifiers: str, rules: Answer | None = None) -> Mapping[str, StoredImage | None]:
    return plane_on(_aws(answer, rules)).surroundings.images(TEAM, identifiers or ("1",))


def _aws(answer: Answer, rules: Answer | None = None) -> Aws:
    return aws(BatchGetImage=answer, DescribePullThroughCacheRules=rules or {"pullThroughCacheRules": []})


def test_images_are_asked_for_at_once_in_the_registry_of_their_name() -> None:
    transport = _aws({"images": [_image("1")]})
    plane_on(transport).surroundings.images(TEAM, ("1", DIGEST))
    (sent,) = transport.sent
    assert sent.url.startswith("https://api.ecr.eu-west-1.amazonaws.com")
    assert sent.body["registryId"] == "444455556666"
    assert sent.body["imageIds"] == [{"imageTag": "1"}, {"imageDigest": DIGEST}]


def test_more_images_than_a_call_takes_are_asked_for_in_parts() -> None:
    transport = _aws({})
    plane_on(transport).surroundings.images(TEAM, [str(number) for number in range(101)])
    assert transport.operations == ["BatchGetImage"] * 2


def test_an_image_is_known_by_its_tag_and_by_its_digest() -> None:
    stored = StoredImage(digest=DIGEST)
    assert _asked({"images": [_image("1")]}) == {"1": stored, DIGEST: stored}


@pytest.mark.parametrize(
    ("manifest", "platforms"),
    [
        pytest.param(
            {"manifests": [_entry("linux", "amd64"), _entry("linux", "arm64")]},
            ("linux/amd64", "linux/arm64"),
            id="for two",
        ),
        pytest.param(
            {"manifests": [_entry("linux", "arm64"), _entry("unknown", "unknown")]},
            ("linux/arm64",),
            id="an attestation is no image",
        ),
        pytest.param({"manifests": ["x", {"digest": DIGEST}]}, (), id="without platforms"),
        pytest.param({"config": {"digest": DIGEST}}, (), id="plain"),
    ],
)
def test_platforms_are_those_of_the_manifest(manifest: dict[str, object], platforms: tuple[str, ...]) -> None:
    assert _asked({"images": [_image("1", **manifest)]})["1"] == StoredImage(digest=DIGEST, platforms=platforms)


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_manifest_that_cannot_be_read_says_nothing_about_platforms(text: str) -> None:
    image = {"imageId": {"imageTag": "1", "imageDigest": DIGEST}, "imageManifest": text}
    assert _asked({"images": [image]})["1"] == StoredImage(digest=DIGEST)


@pytest.mark.parametrize(
    ("code", "answer"),
    [("ImageNotFound", {"1": None}), ("ImageInaccessible", {}), ("UpstreamUnavailable", {}), ("KmsError", {})],
)
def test_only_an_image_that_is_not_found_is_missing(code: str, answer: object) -> None:
    assert _asked({"failures": [_failure("1", code)]}) == answer


def test_a_repository_that_is_not_there_has_none_of_the_images() -> None:
    assert _asked(Refusal(code="RepositoryNotFoundException"), "1", "2") == {"1": None, "2": None}


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        pytest.param({"pullThroughCacheRules": [{"ecrRepositoryPrefix": "hub"}]}, {}, id="of this one"),
        pytest.param({"pullThroughCacheRules": [{"ecrRepositoryPrefix": "ROOT"}]}, {}, id="of all"),
        pytest.param({"pullThroughCacheRules": [{"ecrRepositoryPrefix": "hu"}]}, {"1": None}, id="of another"),
        pytest.param(Refusal(code="AccessDeniedException"), {"1": None}, id="denied"),
    ],
)
def test_what_a_pull_through_cache_may_yet_get_is_not_missing(rules: Answer, answer: object) -> None:
    assert _asked(Refusal(code="RepositoryNotFoundException"), rules=rules) == answer


def test_denied_is_no_answer() -> None:
    with pytest.raises(AccessDenied):
        _asked(Refusal(code="AccessDeniedException", message="User: x is not authorized to perform: ecr:BatchGetImage"))


def test_another_refusal_is_no_answer_either() -> None:
    with pytest.raises(AwsRefused):
        _asked(Refusal(code="InvalidParameterException"))
