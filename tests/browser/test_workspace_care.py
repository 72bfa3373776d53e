"""The workspace with care: hostile texts, a keyboard alone, a phone, and eyes that need contrast."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Someone, number_of
from tests.browser.test_workspace_day import GOOD_ANSWER, card, thread

pytestmark = pytest.mark.browser

HOSTILE = (
    '<img src=x onerror="window.stung=1"><script>window.stung=1</script> {{ 7 * 7 }} ${7*7} `${window.stung=1}` '
    "**bold** [press me](javascript:window.stung=1) </script></textarea> @everyone <a href='//evil.test'>here</a>"
)
TABS_MAX = 80


def tabs_to(page: Page, name: str, inside: str) -> None:
    """Presses Tab until a button of this name, inside this, has the focus."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate(
            "([name, inside]) => document.activeElement.textContent.trim() === name"
            " && document.activeElement.closest(inside) !== null",
            [name, inside],
        ):
            return
    raise AssertionError(f"{name} cannot be reached with the keyboard")


def test_hostile_words_stay_words(crew: Someone, customer: Someone) -> None:
    ana = crew("Ana, journeyman", "c/brewing")
    asker = customer(f"Please read all of this, it is my question. {HOSTILE}")
    number = number_of(asker)
    expect(card(ana, number).locator(".g-words").first).to_contain_text("{{ 7 * 7 }} ${7*7}")
    card(ana, number).get_by_role("button", name="Claim").click()
    card(ana, number).get_by_role("button", name=f"Thread of {number}").click()
    field = thread(ana).get_by_label(f"Write about {number}")
    field.fill(f"A note of my own. {HOSTILE}")
    thread(ana).get_by_role("button", name="Leave it as a note").click()
    expect(thread(ana).locator(".g-list")).to_contain_text("<script>window.stung=1</script>")
    ana.reload()
    expect(thread(ana).locator(".g-list")).to_contain_text("<script>window.stung=1</script>")
    card(ana, number).locator(".g-card").first.get_by_role("button", name="Answer", exact=True).click()
    expect(ana.get_by_role("form").locator(".g-quote")).to_contain_text("{{ 7 * 7 }}")
    assert ana.evaluate("window.stung") is None
    assert ana.locator(".g-words img, .g-words a, .g-words b, .g-words script").count() == 0


def test_the_keyboard_is_enough(crew: Someone, customer: Someone) -> None:
    ana = crew("Ana, journeyman", "c/brewing")
    number = number_of(customer("How do I descale the machine when the light stays on after it?"))
    expect(card(ana, number)).to_be_visible()
    card(ana, number).locator(".g-card").first.evaluate("each => each.setAttribute('id', 'the-card')")
    tabs_to(ana, "Claim", "#the-card")
    ana.keyboard.press("Enter")
    expect(card(ana, number)).to_contain_text("Ana has it until")

    tabs_to(ana, "Answer", "#the-card")
    ana.keyboard.press("Enter")
    form = ana.get_by_role("form", name=f"Answer {number}")
    expect(form.get_by_label("Your answer to the customer")).to_be_focused()
    ana.keyboard.type("Too short.")
    ana.keyboard.press("Control+Enter")
    expect(form).to_contain_text("A little longer, please")
    ana.keyboard.press("Escape")
    expect(form).to_have_count(0)

    tabs_to(ana, "Answer", "#the-card")
    ana.keyboard.press("Enter")
    expect(form.get_by_label("Your answer to the customer")).to_have_value("Too short.")
    expect(form.get_by_label("Your answer to the customer")).to_be_focused()
    ana.keyboard.press("Control+A")
    ana.keyboard.type(GOOD_ANSWER)
    expect(form.locator(".g-preview")).to_contain_text("What the customer gets")
    ana.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    expect(card(ana, number)).to_contain_text("goes to the customer")


def test_a_phone_is_enough(crew: Someone, customer: Someone) -> None:
    number = number_of(customer("The milk foam is too coarse. What am I doing wrong with the wand?"))
    ana = crew("Ana, journeyman", viewport=PHONE, has_touch=True, is_mobile=True)
    side = ana.get_by_role("navigation", name="Workspace")
    expect(side).to_be_hidden()
    ana.get_by_role("button", name="Menu").tap()
    side.get_by_role("link", name="Brewing and taste").tap()
    expect(side).to_be_hidden()
    card(ana, number).get_by_role("button", name="Claim").tap()
    expect(card(ana, number)).to_contain_text("Ana has it until")
    card(ana, number).get_by_role("button", name=f"Thread of {number}").tap()
    box = thread(ana).bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    thread(ana).get_by_label(f"Write about {number}").fill(GOOD_ANSWER)
    thread(ana).get_by_role("button", name="Send to customer").tap()
    expect(thread(ana)).to_contain_text("goes to the customer")
    ana.go_back()
    expect(thread(ana)).to_be_hidden()
    assert ana.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


# Contrast as WCAG 2 reckons it, for every piece of text on the page against what is really behind it.
FAINT = """() => {
  const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (c) => { const s = c.map(v => linear(v / 255));
                         return 0.2126 * s[0] + 0.7152 * s[1] + 0.0722 * s[2]; };
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (el) => { for (; el; el = el.parentElement) { const c = parts(getComputedStyle(el).backgroundColor);
                           if (c.length < 4 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
  const faint = [];
  for (const el of document.querySelectorAll('.g-app *')) {
    const own = [...el.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !el.checkVisibility() || el.closest('.g-unseen, .g-dot, .q-icon')) continue;
    const [a, b] = [light(parts(getComputedStyle(el).color).slice(0, 3)), light(behind(el))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${el.className}: ${el.textContent.slice(0, 40)}`);
  }
  return faint; }"""

NAMELESS = """() => [...document.querySelectorAll('button, a, input:not([type=hidden]), textarea')]
  .filter(el => el.checkVisibility() && !(el.getAttribute('aria-label') || el.textContent.trim()
          || (el.labels && el.labels.length)))
  .map(el => el.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_and_has_a_name(crew: Someone, customer: Someone, scheme: str) -> None:
    number = number_of(customer("The display shows E4 after the update. Does that mean the sensor?"))
    ana = crew("Ana, journeyman", "c/brewing", color_scheme=scheme)
    card(ana, number).get_by_role("button", name="Claim").click()
    expect(card(ana, number).locator(".g-aside")).to_be_visible()
    card(ana, number).get_by_role("button", name=f"Thread of {number}").click()
    expect(thread(ana)).to_contain_text("E4 after the update")
    for page_name in ("channel", "desk"):
        if page_name == "desk":
            ana.get_by_role("link", name="My desk").click()
            expect(ana.get_by_role("heading", name="Earnings")).to_be_visible()
        assert ana.evaluate(FAINT) == []
        assert ana.evaluate(NAMELESS) == []
