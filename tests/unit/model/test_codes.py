"""Where a code is explained."""

import pytest

from ecsdeploy.model.codes import read_at

PLACES = {
    "E-CONTAINER-EXIT": "docs/reference/causes.md#e-container-exit",
    "C-BUSY": "docs/reference/checks.md#c-busy",
    "W-ASKED-AGAIN": "docs/reference/warnings.md#w-asked-again",
    "CannotPullContainerError": "",
    "": "",
}


@pytest.mark.parametrize(("code", "place"), PLACES.items())
def test_a_code_has_its_row_in_a_page_and_nothing_else_has(code: str, place: str) -> None:
    assert read_at(code) == place
