"""Watches our deployment, then what follows it, one watch after another, to the outcome."""

from __future__ import annotations

from ecsdeploy.engine.controllers.deployer import deployer_of
from ecsdeploy.engine.follow.poller import NextWatch, Watcher
from ecsdeploy.engine.run import Run
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Outcome


def follow_through(run: Run, ref: ServiceRef, begun: NextWatch | Outcome) -> Outcome:
    """Carry out the watch `begun`, and each watch that follows it. Returns the outcome at the end."""
    found = begun
    while isinstance(found, NextWatch):
        looker = deployer_of(run.progress.controller).looker(run, ref, found.definition)
        watcher = Watcher(run=run, ref=ref, looker=looker, answer=found.answer, gate=found.gate)
        found = found.then(watcher.follow(found.state))
    return found
