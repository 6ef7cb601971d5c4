from pathlib import Path

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from ecsdeploy.aws.loading import LeanLoader, PlainJsonLoader


@pytest.mark.parametrize("service", ["ecs", "elbv2", "logs", "sts", "sso", "sso-oidc", "signin"])
@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1"])
def test_every_service_of_ours_is_loaded_as_the_sdk_would(service: str, kind: str) -> None:
    """The rule set is what makes the `endpoints` file unnecessary."""
    assert LeanLoader().load_service_model(service, kind) == Loader().load_service_model(service, kind)


def test_a_service_that_we_do_not_use_is_unknown() -> None:
    with pytest.raises(UnknownServiceError):
        LeanLoader().load_service_model("s3", "service-2")


def test_the_endpoints_file_counts_as_the_one_of_the_sdk() -> None:
    """Another one's addresses would go before the rule sets."""
    loader = LeanLoader()
    content, path = loader.load_data_with_path("endpoints")
    assert content == {"version": 3, "partitions": []}
    assert loader.is_builtin_path(path)


def test_a_file_is_read_plain_or_packed_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text('{"b": 1, "a": "é"}', encoding="utf-8")
    assert PlainJsonLoader().load_file(str(tmp_path / "some")) == {"b": 1, "a": "é"}
    assert PlainJsonLoader().load_file(str(tmp_path / "none")) is None
