"""The page of an approval link in a real browser: keyboard, themes, and what a foreign page can't do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from looks import faint
from pages import House

from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror='window.hit=1'><script>window.hit=1</script> </pre>"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The pages, served."""
    made = House(tmp_path_factory.mktemp("house"))
    with made.server:
        yield made
    made.ledger.close()


@pytest.fixture
def opened(chromium: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """Opens a page; at the end nothing was asked of another server, and nothing complained."""
    strange: list[str] = []
    contexts = []

    def open_page(url: str, **given: object) -> Page:
        contexts.append(chromium.new_context(**given))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.on("console", lambda message: strange.append(message.text))
        page.on("request", lambda request: strange.append(request.url) if _foreign(request.url) else None)
        page.goto(url)
        return page

    def _foreign(url: str) -> bool:
        return not url.startswith((house.server.url, "data:"))

    yield open_page
    for context in contexts:
        context.close()
    assert strange == []


def test_a_person_decides_by_keyboard_alone(house: House, opened: Callable[..., Page]) -> None:
    """The first Tab leads past everything to the decision; Enter on Reject rejects with the reason."""
    row = house.ask_plan([f"bird {n}" for n in range(40)])
    page = opened(house.link(row))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Bo")
    page.keyboard.press("Tab")
    page.keyboard.type("too dear")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "Rejected" in page.locator("aside").inner_text()
    now = house.now(row)
    assert (now.state, now.decided_by, now.feedback) == (ApprovalState.REJECTED, "Bo", "too dear")


def test_a_name_is_asked_for_before_anything_is_posted(house: House, opened: Callable[..., Page]) -> None:
    """Without a name the browser itself points at the field."""
    row = house.ask_gate()
    page = opened(house.link(row))

    page.get_by_role("button", name="Approve").click()

    assert page.evaluate("document.activeElement.id") == "name"
    assert house.now(row).state is ApprovalState.PENDING


def test_nothing_of_a_row_is_live(house: House, opened: Callable[..., Page]) -> None:
    """Attack 1: a tag in a prompt or a template is text in a real browser as well."""
    page = opened(house.link(house.ask_plan([EVIL], template=EVIL)))

    assert EVIL in page.locator(".rows pre").inner_text()
    assert page.evaluate("window.hit") is None
    assert page.locator("img, script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_it_fits_and_can_be_read(house: House, opened: Callable[..., Page], width: int, scheme: str) -> None:
    """No sideways scrolling on a phone or at 200%, and 4.5:1 of contrast in both themes (WCAG 2.2, AA)."""
    row = house.ask_plan(["x" * 3_000, "bird \u202e", "gull"])
    page = opened(
        f"{house.link(row)}?find=gull", color_scheme=scheme, viewport={"width": width, "height": 800}
    )

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faint(page.locator("body")) == []


def test_every_field_and_button_has_a_name(house: House, opened: Callable[..., Page]) -> None:
    """What a screen reader says of the page: headings in order, and a name for each control."""
    page = opened(house.link(house.ask_plan(["bird"])))

    for role, name in (
        ("textbox", "Your name"),
        ("textbox", "Reason (kept with the decision)"),
        ("button", "Approve"),
        ("button", "Reject"),
        ("textbox", "Find in the prompts"),
        ("navigation", "Rows"),
        ("heading", "Your decision"),
        ("link", "To the decision"),
    ):
        assert page.get_by_role(role, name=name, exact=True).count() == 1, name  # type: ignore[arg-type]
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"


def test_attack_53_a_foreign_pages_form_decides_nothing(house: House, chromium: Browser) -> None:
    """A page of another origin that knows the link and the digest posts the form, and is refused."""
    row = house.ask_gate()
    page = chromium.new_page()
    fields = {"digest": row.digest, "decision": "approve", "name": "Evil"}
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    page.set_content(f'<form method="post" action="{house.link(row)}">{inputs}<button>go</button></form>')

    with page.expect_navigation() as navigation:
        page.get_by_role("button").click()

    assert navigation.value.status == 403
    assert house.now(row).state is ApprovalState.PENDING
    page.close()
