"""What holds for every screen, whatever it shows."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"


def assert_accessible(page: Page) -> None:
    """Axe finds nothing."""
    # Through evaluate, not as a script element: the page's content security policy stays as it is.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    # With what was found as the message: pytest rewrites asserts in test files only.
    rules = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]
    assert not rules, rules


def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "something is wider than the window"


def check(page: Page) -> None:
    """Both."""
    assert_accessible(page)
    assert_fits(page)
