"""What decides at the pause after test traffic whether a release goes on."""

from __future__ import annotations

from dataclasses import field

from ecsdeploy.model.values import value

AFTER_TEST = "POST_TEST_TRAFFIC_SHIFT"
"""The stage in which the new revision has all test traffic, and no production traffic."""
DEFAULT_SMOKE_SECONDS = 600.0


@value(frozen=True, slots=True, kw_only=True)
class PauseGate:
    """At the pause after test traffic, run `smoke` on this machine, and ask for approval; only then go on.

    If the smoke test fails or the approval is denied, ECS is told to roll back.
    """

    smoke: tuple[str, ...] = field(default=(), repr=False)
    """The words of a program to run, without a shell; empty for none."""
    smoke_seconds: float = DEFAULT_SMOKE_SECONDS
    approve: bool = False
    """Ask whoever can be asked, after the smoke test if there is one."""
    adds_pause: bool = False
    """Give the service the pause for this release, if it has none."""
