"""What becomes of a service whose release is taken back with that of others."""

from __future__ import annotations

from ecsdeploy.engine.run import Run
from ecsdeploy.model.outcome import Cause, Phase, Status, Verdict
from ecsdeploy.model.values import replace

CODE = "E-TAKEN-BACK"


def taken_back(run: Run, why: str, phase: Phase) -> Verdict:
    """The failure that it counts as, so that it goes back as after any other; `why` is kept as its cause."""
    run.progress = replace(run.progress, causes=(Cause(code=CODE, summary=why),))
    return Verdict(status=Status.FAILED, reason=why, phase=phase, serving=run.progress.to_revision)
