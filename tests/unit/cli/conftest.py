"""Every test here talks to a stand-in of the API: nothing is contacted."""

from __future__ import annotations

import pytest

from tests.unit.cli.builders import Api


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    return Api().install(monkeypatch)
