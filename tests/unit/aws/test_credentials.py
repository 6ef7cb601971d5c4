import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import botocore.session
import pytest

from ecsdeploy.aws.credentials import keys_of, login_hint
from ecsdeploy.aws.session import Session, open_session
from ecsdeploy.errors import AccessDenied, AwsRefused, CredentialsError
from ecsdeploy.model.access import Access, Secret
from tests.unit.aws.answers import Aws, aws

ROLE = "arn:aws:iam::123456789012:role/deployer"
ASSUMED = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROA:ecs-deploy</AssumedRoleId>
<Arn>arn:aws:sts::123456789012:assumed-role/deployer/ecs-deploy</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>assumed</SecretAccessKey>
<SessionToken>token-of-role</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>"""


def signed_by(transport: Aws, index: int = -1) -> str:
    """The access key of a request's signature."""
    return transport.sent[index].headers["Authorization"].partition("Credential=")[2].partition("/")[0]


def ask(session: Session) -> None:
    session.call("ecs", "DescribeClusters", {}, subject="clusters")


def keyed(access: str = "AKIDEXAMPLE") -> Access:
    return Access(access_key=Secret(access), secret_key=Secret("hush"))


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The AWS configuration file that is in force."""
    path = tmp_path / "config"
    path.write_text("")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return path


def test_the_keys_given_sign_the_call() -> None:
    transport = aws(DescribeClusters={})
    ask(open_session(keyed(), transport=transport))
    assert signed_by(transport) == "AKIDEXAMPLE"


def test_without_keys_a_transport_is_called_all_the_same() -> None:
    transport = aws(DescribeClusters={})
    ask(open_session(Access(), transport=transport))
    assert signed_by(transport) == "AKIDOFNOBODY"


class TestAssumedRole:
    """Part D8: refreshable, from the keys or profile given, under a name that says who it is."""

    access = replace(keyed(), assume_role=ROLE)

    def test_the_role_is_assumed_with_the_keys_given_and_then_signs(self) -> None:
        transport = aws(AssumeRole=ASSUMED, DescribeClusters={})
        ask(open_session(self.access, transport=transport))

        assert transport.operations == ["AssumeRole", "DescribeClusters"]
        assert (signed_by(transport, 0), signed_by(transport, 1)) == ("AKIDEXAMPLE", "ASIAASSUMED")
        assert transport.sent[1].headers["X-Amz-Security-Token"] == "token-of-role"

    def test_the_session_has_a_clear_name_and_the_external_id(self) -> None:
        transport = aws(AssumeRole=ASSUMED, DescribeClusters={})
        ask(open_session(replace(self.access, external_id=Secret("ext")), transport=transport))

        sent = transport.sent[0].body
        assert (sent["RoleArn"], sent["RoleSessionName"], sent["ExternalId"]) == (ROLE, "ecs-deploy", "ext")

    def test_the_role_is_assumed_once_for_many_calls(self) -> None:
        transport = aws(AssumeRole=ASSUMED, DescribeClusters={})
        session = open_session(self.access, transport=transport)
        ask(session)
        ask(session)
        assert transport.operations.count("AssumeRole") == 1

    def test_f17_credentials_about_to_expire_are_renewed_in_silence(self) -> None:
        soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat().encode()
        first = ASSUMED.replace(b"2999-01-01T00:00:00Z", soon).replace(b"ASIAASSUMED", b"ASIAFIRST")
        transport = aws(AssumeRole=[first, ASSUMED], DescribeClusters={})
        session = open_session(self.access, transport=transport)
        ask(session)
        ask(session)
        assert transport.operations == ["AssumeRole", "DescribeClusters", "AssumeRole", "DescribeClusters"]
        assert (signed_by(transport, 1), signed_by(transport, 3)) == ("ASIAFIRST", "ASIAASSUMED")

    def test_a_role_that_may_not_be_assumed_is_named(self) -> None:
        text = f"User: arn:aws:iam::1:user/ci is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
        body = f"<ErrorResponse><Error><Code>AccessDenied</Code><Message>{text}</Message></Error></ErrorResponse>"
        transport = RefusingSts(body.encode())
        with pytest.raises(AccessDenied, match=ROLE) as caught:
            ask(open_session(self.access, transport=transport))
        assert "sts:AssumeRole" in caught.value.hint

    def test_f19_no_longer_session_is_asked_for_than_a_chain_of_roles_may_have(self) -> None:
        transport = aws(AssumeRole=ASSUMED, DescribeClusters={})
        ask(open_session(self.access, transport=transport))
        assert "DurationSeconds" not in transport.sent[0].body

    def test_f19_a_chain_of_roles_that_is_asked_to_last_too_long_is_refused_before_anything_else(self) -> None:
        text = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        body = f"<ErrorResponse><Error><Code>ValidationError</Code><Message>{text}</Message></Error></ErrorResponse>"
        with pytest.raises(AwsRefused, match="1 hour session limit for roles assumed by role chaining") as caught:
            ask(open_session(self.access, transport=RefusingSts(body.encode())))
        assert caught.value.exit_code == 26

    def test_f16_without_credentials_to_assume_it_with_there_is_a_clear_sentence(self, config: Path) -> None:
        with pytest.raises(CredentialsError, match="No AWS credentials were found"):
            ask(open_session(Access(assume_role=ROLE)))


class RefusingSts:
    """Answers every call of STS with HTTP 403."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        return 403, {"x-amzn-RequestId": "id-1"}, self._body


