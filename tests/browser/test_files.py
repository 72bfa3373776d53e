"""Files as people in browsers see them: a customer adds one and decides, an expert looks at it and sends one back."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Someone, number_of
from tests.browser.test_workspace_day import GOOD_ANSWER, card, thread
from tests.sample_files import archive, drawn

pytestmark = pytest.mark.browser


def png(name: str = "cup.png", text: str = "too sour") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": drawn(text)}


def loaded(page: Page, place: str) -> bool:
    """Whether the picture there is really drawn, once it has arrived."""
    arrives = "each => each.decode().then(() => each.naturalWidth > 0, () => false)"
    return bool(page.locator(f"{place} img").first.evaluate(arrives))


def test_a_picture_goes_there_and_another_comes_back(crew: Someone, customer: Someone) -> None:
    ana, greta = crew("Ana, journeyman", "c/brewing"), crew("Greta")
    asker = customer("My espresso tastes like this. What should I change first?")
    number = number_of(asker)
    asker.locator("#reply-text").fill("This is the cup.")
    asker.locator("#reply-files").set_input_files(
        [png(), {"name": "x.png", "mimeType": "image/png", "buffer": archive()}]
    )
    asker.locator("#reply button").click()
    expect(asker.locator(".told")).to_contain_text('"x.png" (ZIP archive) was not taken')
    expect(asker.locator(".file")).to_contain_text("cup.png")
    expect(asker.locator(".file")).to_contain_text("cannot see it yet")
    assert loaded(asker, ".file")

    card(ana, number).get_by_role("button", name="Claim").click()
    expect(asker.locator(".file")).to_contain_text("Ana cannot see it yet")
    ana.get_by_role("link", name="For you").click()
    asker.get_by_role("button", name="Send: cup.png").click()
    expect(asker.locator(".file")).to_contain_text("Ana can see it, and Fernwood staff.")
    expect(ana.locator(".g-file")).to_contain_text("cup.png")
    expect(ana.locator(".g-file img")).to_be_visible()
    assert loaded(ana, ".g-file")
    address = ana.locator(".g-file img").get_attribute("src")
    assert address
    assert ana.request.get(f"{ana.url.split('/workspace')[0]}{address}").status == 200
    assert asker.request.get(f"{ana.url.split('/workspace')[0]}{address}").status == 404
    assert greta.request.get(f"{ana.url.split('/workspace')[0]}{address}").status == 200

    ana.get_by_role("link", name="Brewing").click()
    card(ana, number).get_by_role("button", name=f"Thread of {number}").click()
    with ana.expect_file_chooser() as choosing:
        thread(ana).get_by_role("button", name="Attach a file").click()
    choosing.value.set_files([png("dial.png", "finer")])
    expect(thread(ana).locator(".g-attached")).to_contain_text("dial.png")
    thread(ana).get_by_label(f"Write about {number}").fill(GOOD_ANSWER)
    thread(ana).get_by_role("button", name="Send to customer").click()
    expect(thread(ana)).to_contain_text("1 file goes with it")
    expect(asker.locator("#conversation")).to_contain_text("dial.png")
    expect(asker.locator(".bubble.theirs .file img")).to_be_visible()
    assert loaded(asker, ".bubble.theirs .file")


def test_a_file_chosen_last_goes_along_with_the_question(customer: Someone) -> None:
    asker = customer("Why does my grinder smell burnt after ten minutes?")
    asker.goto(f"{asker.url.split('/q/')[0]}/ask")
    asker.locator("textarea").fill("The display of my machine shows E4 after the update.")
    expect(asker.locator("#preview")).to_be_visible()
    asker.locator("input[type=file]").set_input_files([png("display.png", "E4")])
    asker.locator("#send").click()
    expect(asker.locator(".file")).to_contain_text("display.png")
