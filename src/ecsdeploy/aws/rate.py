"""How many calls we make a second, well under what AWS allows the account: others use the same allowance.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
"""

from __future__ import annotations

from collections.abc import Callable


class Rate:
    """Up to `burst` calls at once, and `per_second` more; `burst + per_second` at most within any second.

    `monotonic` is the clock, in seconds.
    """

    def __init__(self, burst: float, per_second: float, monotonic: Callable[[], float]) -> None:
        self._burst = burst
        self._per_second = per_second
        self._monotonic = monotonic
        self._left = burst
        self._since = monotonic()

    def take(self) -> bool:
        """Whether one more call may be made now."""
        now = self._monotonic()
        self._left = min(self._burst, self._left + (now - self._since) * self._per_second)
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
