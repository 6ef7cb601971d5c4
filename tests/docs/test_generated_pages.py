"""Reference pages say what the code says."""

import pytest

from tools.generate_docs import PAGES, Page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_page_is_what_the_code_says(page: Page) -> None:
    assert page.path.exists(), f"{page.name} is missing: run `make docs`"
    assert page.path.read_text(encoding="utf-8") == page.text(), f"{page.name} is stale: run `make docs`"
