import configparser
import socket
from string import Formatter
from typing import Any

import pytest
from botocore import exceptions as sdk
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import ResponseParserError
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError, ProxyError

from ecsdeploy.aws.faults import fault, lacks_operation
from ecsdeploy.aws.unanswered import Call
from ecsdeploy.aws.wire import NotJsonError
from ecsdeploy.errors import (
    AccessDenied,
    AwsError,
    AwsRefused,
    CredentialsError,
    EcsDeployError,
    NoSuchResource,
    ReplyLost,
    Throttled,
    Unknown,
    Unreachable,
)

CALL = Call(
    service="ecs",
    operation="UpdateService",
    subject="service `web` in cluster `prod`",
    region="us-east-1",
    login="Run `aws sso login --profile ci`.",
)
URL = "https://ecs.us-east-1.amazonaws.com/"

# Every error that ECS declares, and what we make of it: a new one must be decided about here.
DECLARED: dict[str, type[EcsDeployError]] = {
    "AccessDeniedException": AccessDenied,
    "AttributeLimitExceededException": AwsRefused,
    "BlockedException": AwsRefused,
    "ClientException": AwsRefused,
    "ClusterContainsCapacityProviderException": AwsRefused,
    "ClusterContainsContainerInstancesException": AwsRefused,
    "ClusterContainsServicesException": AwsRefused,
    "ClusterContainsTasksException": AwsRefused,
    "ClusterNotFoundException": Unknown,
    "ConflictException": AwsRefused,
    "DaemonNotActiveException": AwsRefused,
    "DaemonNotFoundException": Unknown,
    "GatewayNotFoundException": Unknown,
    "InvalidParameterException": AwsRefused,
    "LimitExceededException": AwsRefused,
    "MissingVersionException": AwsRefused,
    "NamespaceNotFoundException": Unknown,
    "NoUpdateAvailableException": AwsRefused,
    "PlatformTaskDefinitionIncompatibilityException": AwsRefused,
    "PlatformUnknownException": AwsRefused,
    "ResourceInUseException": AwsRefused,
    "ResourceNotFoundException": Unknown,
    "ServerException": ReplyLost,
    "ServiceDeploymentNotFoundException": Unknown,
    "ServiceNotActiveException": AwsRefused,
    "ServiceNotFoundException": Unknown,
    "TargetNotConnectedException": AwsRefused,
    "TargetNotFoundException": Unknown,
    "TaskSetNotFoundException": Unknown,
    "UnsupportedFeatureException": AwsRefused,
    "UpdateInProgressException": AwsRefused,
}


def refusal(code: str, text: str = "", *, status: int = 400, operation: str = "UpdateService") -> sdk.ClientError:
    reply = {
        "Error": {"Code": code, "Message": text},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "id-1"},
    }
    return sdk.ClientError(reply, operation)


def aws_fault(error: Exception) -> AwsError:
    found = fault(error, CALL)
    assert isinstance(found, AwsError)
    return found


def test_every_error_that_ecs_declares_is_mapped() -> None:
    model = ServiceModel(Loader().load_service_model("ecs", "service-2"), "ecs")
    declared = {shape.name for shape in model.error_shapes}
    assert {code: type(fault(refusal(code), CALL)) for code in declared} == DECLARED


def test_every_exception_of_the_sdk_is_mapped_without_failing() -> None:
    for kind in vars(sdk).values():
        if isinstance(kind, type) and issubclass(kind, sdk.BotoCoreError):
            assert isinstance(fault(_filled(kind), CALL), EcsDeployError), kind


def _filled(kind: type[Any]) -> Exception:
    """An exception with a word for each blank of its text."""
    blanks = {name for _, name, _, _ in Formatter().parse(kind.fmt) if name}
    error: Exception = kind(**dict.fromkeys({*blanks, "last_response"}, "x"))
    return error


@pytest.mark.parametrize(
    ("code", "text", "operation"),
    [
        ("ThrottlingException", "Rate exceeded", "DescribeServices"),
        ("TooManyRequestsException", "", "UpdateService"),
        ("RequestLimitExceeded", "Request limit exceeded.", "UpdateService"),
        ("LimitExceededException", "", "RegisterTaskDefinition"),
        (
            "ClientException",
            "Too many concurrent attempts to create a new revision of the specified family.",
            "RegisterTaskDefinition",
        ),
    ],
)
def test_f02_f03_a_refusal_for_the_rate_alone_is_throttled(code: str, text: str, operation: str) -> None:
    assert isinstance(fault(refusal(code, text, operation=operation), CALL), Throttled)


def test_f03_a_concurrent_registration_hints_at_the_other_pipeline() -> None:
    text = "Too many concurrent attempts to create a new revision of the specified family."
    assert "Another pipeline" in fault(refusal("ClientException", text), CALL).hint