class TestChain:
    """What the AWS CLI would find, and one sentence where it would find nothing."""

    def test_f16_no_credentials_at_all(self, config: Path) -> None:
        with pytest.raises(CredentialsError, match="No AWS credentials were found") as caught:
            ask(open_session(Access()))
        assert "--profile" in caught.value.hint

    def test_f16_an_unknown_profile(self, config: Path) -> None:
        with pytest.raises(CredentialsError, match="profile `nobody` does not exist"):
            ask(open_session(Access(profile="nobody")))

    def test_f16_half_of_the_keys(self, config: Path) -> None:
        with pytest.raises(CredentialsError, match="`AWS_SECRET_ACCESS_KEY` is missing"):
            ask(open_session(Access(access_key=Secret("AKID"))))
        with pytest.raises(CredentialsError, match="`AWS_ACCESS_KEY_ID` is missing"):
            ask(open_session(Access(secret_key=Secret("hush"))))

    def test_f16_half_of_the_keys_in_the_environment(self, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
        with pytest.raises(CredentialsError, match="`AWS_SECRET_ACCESS_KEY` is missing"):
            ask(open_session(Access()))

    def test_f16_an_sso_profile_without_login_names_the_command(self, config: Path) -> None:
        config.write_text(
            "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = deploy\n"
            "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\n"
        )
        with pytest.raises(CredentialsError, match="login has expired") as caught:
            ask(open_session(Access(profile="work")))
        assert caught.value.hint == "Run `aws sso login --profile work`."

    def test_f16_a_console_login_names_its_own_command(self, config: Path) -> None:
        config.write_text("[profile work]\nlogin_session = arn:aws:iam::123456789012:user/me\n")
        session = botocore.session.Session(profile="work")
        assert login_hint(session, Access()) == "Run `aws login --profile work`."

    def test_a_profile_that_needs_a_package_says_which(self, config: Path) -> None:
        config.write_text("[profile work]\nlogin_session = arn:aws:iam::123456789012:user/me\n")
        with pytest.raises(CredentialsError, match="crt"):
            ask(open_session(Access(profile="work")))

    def test_the_region_of_the_profile_is_used(self, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_DEFAULT_REGION")
        config.write_text("[profile work]\nregion = eu-north-1\naws_access_key_id = A\naws_secret_access_key = S\n")
        assert open_session(Access(profile="work")).region == "eu-north-1"

    def test_f19_a_profile_that_asks_for_an_mfa_code_is_refused_without_a_terminal(
        self, config: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "isatty", lambda _: False)
        config.write_text(
            "[profile work]\nsource_profile = base\nrole_arn = arn:aws:iam::123456789012:role/r\n"
            "mfa_serial = arn:aws:iam::123456789012:mfa/me\n"
            "[profile base]\naws_access_key_id = A\naws_secret_access_key = S\n"
        )
        with pytest.raises(CredentialsError, match="MFA device `arn:aws:iam::123456789012:mfa/me`"):
            ask(open_session(Access(profile="work")))
        assert open_session(replace(keyed(), profile="work")).region == "us-east-1"

    def test_f19_keys_in_the_environment_go_before_a_profile_that_nobody_named(
        self, config: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "isatty", lambda _: False)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
        config.write_text("[default]\nrole_arn = r\nsource_profile = default\nmfa_serial = m\n")
        assert open_session(Access()).region == "us-east-1"


class TestEnvironment:
    """Part A1: each half of the keys may come from the environment."""

    def test_the_session_token_of_the_environment_goes_with_its_own_key_alone(self) -> None:
        environment = {"AWS_ACCESS_KEY_ID": "ASIAENV", "AWS_SESSION_TOKEN": "token"}
        same = keys_of(keyed("ASIAENV"), environment)
        other = keys_of(keyed("AKIDOTHER"), environment)
        assert same is not None
        assert other is not None
        assert (same.token, other.token) == ("token", None)

    def test_the_environment_completes_a_half(self) -> None:
        found = keys_of(Access(access_key=Secret("AKID")), {"AWS_SECRET_ACCESS_KEY": "hush"})
        assert found is not None
        assert (found.access_key, found.secret_key) == ("AKID", "hush")


def test_the_instance_role_alone_ignores_keys_in_the_environment(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    with pytest.raises(CredentialsError, match="No AWS credentials were found"):
        ask(open_session(Access(instance_role_only=True)))


def test_the_container_role_is_an_instance_role(
    config: Path, monkeypatch: pytest.MonkeyPatch, container_host: list[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    ask(open_session(Access(instance_role_only=True)))
    assert "Credential=ASIACONTAINER/" in container_host[0]


@pytest.fixture
def container_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A host that hands out a container's credentials and is ECS at once; the signatures of what it was sent."""
    signatures: list[str] = []

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(
                b'{"AccessKeyId": "ASIACONTAINER", "SecretAccessKey": "s", "Token": "t", '
                b'"Expiration": "2999-01-01T00:00:00Z"}'
            )

        def do_POST(self) -> None:
            signatures.append(self.headers["Authorization"])
            self._answer(b"{}")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing to standard error."""

    with HTTPServer(("127.0.0.1", 0), Host) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{url}/credentials")
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        Thread(target=server.serve_forever, daemon=True).start()
        yield signatures
        server.shutdown()
