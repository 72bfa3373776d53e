"""The customer's pages in a browser without scripts: asking, the private page, and coming back to it."""

import re
from pathlib import Path

import pytest

from bot.model import Rank, State
from bot.policy import Policy
from tests.adapters.site import ANSWER, TEXT, Site, a_site, question_at

# --- asking ------------------------------------------------------------------------------------------------------


async def test_who_answers_and_what_they_see_is_said_before_asking(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/")
    assert "Experts are not Acme employees, may earn a small reward, and cannot see your account." in ann.text
    assert "please leave out passwords" in ann.text
    assert "Acme staff, please: by 14:00 today" in ann.text  # Monday noon and two hours that staff are there


async def test_experts_view_is_shown_before_anything_is_asked(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    text = "I am Ann Marsh, my phone +44 20 7946 0958 gets no code, write to ann@nest.example please."
    await ann.sends("/ask", {"do": "preview"}, text=text, name="Ann Marsh", email="ann@nest.example")
    shown = re.search(r'<blockquote class="words">(.*?)</blockquote>', ann.html, re.DOTALL)
    assert shown
    for hidden in ("Marsh", "7946", "ann@nest.example"):
        assert hidden not in shown[1]
    assert "<mark>&lt;email-1&gt;</mark>" in shown[1]
    assert (await site.world.app.views.questions()).rows == []
    await ann.sends("/ask", {"do": "edit"})
    assert ann.form("/ask")["text"] == text
    assert 'value="Ann Marsh"' in ann.html
    await ann.sends("/ask", {"do": "preview"}, text=text, name="Ann Marsh", email="ann@nest.example")
    await ann.sends("/ask", {"do": "ask"})
    question = (await site.world.app.views.questions()).rows[0]
    message = (await site.world.app.views.facts(question.id, now=site.world.now)).messages[1]
    assert message.shown_text == re.sub(r"<[^>]+>", "", shown[1]).replace("&lt;", "<").replace("&gt;", ">")


async def test_a_card_number_is_pointed_out_and_staff_look_first(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    await ann.sends("/ask", {"do": "preview"}, text="My card 4111 1111 1111 1111 was charged twice, why is that?")
    assert "Staff look at your question before any expert does" in ann.text
    await ann.sends("/ask", {"do": "ask"})
    assert await site.world.state(question_at(ann.path)) is State.HELD


async def test_the_same_form_twice_is_one_question(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    await ann.sends("/ask", {"do": "preview"}, text=TEXT)
    fields = {**ann.form("/ask"), "do": "ask"}
    first = await ann.client.post("/ask", data=fields)
    second = await ann.client.post("/ask", data=fields)
    assert first.url == second.url
    assert len((await site.world.app.views.questions()).rows) == 1
    await ann.asks(TEXT)
    assert len((await site.world.app.views.questions()).rows) == 2


async def test_staff_can_be_asked_for_at_once(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    await ann.sends("/ask", {"do": "staff"}, text=TEXT)
    assert await site.world.state(question_at(ann.path)) is State.ESCALATED
    assert "Acme staff have your question" in ann.text


async def test_the_chosen_category_is_the_questions(site: Site) -> None:
    await site.world.category("cars", title="Cars & vans")
    ann = site.browser()
    await ann.opens("/ask?category=cars")
    assert '<option value="cars" selected>Cars &amp; vans</option>' in ann.html
    path = await ann.asks(TEXT, category="cars")
    assert (await site.world.question(question_at(path))).category == "cars"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("Help", "a little short"), ("a " * 20_000, "20,000"), ("", "")],
)
async def test_what_cannot_be_asked_stays_in_the_form(site: Site, text: str, sentence: str) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    await ann.sends("/ask", {"do": "ask"}, text=text, name="Ann")
    assert ann.page is not None
    assert ann.page.status_code == 422
    assert re.search(sentence, ann.text)
    assert ann.form("/ask")["text"].strip() == text.strip()
    assert (await site.world.app.views.questions()).rows == []


async def test_a_preview_while_writing_needs_the_form_it_belongs_to(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/ask")
    fields = {**ann.form("/ask"), "text": "My address is ann@nest.example and nothing comes."}
    shown = await ann.client.post("/ask/preview", data=fields)
    assert "<mark>&lt;email-1&gt;</mark>" in shown.text
    assert (await ann.client.post("/ask/preview", data={**fields, "form_token": "x"})).status_code == 403


# --- the private page --------------------------------------------------------------------------------------------


async def test_the_page_follows_its_question_and_never_shows_a_text_too_early(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = site.browser()
    path = await ann.asks()
    question = question_at(path)
    assert "Your question is with our experts" in ann.text
    assert TEXT in ann.text

    await bo.says("claim", question)
    await ann.opens(path)
    assert "bo is reading your question" in ann.text

    await bo.says("note I think it is the new phone.", question)
    await bo.says(f"answer {ANSWER}", question)
    await ann.opens(path)
    assert "new phone." not in ann.text
    assert ANSWER not in ann.text
    await site.world.passes(seconds=19)
    await ann.opens(path)
    assert ANSWER not in ann.text
    await site.world.passes(seconds=1)
    await ann.opens(path)
    assert ANSWER in ann.text
    assert "bo answered your question" in ann.text
    assert "not an employee of Acme" in ann.text

    await ann.sends(f"{path}/verdict", {"choice": "helped"})
    assert ann.path == path
    assert "Thank you for telling us!" in ann.text
    assert "Not solved after all?" in ann.text
    assert await bo.earned() == 140
    await ann.opens(path)
    assert "Thank you for telling us!" not in ann.text, "it is said once"


async def test_what_was_undone_never_shows(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = site.browser()
    path = await ann.asks()
    await bo.says("claim", question_at(path))
    await bo.says(f"answer {ANSWER}", question_at(path))
    await bo.says("undo", question_at(path))
    await site.world.passes(minutes=1)
    await ann.opens(path)
    assert ANSWER not in ann.html


@pytest.mark.parametrize(
    ("complaint", "state", "headline"),
    [
        ("did-not-work", State.CLAIMED, "bo is looking at it again"),
        ("not-understood", State.CLAIMED, "bo is looking at it again"),
        ("other-topic", State.CLAIMED, "bo is looking at it again"),
        ("someone-else", State.OPEN, "We are looking for somebody else"),
    ],
)
async def test_not_yet_has_four_ways(site: Site, complaint: str, state: State, headline: str) -> None:
    await site.world.expert("bo")
    ann = site.browser()
    path = await ann.asks()
    await site.answered(question_at(path), "bo")
    await ann.opens(path)
    await ann.sends(f"{path}/verdict", {"choice": "not-yet"}, answer="2", complaint=complaint, text="Still no code.")
    assert await site.world.state(question_at(path)) is state
    assert headline in ann.text
    assert "Still no code." in ann.text


async def test_a_verdict_on_an_old_page_credits_nobody_else(site: Site) -> None:
    bo, cy = await site.world.expert("bo"), await site.world.expert("cy")
    ann, late = site.browser(), site.browser()
    path = await ann.asks()
    await site.answered(question_at(path), "bo")
    await late.opens(path)
    await ann.opens(path)
    await ann.sends(f"{path}/verdict", {"choice": "not-yet"}, answer="2", complaint="someone-else")
    await site.answered(question_at(path), "cy", "Ask your operator to let short messages through again, please.")
    await late.sends(f"{path}/verdict", {"choice": "helped"})
    assert late.page is not None
    assert late.page.status_code == 409
    assert "Ask your operator" in late.text, "the page shows how it stands now"
    assert await bo.earned() == await cy.earned() == 0


async def test_links_in_messages_only_mark_a_choice(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = site.browser()
    path = await ann.asks()
    await site.answered(question_at(path), "bo")
    for choice, marked in (("helped", "Press once more"), ("not-yet", "Say what is wrong"), ("staff-please", "staff")):
        await ann.opens(f"{path}?choice={choice}")
        assert marked in ann.text
        assert await site.world.state(question_at(path)) is State.ANSWERED
    await ann.opens(f"{path}?choice=<script>")
    assert "<script>" not in ann.html.replace('<script src="/static/', "")
    assert await bo.earned() == 0


async def test_replies_reach_the_expert_once_and_withdrawing_ends_it(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = site.browser()
    path = await ann.asks()
    await bo.says("claim", question_at(path))
    await ann.opens(path)
    fields = {**ann.form(f"{path}/reply"), "text": "It is an Android phone."}
    for _ in range(2):
        await ann.client.post(f"{path}/reply", data=fields)
    await ann.opens(path)
    assert ann.text.count("It is an Android phone.") == 1
    await ann.sends(f"{path}/reply", text="   ")
    assert ann.page is not None
    assert ann.page.status_code == 409
    await ann.opens(path)
    await ann.sends(f"{path}/withdraw")
    assert await site.world.state(question_at(path)) is State.CLOSED


async def test_a_question_back_is_answered_on_the_page(site: Site) -> None:
    bo = await site.world.expert("bo")
    ann = site.browser()
    path = await ann.asks()
    await bo.says("claim", question_at(path))
    await bo.says("clarify Which phone did you have before, and does it still work?", question_at(path))
    await ann.opens(path)
    assert "Which phone" not in ann.text
    await site.world.passes(seconds=21)
    await ann.opens(path)
    assert "bo has a question for you" in ann.text
    assert "Your reply" in ann.text
    await ann.sends(f"{path}/reply", text="An old one with an apple on it.")
    assert await site.world.state(question_at(path)) is State.CLAIMED


async def test_a_text_that_was_redacted_is_gone_from_the_page(site: Site) -> None:
    ada = await site.world.staff("ada")
    ann = site.browser()
    path = await ann.asks("My password is hunter2hunter2 and I cannot sign in since Tuesday.")
    await ada.says("redact 1", question_at(path))
    await ann.opens(path)
    assert "hunter2" not in ann.html
    assert "This text was removed." in ann.text


async def test_a_review_is_not_visible_before_it_is_approved(site: Site) -> None:
    app, bo = await site.world.expert("app", Rank.APPRENTICE), await site.world.expert("bo", Rank.MASTER)
    ann = site.browser()
    path = await ann.asks()
    await app.says("claim", question_at(path))
    await app.says(f"answer {ANSWER}", question_at(path))
    await site.world.passes(minutes=1)
    await ann.opens(path)
    assert ANSWER not in ann.html
    await bo.says("approve", question_at(path))
    await site.world.passes(seconds=21)
    await ann.opens(path)
    assert ANSWER in ann.text


async def test_waits_are_said_only_when_enough_people_waited(site: Site) -> None:
    await site.world.expert("bo")
    for each in range(5):
        other = site.browser()
        path = await other.asks(f"How do I change my setting number {each}?")
        if each == 4:
            assert "usually takes" not in other.text
        await site.world.passes(minutes=each)
        await site.answered(question_at(path), "bo")
    ann = site.browser()
    await ann.opens("/ask")
    assert "usually within 2 minutes" in ann.text
    await ann.asks()
    assert "Just now an answer usually takes 2 min; the longest of the last hour took 4 min." in ann.text


# --- coming back -------------------------------------------------------------------------------------------------


async def test_an_address_opens_one_question_and_nothing_opens_without(site: Site) -> None:
    ann = site.browser()
    first, second = await ann.asks(), await ann.asks("Where do I find my invoices of last year?")
    stranger = site.browser()
    await stranger.opens(first)
    assert TEXT in stranger.text
    number, token = first.split("/")[2:]
    other = second.split("/")[2]
    for wrong in (f"/q/{other}/{token}", f"/q/{number}/{token[:-1]}", f"/q/{number}/{token}x", f"/q/QZZZ/{token}"):
        await stranger.opens(wrong)
        assert stranger.page is not None
        assert stranger.page.status_code == 404
        assert TEXT not in stranger.text
        assert "This address opens no question" in stranger.text
    assert re.fullmatch(r"[\w-]{43}", token), "256 bits"


async def test_a_page_closes_a_month_after_its_question_was_over(tmp_path: Path) -> None:
    async with a_site(tmp_path, policy=Policy(link_days=30)) as site:
        await site.world.expert("bo")
        ann = site.browser()
        path = await ann.asks()
        await site.answered(question_at(path), "bo")
        await ann.opens(path)
        await ann.sends(f"{path}/verdict", {"choice": "helped"})
        await site.world.passes(days=29)
        assert (await ann.opens(path)).status_code == 200
        await site.world.passes(days=2)
        assert (await ann.opens(path)).status_code == 410
        assert "ask a new question" in ann.text
        assert TEXT not in ann.html
        await ann.opens("/links")
        assert path not in ann.html


async def test_my_questions_are_those_of_this_browser(site: Site) -> None:
    ann, eve = site.browser(), site.browser()
    path = await ann.asks()
    await ann.opens("/links")
    assert f'href="{path}"' in ann.html
    await eve.opens("/links")
    assert path not in eve.html
    assert "No question was asked from this browser yet." in eve.text
    eve.client.cookies.set("guildhall_customer", f"{ann.client.cookies['guildhall_customer'].split('.')[0]}.forged")
    await eve.opens("/links")
    assert path not in eve.html


async def test_without_e_mail_it_is_said_that_no_links_can_be_sent(site: Site) -> None:
    ann = site.browser()
    await ann.opens("/links")
    assert "Acme has not set up e-mail here" in ann.text
    assert 'name="email"' not in ann.html


async def test_links_go_to_their_address_and_nobody_learns_whose_it_is(tmp_path: Path) -> None:
    mailed: list[str] = []

    async def mail_links(address: str) -> None:
        mailed.append(address)

    async with a_site(tmp_path, mail_links=mail_links) as site:
        ann = site.browser()
        await ann.asks(TEXT, email="ann@nest.example")
        told = []
        for address in ("ann@nest.example", "nobody@nest.example"):
            await ann.opens("/links")
            await ann.sends("/links", email=address)
            assert "If we know that address, its links are on their way to it." in ann.text
            told.append(ann.html)
        assert told[0] == told[1]
        assert mailed == ["ann@nest.example", "nobody@nest.example"]
