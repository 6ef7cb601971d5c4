import json
from pathlib import Path

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from ecsdeploy.aws.loading import lean_loader


@pytest.mark.parametrize("service", ["ecs", "elbv2", "logs", "sts", "sso", "sso-oidc", "signin"])
@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1"])
def test_every_service_of_ours_is_loaded_as_the_sdk_would(service: str, kind: str) -> None:
    """The rule set is what makes the `endpoints` file unnecessary."""
    assert lean_loader().load_service_model(service, kind) == Loader().load_service_model(service, kind)


def test_a_service_that_we_do_not_use_is_unknown() -> None:
    with pytest.raises(UnknownServiceError):
        lean_loader().load_service_model("s3", "service-2")


def test_the_endpoints_file_counts_as_the_one_of_the_sdk() -> None:
    """Another one's addresses would go before the rule sets."""
    loader = lean_loader()
    content, path = loader.load_data_with_path("endpoints")
    assert content == {"version": 3, "partitions": []}
    assert loader.is_builtin_path(path)


def test_a_file_is_read_plain_or_packed_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text('{"b": 1, "a": "é"}', encoding="utf-8")
    assert lean_loader().file_loader.load_file(str(tmp_path / "some")) == {"b": 1, "a": "é"}
    assert lean_loader().file_loader.load_file(str(tmp_path / "none")) is None


def test_an_operation_that_is_younger_than_the_sdk_can_be_called(tmp_path: Path) -> None:
    """botocore 1.40 has no model of it."""
    folder = tmp_path / "ecs" / "2014-11-13"
    folder.mkdir(parents=True)
    known = {"name": "ListClusters", "http": {"method": "POST", "requestUri": "/"}}
    (folder / "service-2.json").write_text(json.dumps({"operations": {"ListClusters": known}}), encoding="utf-8")
    loader = lean_loader()
    loader.search_paths.insert(0, str(tmp_path))
    model = loader.load_service_model("ecs", "service-2", "2014-11-13")
    assert model["operations"] == {
        "ListClusters": known,
        "ContinueServiceDeployment": {**known, "name": "ContinueServiceDeployment"},
    }
