"""The first event of a run: what it will do."""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.difference import Difference
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.request import WaitUntil
from ecsdeploy.model.steps import Finding, Setting, Usual
from ecsdeploy.model.values import value


@value(frozen=True, slots=True, kw_only=True)
class Planned:
    """What will be done; nothing has been written yet. It is told again where a wait for another deployment changes it.

    `requested` is the image (or the tag) that was asked for; `steps` names what follows: `register`, `before`,
    `update`, `force`, `run`, `after`. `until` is how far it will be followed.
    """

    place: Place
    base: str
    requested: str
    changes: tuple[ImageChange, ...]
    steps: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    held: tuple[Finding, ...] = ()
    """The checks that found nothing, with what they looked at."""
    until: WaitUntil = WaitUntil.COMPLETE
    target: str = ""
    """The existing revision that is deployed as it is, where none is registered."""
    compared: str = ""
    """The revision that `differences` are from: the one that runs; empty where there is none to compare."""
    containers: tuple[str, ...] = ()
    """All of the new definition, where it was compared."""
    differences: tuple[Difference, ...] = ()
    resized: tuple[Difference, ...] = ()
    """What changes of the service's own configuration."""
    setting: Setting | None = None
    usual: Usual | None = None
    """None where no release has succeeded yet, or where we may not read them."""
    back: str = ""
    """The revision that a release which fails goes back to; empty where none is known to be good."""
    appspec: tuple[str, ...] = ()
    """The lines of what CodeDeploy is sent, with a stand-in for a revision that is yet to be registered."""
    before: str = ""
    """The revision of the task that goes before, where it is of another family; `after` likewise."""
    after: str = ""
    released: datetime | None = None
    """When `target` was released before, if that is known."""
