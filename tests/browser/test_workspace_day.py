"""A day in the workspace, as a customer, experts and staff live it in browsers of their own."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Someone, number_of
from tests.browser.running import Running

pytestmark = pytest.mark.browser

GOOD_ANSWER = "Grind a little finer: sour means that the water ran through too fast. Aim for 25 to 30 seconds."
BETTER_ANSWER = "Grind two steps finer and keep the dose. A shot should take 25 to 30 seconds; then taste it again."


def card(page: Page, number: str) -> Locator:
    """The question's card in the channel."""
    return page.locator(".g-main .g-slot", has=page.locator(".g-title-first", has_text=number)).first


def thread(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Thread")


def writes_answer(page: Page, number: str, text: str) -> None:
    card(page, number).locator(".g-card").first.get_by_role("button", name="Answer", exact=True).click()
    form = page.get_by_role("form", name=f"Answer {number}")
    form.get_by_label("Your answer to the customer").fill(text)
    form.get_by_role("button", name="Send to customer").click()
    expect(form).to_have_count(0)


def test_a_question_is_answered_and_paid(crew: Someone, customer: Someone) -> None:
    ana = crew("Ana, journeyman", "c/brewing")
    asker = customer("My espresso is sour since I changed the beans. What should I change first?")
    number = number_of(asker)

    expect(card(ana, number)).to_contain_text("$1.40 to you")
    card(ana, number).get_by_role("button", name="Claim").click()
    expect(card(ana, number)).to_contain_text("Ana has it until")
    expect(card(ana, number).locator(".g-aside")).to_contain_text("Only you can see this")
    expect(asker.locator("body")).to_contain_text("Ana")

    writes_answer(ana, number, GOOD_ANSWER)
    expect(card(ana, number)).to_contain_text("goes to the customer")
    card(ana, number).locator(".g-card").first.get_by_role("button", name="Undo").click()
    expect(card(ana, number)).to_contain_text("Ana has it until")
    expect(asker.locator("body")).not_to_contain_text("Grind a little finer")

    # What was taken back is the draft again; the better text goes out by itself when its time has come.
    card(ana, number).locator(".g-card").first.get_by_role("button", name="Answer", exact=True).click()
    field = ana.get_by_label("Your answer to the customer")
    expect(field).to_have_value(GOOD_ANSWER)
    field.fill(BETTER_ANSWER)
    ana.get_by_role("form").get_by_role("button", name="Send to customer").click()
    expect(card(ana, number)).to_contain_text("reached the customer")
    expect(asker.locator("body")).to_contain_text("Grind two steps finer")

    asker.get_by_role("button", name="Yes, solved").click()
    expect(card(ana, number)).to_contain_text("solved by Ana")
    ana.get_by_role("link", name="My desk").click()
    tile = ana.locator(".g-tile", has_text="Pending")
    expect(tile).to_contain_text("$1.40")
    expect(ana.locator(".g-table")).to_contain_text(number)


def test_who_is_second_is_told_by_whom_and_keeps_the_draft(crew: Someone, customer: Someone) -> None:
    ana, ben = crew("Ana, journeyman", "c/brewing"), crew("Ben, journeyman", "c/brewing")
    number = number_of(customer("How often should the brew group be taken out and rinsed?"))

    for page in (ana, ben):
        card(page, number).get_by_role("button", name=f"Thread of {number}").click()
    field = thread(ben).get_by_label(f"Write about {number}")
    field.fill(GOOD_ANSWER)
    card(ana, number).get_by_role("button", name="Claim").click()
    expect(card(ben, number)).to_contain_text("Ana has it until")

    thread(ben).get_by_role("button", name="Send to customer").click()
    aside = thread(ben).locator(".g-aside")
    expect(aside).to_contain_text("Ana")
    expect(aside).to_contain_text("draft is kept")
    expect(aside).to_contain_text("Only you can see this")
    expect(field).to_have_value(GOOD_ANSWER)
    assert GOOD_ANSWER not in ana.content()
    ben.get_by_role("link", name="My desk").click()
    expect(ben.locator("section[aria-label=Drafts]")).to_contain_text("Grind a little finer")


def test_two_press_claim_at_once_and_one_has_it(crew: Someone, customer: Someone) -> None:
    ana, ben = crew("Ana, journeyman", "c/brewing"), crew("Ben, journeyman", "c/brewing")
    number = number_of(customer("Can I use distilled water in the Fern Duo, or does it need minerals?"))
    buttons = [card(each, number).get_by_role("button", name="Claim") for each in (ana, ben)]
    pressed = [button.element_handle() for button in buttons]
    for button in pressed:
        button.dispatch_event("click")
    holder = re.compile(r"(Ana|Ben) has it until")
    expect(card(ana, number)).to_contain_text(holder)
    expect(card(ben, number)).to_contain_text(holder)
    said = {each: card(each, number).locator(".g-aside").inner_text() for each in (ana, ben)}
    won = [each for each, text in said.items() if "is yours until" in text]
    assert len(won) == 1, said
    loser, winner = (ben, "Ana") if won == [ana] else (ana, "Ben")
    assert winner in said[loser]


def test_an_old_button_says_what_has_happened_since(crew: Someone, customer: Someone) -> None:
    ana = crew("Ana, journeyman", "c/brewing")
    number = number_of(customer("Why does the steam wand drip for a minute after I used it?"))
    card(ana, number).get_by_role("button", name="Claim").click()
    aside = card(ana, number).locator(".g-aside")
    expect(aside).to_contain_text("is yours until")
    card(ana, number).locator(".g-card").first.get_by_role("button", name="Release").click()
    expect(card(ana, number).locator(".g-card").first.get_by_role("button", name="Claim")).to_be_visible()

    ben = crew("Ben, journeyman", "c/brewing")
    card(ben, number).get_by_role("button", name="Claim").click()
    expect(card(ana, number)).to_contain_text("Ben has it until")
    ana.get_by_role("textbox", name="Command").fill(f"claim {number}")
    ana.get_by_role("textbox", name="Command").press("Enter")
    expect(ana.locator(".g-say .g-aside")).to_contain_text("Ben")


def test_talk_reaches_nobody_until_it_is_said_for_whom(crew: Someone, customer: Someone) -> None:
    ana, ben = crew("Ana, journeyman", "c/brewing"), crew("Ben, journeyman", "c/brewing")
    asker = customer("My grinder makes a high sound with light roasts only. Is it broken?")
    number = number_of(asker)
    card(ana, number).get_by_role("button", name="Claim").click()
    for page in (ana, ben):
        card(page, number).get_by_role("button", name=f"Thread of {number}").click()
        expect(thread(page)).to_contain_text("My grinder makes a high sound")

    field = thread(ana).get_by_label(f"Write about {number}")
    field.fill("Note that light roasts are harder, so the motor runs higher.")
    field.press("Enter")
    expect(thread(ana)).to_contain_text("Nothing was sent.")
    expect(field).to_have_value("Note that light roasts are harder, so the motor runs higher.")
    thread(ana).get_by_role("button", name="Leave it as a note").click()
    expect(thread(ben)).to_contain_text("light roasts are harder")
    expect(field).to_have_value("")

    field.fill("It is not broken: light roasts are harder, and the motor works more. Grind them a step coarser.")
    thread(ana).get_by_role("button", name="Send to customer").click()
    expect(thread(ana)).to_contain_text("goes to the customer")
    thread(ana).locator(".g-card").first.get_by_role("button", name="Send now").click()
    expect(asker.locator("body")).to_contain_text("It is not broken")
    expect(asker.locator("body")).not_to_contain_text("Note that light roasts")
    expect(thread(ben)).to_contain_text("It is not broken")

    ana.reload()
    expect(thread(ana)).to_contain_text("It is not broken")


def test_only_staff_come_to_the_staff_channel(crew: Someone, customer: Someone, program: Running) -> None:
    greta, ana = crew("Greta, staff", "inbox"), crew("Ana, journeyman")
    asker = customer("My card 4111 1111 1111 1111 was charged twice for one order of filters.", "orders")
    number = number_of(asker)
    expect(greta.locator(".g-row", has_text=number)).to_be_visible()
    greta.get_by_role("link", name=number).click()
    expect(thread(greta)).to_contain_text("charged twice")
    thread(greta).get_by_role("button", name="Admit").click()

    for path in ("c/staff", "inbox", f"inbox?thread={number}", f"c/staff?thread={number}"):
        ana.goto(program.workspace + path)
        expect(ana.get_by_role("navigation", name="Workspace")).to_be_attached()
        expect(thread(ana)).to_be_hidden()
        assert "charged twice" not in ana.content()
    ana.goto(program.workspace + "c/orders")
    expect(card(ana, number)).to_contain_text("Private")
    assert "4111" not in ana.content()
    card(ana, number).get_by_role("button", name="Claim").click()
    expect(card(ana, number).locator(".g-aside")).to_contain_text("charged twice")
    assert "4111" not in ana.content()


def test_what_is_new_elsewhere_has_a_dot(crew: Someone, customer: Someone) -> None:
    ana = crew("Ana, journeyman", "desk")
    channel = ana.get_by_role("link", name="Brewing and taste")
    channel.click()
    expect(channel.locator(".g-dot")).to_be_hidden()
    ana.get_by_role("link", name="My desk").click()
    expect(ana.get_by_text("Earnings")).to_be_visible()  # whoever still looks at the channel has seen it
    customer("Which filter fits the Fern Solo from 2019, the long one or the short one?")
    expect(channel.locator(".g-dot")).to_be_visible()
    channel.click()
    expect(channel.locator(".g-dot")).to_be_hidden()