def test_http_429_is_throttled_whatever_its_code() -> None:
    assert isinstance(fault(refusal("Odd", status=429), CALL), Throttled)


@pytest.mark.parametrize(
    ("code", "status"),
    [("ServerException", 500), ("InternalFailure", 400), ("503", 503), ("", 502), ("Odd", 504)],
)
def test_f10_a_failure_on_the_side_of_aws_leaves_the_outcome_open(code: str, status: int) -> None:
    assert isinstance(fault(refusal(code, status=status), CALL), ReplyLost)


@pytest.mark.parametrize(
    "code",
    [
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ],
)
def test_f16_credentials_that_aws_does_not_take_come_with_the_login_command(code: str) -> None:
    found = aws_fault(refusal(code, "The security token included in the request is expired"))
    assert isinstance(found, CredentialsError)
    assert found.hint == "Run `aws sso login --profile ci`."


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("RequestTimeTooSkewed", ""),
        ("RequestExpired", ""),
        ("InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than ..."),
        ("InvalidSignatureException", "Signature not yet current: 20260101T003000Z is still later ..."),
    ],
)
def test_f11_a_wrong_clock_is_called_a_wrong_clock(code: str, text: str) -> None:
    found = aws_fault(refusal(code, text))
    assert isinstance(found, CredentialsError)
    assert "clock" in found.message


def test_an_unknown_code_is_a_refusal_with_the_words_of_aws() -> None:
    found = aws_fault(refusal("OddException", "Not today."))
    assert type(found) is AwsRefused
    assert found.message == ("AWS refused `ecs:UpdateService` for service `web` in cluster `prod`: Not today.")


def test_the_code_loses_its_namespace() -> None:
    assert aws_fault(refusal("com.amazonaws.ecs#ClientException")).code == "ClientException"


def test_code_raw_text_and_operation_are_kept() -> None:
    found = aws_fault(refusal("ClientException", "TaskDefinition is inactive"))
    assert (found.code, found.operation) == ("ClientException", "UpdateService")
    assert found.raw == "ClientException: TaskDefinition is inactive (HTTP 400, request id id-1)"


@pytest.mark.parametrize(
    "text", ["Unable to describe task definition.", "TaskDefinition not found.", "Cluster not found."]
)
def test_an_unknown_definition_or_cluster_does_not_exist(text: str) -> None:
    code = "ClusterNotFoundException" if text.startswith("Cluster") else "ClientException"
    found = fault(refusal(code, text), CALL)
    assert isinstance(found, NoSuchResource)
    assert text in found.message


