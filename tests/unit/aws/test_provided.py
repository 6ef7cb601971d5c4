"""Faults of this machine's own credentials, Region and certificates: one sentence each, at once, nothing sent."""

import os
import re
from pathlib import Path

import pytest

from ecsdeploy.aws.session import open_session
from ecsdeploy.errors import CredentialsError
from ecsdeploy.model.access import Access

ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The AWS configuration file that is in force."""
    path = tmp_path / "config"
    path.write_text("")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return path


def fault(access: Access | None = None) -> CredentialsError:
    with pytest.raises(CredentialsError) as caught:
        open_session(access or Access()).call("ecs", "DescribeClusters", {}, subject="clusters")
    assert caught.value.hint
    assert caught.value.exit_code == 26
    return caught.value


def test_n01_a_token_file_that_is_not_there_is_named_with_its_variable(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/token")
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    assert fault().message == (
        "The web identity token file `/nowhere/token` that `AWS_WEB_IDENTITY_TOKEN_FILE` names cannot be read: "
        "No such file or directory."
    )


def test_n01_a_token_file_of_a_profile_is_named_with_the_profile(config: Path) -> None:
    config.write_text(f"[profile ci]\nrole_arn = {ROLE}\nweb_identity_token_file = /nowhere/token\n")
    assert "`web_identity_token_file` of profile `ci`" in fault(Access(profile="ci")).message


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/nowhere/helper --secret hush", "The command `/nowhere/helper` .*profile `ci`.* cannot be run: No such file"),
        ("echo hush", "The command `echo` .* does not print the JSON"),
        ("echo []", "The command `echo` .* does not print the JSON"),
        ("echo '{\"Version\": 9}'", "The command `echo` .* gave no credentials: .*ersion"),
        ("false hush", "The command `false` .* gave no credentials: it failed and said nothing."),
        ("'false hush", "The command `'false` "),
    ],
    ids=["missing", "no JSON", "no object", "other version", "fails", "unbalanced quotes"],
)
def test_n01_a_credential_process_is_named_without_its_arguments(config: Path, command: str, words: str) -> None:
    config.write_text(f"[profile ci]\ncredential_process = {command}\n")
    found = fault(Access(profile="ci"))
    assert re.match(words, found.message)
    assert "hush" not in found.message + found.hint + found.raw


def test_n01_a_code_of_mfa_that_the_source_profile_asks_for_is_asked_of_nobody(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: False)
    config.write_text(
        f"[profile ci]\nrole_arn = {ROLE}\nsource_profile = people\n"
        f"[profile people]\nrole_arn = {ROLE}\nsource_profile = people\nmfa_serial = m\n"
        "aws_access_key_id = A\naws_secret_access_key = S\n"
    )
    assert "The profile `people` asks for a code of the MFA device `m`" in fault(Access(profile="ci")).message


def test_n01_an_endpoint_that_is_not_allowed_is_named(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/x?token=hush")
    found = fault()
    assert "`AWS_CONTAINER_CREDENTIALS_FULL_URI` names is not allowed or not usable: `192.0.2.1`" in found.message
    assert "hush" not in found.message


@pytest.mark.parametrize("content", [None, "not a certificate"], ids=["no file", "no certificate"])
@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_n01_a_bundle_of_certificates_that_is_none_is_named(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    monkeypatch.setenv(variable, str(path))
    assert fault().message.startswith(f"The CA certificates that `{variable}` names cannot be used: `{path}`: ")


def test_n01_a_setting_of_the_wrong_kind_is_no_mistake_of_ours(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "soon")
    assert "wrong kind" in fault().message


@pytest.mark.parametrize(
    ("region", "hint"),
    [
        ("eu-wst-1", "`eu-west-1`"),
        ("EU-WEST-1", "`eu-west-1`"),
        ("us_east_1", "`us-east-1`"),
        ("eu-west-1a", "`eu-west-1`"),
        ("nowhere", "`--region`"),
    ],
)
def test_n03_a_misspelt_region_is_known_before_any_call(config: Path, region: str, hint: str) -> None:
    found = fault(Access(region=region))
    assert found.message == f"`{region}` is no AWS Region."
    assert hint in found.hint


@pytest.mark.parametrize("region", ["eu-west-1", "eu-west-9", "us-gov-west-1", "eusc-de-east-1", "cn-north-1"])
def test_n03_a_region_that_the_sdk_may_not_know_yet_is_called(config: Path, region: str) -> None:
    assert open_session(Access(region=region)).region == region


@pytest.mark.parametrize("variable", ["", "AWS_ENDPOINT_URL_ECS"])
def test_n03_an_endpoint_of_ones_own_takes_any_region(
    config: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    if variable:
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    assert open_session(Access(region="local", endpoint_url="" if variable else "http://127.0.0.1:1")).region == "local"


def test_n05_the_machines_own_role_names_its_option(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "`--aws-instance-profile`" in fault(Access(instance_role_only=True)).hint
