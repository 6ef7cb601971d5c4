"""The option, command or setting that was probably meant."""

from __future__ import annotations

from ecsdeploy.model.nearest import did_you_mean

__all__ = ["did_you_mean"]
