"""Who the caller is: STS GetCallerIdentity, which needs no neighbour."""

from __future__ import annotations

from ecsdeploy.sim.codec.wire import element
from ecsdeploy.sim.ground.ids import ACCOUNT, CALLER

STS = "https://sts.amazonaws.com/doc/2011-06-15/"


def caller_identity() -> str:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
    return element("Arn", CALLER) + element("UserId", "AIDASIMULATOREXAMPLE1") + element("Account", ACCOUNT)