@pytest.mark.parametrize(
    "error",
    [
        sdk.EndpointConnectionError(endpoint_url=URL, error="Name or service not known"),
        sdk.ConnectTimeoutError(endpoint_url=URL, error="timed out"),
        sdk.ProxyConnectionError(proxy_url="http://proxy:3128", error="refused"),
        sdk.SSLError(endpoint_url=URL, error="[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate"),
        ConnectionRefusedError(111, "Connection refused"),
        socket.gaierror(-2, "Name or service not known"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_f07_what_failed_before_sending_is_unreachable(error: Exception) -> None:
    found = aws_fault(error)
    assert isinstance(found, Unreachable)
    assert "No proxy variable is set." in found.hint


def test_f07_proxy_variables_in_use_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:s3cret@proxy:3128")
    found = aws_fault(sdk.EndpointConnectionError(endpoint_url=URL, error="refused"))
    assert "`HTTPS_PROXY`" in found.hint
    assert "s3cret" not in found.hint


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (
            NewConnectionError(HTTPConnection("proxy"), "Failed to establish a new connection: [Errno 111] refused"),
            "Failed to establish a new connection: [Errno 111] refused.",
        ),
        (
            OSError("Tunnel connection failed: 407 Proxy Authentication Required"),
            "Tunnel connection failed: 407 Proxy Authentication Required.",
        ),
    ],
    ids=["refused", "not authenticated"],
)
def test_n07_why_a_proxy_refused_is_told_once_and_without_the_shells_around_it(error: Exception, why: str) -> None:
    url = "http://proxy:3128"
    wrapped = sdk.ProxyConnectionError(proxy_url=url, error=ProxyError("Unable to connect to proxy", error))
    found = aws_fault(wrapped)
    assert found.message.endswith(f'Failed to connect to proxy URL: "{url}" {why}')
    assert found.raw in found.message


def test_f07_the_endpoint_and_the_reason_are_in_the_message() -> None:
    reason = "<botocore.awsrequest.AWSHTTPSConnection object at 0x7f00>: Failed to resolve 'nowhere'"
    found = aws_fault(sdk.EndpointConnectionError(endpoint_url=URL, error=reason))
    assert URL in found.message
    assert "Failed to resolve 'nowhere'." in found.message
    assert "object at" not in found.message


@pytest.mark.parametrize(
    "error",
    [
        sdk.ReadTimeoutError(endpoint_url=URL, error="Read timed out."),
        sdk.ConnectionClosedError(endpoint_url=URL),
        sdk.HTTPClientError(error="broken"),
        sdk.ResponseStreamingError(error="cut"),
        sdk.IncompleteReadError(actual_bytes=1, expected_bytes=2),
        sdk.SSLError(endpoint_url=URL, error="[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred"),
        ResponseParserError("no XML"),
        NotJsonError(),
        ConnectionResetError(104, "Connection reset by peer"),
        BrokenPipeError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_f04_f06_what_failed_after_sending_may_have_been_applied(error: Exception) -> None:
    found = aws_fault(error)
    assert isinstance(found, ReplyLost)
    assert found.message.endswith(".")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (sdk.NoCredentialsError(), "No AWS credentials were found."),
        (
            sdk.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            "The AWS credentials are incomplete: `AWS_SECRET_ACCESS_KEY` is missing.",
        ),
        (sdk.ProfileNotFound(profile="nobody"), "The AWS profile `nobody` does not exist."),
        (sdk.NoRegionError(), "No AWS Region is set."),
        (sdk.UnauthorizedSSOTokenError(), "The AWS login has expired, or there was none."),
        (
            sdk.TokenRetrievalError(provider="sso", error_msg="Token has expired"),
            "The AWS login has expired, or there was none.",
        ),
        (
            sdk.CredentialRetrievalError(provider="custom-process", error_msg="exit 1"),
            "The AWS credentials could not be obtained: Error when retrieving credentials from custom-process: exit 1.",
        ),
        (sdk.InvalidConfigError(error_msg="x"), "The AWS configuration is not usable: x."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_f16_each_trouble_with_credentials_has_its_sentence(error: Exception, message: str) -> None:
    found = aws_fault(error)
    assert isinstance(found, CredentialsError)
    assert found.message.startswith(message)
    assert found.hint


@pytest.mark.parametrize(
    ("error", "lacks"),
    [
        (refusal("UnsupportedFeatureException"), True),
        (refusal("UnknownOperationException"), True),
        (refusal("InvalidAction"), True),
        (refusal("AccessDeniedException"), False),
        (refusal("Odd", status=404), True),
        (refusal("404", "<html><title>Not found</title></html>", status=404), False),
        (refusal("NotImplementedError", status=501), True),
        (refusal("ThrottlingException"), False),
        (refusal("InvalidParameterException"), False),
        (refusal("ServerException", status=500), False),
        (sdk.ReadTimeoutError(endpoint_url=URL, error="x"), False),
    ],
)
def test_an_operation_is_lacking_only_where_asking_again_is_no_use(error: Exception, lacks: bool) -> None:
    found = aws_fault(error)
    found.__cause__ = error
    assert lacks_operation(found) is lacks


@pytest.mark.parametrize(
    ("status", "kind"), [(403, AwsRefused), (407, AwsRefused), (302, AwsRefused), (503, ReplyLost), (429, Throttled)]
)
def test_n07_a_page_of_a_proxy_is_one_short_sentence(status: int, kind: type[AwsError]) -> None:
    page = "<!DOCTYPE html>\n<HTML><head><title>Access\n Denied</title></head><body>" + "x" * 5000 + "</body></HTML>"
    found = aws_fault(refusal(str(status), page, status=status))
    assert type(found) is kind
    assert f"HTTP {status} and an HTML page titled `Access Denied`" in found.message
    assert len(found.message) < 200
    assert (found.raw, "roxy" in found.hint) == ("", True)


def test_n02_an_untrusted_certificate_names_the_setting_for_ones_own_ca() -> None:
    text = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)"
    found = aws_fault(sdk.SSLError(endpoint_url=URL, error=text))
    assert isinstance(found, Unreachable)
    assert "`AWS_CA_BUNDLE`" in found.hint


def test_n01_a_malformed_file_is_named_with_its_line_and_never_quoted() -> None:
    with pytest.raises(configparser.Error) as parsed:
        configparser.RawConfigParser().read_string("[default]\na = b\nwJalrXUtnFEMI", source="credentials")
    found = aws_fault(sdk.ConfigParseError(path="/home/me/.aws/credentials", error=parsed.value))
    assert found.message == "The AWS configuration file `/home/me/.aws/credentials` cannot be understood in line 3."
    assert "wJalr" not in found.raw + found.hint
