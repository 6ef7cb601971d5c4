"""What is explored: each case is a service, a request, and what the reads may do."""

from dataclasses import replace

from ecsdeploy.model.request import DeployRequest, OnFailure, OnInterrupt, WholeBudget
from tools.explore import values
from tools.explore.ecs import OURS, Rules
from tools.explore.search import Case

LEAVES = DeployRequest(
    service=values.WEB, revision=values.revision(OURS), preflight=False, budget=WholeBudget(seconds=20)
)
GOES_BACK = replace(LEAVES, on_failure=OnFailure.ROLLBACK)
STOPS = replace(LEAVES, on_failure=OnFailure.STOP)
LOOKS_FAIL = ("throttled", "expired", "denied", "missing")
_FEW_FAIL = ("denied", "missing")
ON_SIGNAL = replace(LEAVES, on_interrupt=OnInterrupt.ROLLBACK)

_DENIED = ", and records are denied"
_SHIFTS = Rules(desired=1, shifts=True)
_OTHERS = Rules(desired=1, scales=True, deletes=True, stops=True)

SMALL = (
    Case("ECS takes it back", Rules(desired=1, breaker="rollback"), LEAVES),
    Case("ECS only fails it", Rules(desired=1, breaker="fail"), LEAVES),
    Case("we take it back", Rules(desired=1), GOES_BACK, moves=1),
    Case("ECS and we take it back", Rules(desired=1, breaker="rollback"), GOES_BACK, moves=1),
    Case("we stop it", Rules(desired=1), STOPS, moves=1),
    Case("others deploy", Rules(desired=1, writers=2), LEAVES),
    Case(f"others deploy{_DENIED}", Rules(desired=1, writers=2), LEAVES, readable=False),
    Case("others deploy while we go back", Rules(desired=1, writers=1), GOES_BACK, moves=1),
    Case(f"others deploy while we go back{_DENIED}", Rules(desired=1, writers=2), GOES_BACK, readable=False, moves=1),
    Case("traffic is shifted", _SHIFTS._replace(alarms=True, pauses=True), LEAVES, moves=1),
    Case("traffic is shifted, and we go back", _SHIFTS, GOES_BACK, moves=1),
    Case("a signal comes", Rules(desired=2, writers=1), ON_SIGNAL, moves=1, signals=True),
    Case("reads lag", Rules(desired=1), LEAVES, lags=True, moves=1),
    Case("reads lag while we go back", Rules(desired=1, fails=False), GOES_BACK, lags=True, moves=1),
    Case("looks fail", Rules(desired=1, fails=False), LEAVES, failing=_FEW_FAIL, moves=1),
    Case("others scale, stop and delete", _OTHERS, LEAVES, moves=1),
    Case("others scale, stop and delete while we go back", _OTHERS, GOES_BACK, moves=1),
    Case("replies are lost", Rules(desired=1, writers=2, fails=False), GOES_BACK, moves=1, strays=4),
)
"""What CI explores: one or two tasks are enough for most of what can go wrong."""

_LARGE = (
    Case("looks fail in each way", Rules(desired=1, fails=False), LEAVES, failing=LOOKS_FAIL, moves=1),
    Case("looks fail while we go back", Rules(desired=1), GOES_BACK, failing=LOOKS_FAIL, moves=1),
)
WHOLE = tuple(
    case._replace(rules=case.rules._replace(desired=desired), moves=moves, lags=True)
    for desired, moves in ((2, 2), (3, 1))
    for case in (*SMALL, *_LARGE)
)
"""What is explored now and then: two and three tasks, and reads that lag in every case."""
SIZES = {"small": SMALL, "whole": WHOLE}
