"""What becomes of the requests of users."""

import pytest

from e2e.load import NO_LISTENER, NO_TARGET, Answer, failures, versions
from tests.unit.e2e.played import REFUSED, answered, refused


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (502, REFUSED, NO_LISTENER),
        (502, '{"message": "Target 172.17.0.4:80 connect error: [Errno 113] No route to host"}', NO_LISTENER),
        (0, "TimeoutError: timed out", NO_LISTENER),
        (503, '{"message": "No registered targets in target group"}', NO_TARGET),
        (502, "Target 172.17.0.4:80 connect error: cut off", "502 Target * connect error: cut off"),
    ],
    ids=["refused", "gone", "silent", "none-registered", "another"],
)
def test_kind_of_a_failure_does_not_tell_which_request_it_was(status: int, said: str, kind: str) -> None:
    assert Answer(at=0.0, status=status, said=said).failure == kind


def test_failed_requests_count_for_no_version() -> None:
    answers = (*answered("v1", 0.0, 0.1), refused(0.2), *answered("v2", 0.3))
    assert versions(answers) == {"v1": 2, "v2": 1}
    assert failures(answers) == {NO_LISTENER: 1}
