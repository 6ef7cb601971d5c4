"""What the API does to a caller, as our exceptions; one call is one request, whatever happens to it."""

import pytest

from ecsdeploy.errors import (
    AccessDenied,
    CredentialsError,
    EcsDeployError,
    ReplyLost,
    Throttled,
)
from tests.contract.aws.worlds import NEW_IMAGE, WEB, account_where, fault, with_image


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ThrottlingException", Throttled),
        ("RequestLimitExceeded", Throttled),
        ("ServerException", ReplyLost),
        ("http-500", ReplyLost),
        ("http-503", ReplyLost),
        ("reset", ReplyLost),
        ("reset-after", ReplyLost),
        ("ExpiredTokenException", CredentialsError),
        ("UnrecognizedClientException", CredentialsError),
        ("AccessDeniedException", AccessDenied),
    ],
)
def test_f01_f10_a_failed_read_is_one_request_and_the_next_one_works(error: str, kind: type[EcsDeployError]) -> None:
    prod = account_where(fault("DescribeServices", error))
    with pytest.raises(kind):
        prod.plane.service(WEB)
    assert prod.operations() == ["DescribeServices"]
    assert prod.plane.service(WEB).status == "ACTIVE"


@pytest.mark.parametrize(
    ("error", "kind", "registered"),
    [
        ("ThrottlingException", Throttled, 0),
        ("ClientException", Throttled, 0),
        ("LimitExceededException", Throttled, 0),
        ("reset", ReplyLost, 0),
        ("reset-after", ReplyLost, 1),
        ("http-500", ReplyLost, 0),
    ],
)
def test_f02_f03_f04_a_failed_registration_is_never_repeated_here(
    error: str, kind: type[EcsDeployError], registered: int
) -> None:
    prod = account_where(fault("RegisterTaskDefinition", error))
    current = prod.plane.definition(prod.plane.service(WEB).task_definition)
    with pytest.raises(kind):
        prod.plane.register(with_image(current, NEW_IMAGE))

    assert prod.operations().count("RegisterTaskDefinition") == 1
    assert prod.world.tally.registered == registered


@pytest.mark.parametrize(("error", "started"), [("reset", 0), ("reset-after", 1), ("http-503", 0)])
def test_f05_f06_a_lost_update_is_never_repeated_here(error: str, started: int) -> None:
    prod = account_where(fault("UpdateService", error))
    with pytest.raises(ReplyLost):
        prod.release()
    assert prod.operations().count("UpdateService") == 1
    assert prod.world.tally.started == started


def test_f20_a_denied_write_names_action_and_statement() -> None:
    prod = account_where(fault("UpdateService", "AccessDeniedException"))
    with pytest.raises(AccessDenied, match="may not call `ecs:UpdateService`") as caught:
        prod.release()
    assert '"Action": "ecs:UpdateService"' in caught.value.hint
    assert caught.value.code == "AccessDeniedException"


def test_f21_records_that_may_not_be_read_are_not_called_missing() -> None:
    prod = account_where(fault("ListServiceDeployments", "AccessDeniedException", times=0))
    ours = prod.release()
    with pytest.raises(AccessDenied, match="may not call `ecs:ListServiceDeployments`"):
        prod.plane.service_deployment(WEB, ours.id)


@pytest.mark.parametrize("error", ["UnsupportedFeatureException", "UnknownOperationException"])
def test_f21_without_service_deployments_there_is_none_and_it_is_asked_once(error: str) -> None:
    prod = account_where(fault("ListServiceDeployments", error, times=0))
    ours = prod.release()
    assert prod.plane.service_deployment(WEB, ours.id) is None
    assert prod.plane.service_deployment(WEB, ours.id) is None
    assert prod.operations().count("ListServiceDeployments") == 1
