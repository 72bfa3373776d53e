"""Files in the gallery: the posts that show them, what the customer is asked, and why one was not taken."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.card import Card, Form
from bot.change import Outcome, Reason, Receipt
from bot.model import Attachment, Copy, FileId, Question, Sharing, State, StoredFile
from bot.ports import Facts
from bot.privacy.files import RefusedFile, Unfit
from bot.wording import reply
from bot.wording.files import form_with_files, reply_with_files
from tests.gallery import scenes as s
from tests.gallery.posts import told

Shown = tuple[str, Card | None]

SHOT = Attachment(number=1, message=1, author=s.ANN, media_type="image/png")
LOG = Attachment(number=2, message=2, author=s.ANN, media_type="text/plain")
HOW_TO = Attachment(number=3, message=4, author=s.ANA, media_type="image/jpeg")
GUIDE = Attachment(number=4, message=4, author=s.ANA, media_type="application/pdf")
NAMES = {1: "screenshot.png", 2: "app.log", 3: "menu.jpg", 4: "guide.pdf"}


def files() -> Iterator[Shown]:
    yield from _choices()
    yield from _readers()
    yield from _texts()
    yield from _became()


def filed(question: Question, *attachments: Attachment, **more: Any) -> Facts:
    """The facts with those files."""
    stored = tuple(copy for each in attachments if not each.removed for copy in _copies(each))
    return replace(s.facts(replace(question, files=attachments), **more), files=stored)


def _copies(each: Attachment) -> Iterator[StoredFile]:
    for copy in Copy if each.picture else (Copy.PLAIN,):
        yield StoredFile(
            id=FileId(each.number * 2 + (copy is Copy.BLURRED)),
            question=s.OPEN.id,
            number=each.number,
            message=each.message,
            copy=copy,
            name=NAMES[each.number],
            media_type=each.media_type,
            size_bytes=120_000,
            digest="",
        )


def _choices() -> Iterator[Shown]:
    for name, question in (("open", s.OPEN), ("claimed", s.CLAIMED)):
        for said in (None, *Sharing):
            shot, log = replace(SHOT, sharing=said), replace(LOG, sharing=said)
            more = {"person": s.ANN, "message": 1}
            facts = filed(question, shot, log)
            yield f"choice, {name}, picture, {said}", told("file-choice", facts, args={"file": 1}, **more)
            if said is not Sharing.BLUR:
                yield f"choice, {name}, file, {said}", told("file-choice", facts, args={"file": 2}, **more)
    gone = filed(s.OPEN, replace(SHOT, removed=True))
    yield "choice, removed meanwhile", told("file-choice", gone, person=s.ANN, args={"file": 1})
    receipt = Receipt(verb="show-file", question=s.OPEN.id, outcome=Outcome.DONE, actor=s.ANN)
    yield "chosen", reply(receipt, s.facts(s.OPEN))
    undone = Receipt(verb="undo", question=s.OPEN.id, outcome=Outcome.DONE, actor=s.ANA, message=4)
    yield "undone", reply(undone, s.facts(replace(s.CLAIMED, files=(replace(HOW_TO, removed=True),))))
    for reason in (Reason.NO_SUCH_FILE, Reason.NOT_A_PICTURE):
        refused = Receipt(verb="show-file", question=s.OPEN.id, reason=reason, actor=s.ANN)
        yield f"choice refused, {reason}", reply(refused, s.facts(s.OPEN))


def _readers() -> Iterator[Shown]:
    for said in (None, *Sharing):
        facts = filed(s.CLAIMED, replace(SHOT, sharing=said), replace(LOG, sharing=said))
        for number, kind in ((1, "picture"), (2, "file")):
            for copy in Copy:
                args: dict[str, str | int] = {"file": number, "copy": copy}
                yield f"{kind}, {said}, {copy}, holder", told("file", facts, person=s.ANA, args=args)
            args = {"file": number, "copy": "plain"}
            yield f"{kind}, {said}, another expert", told("file", facts, person=s.BO, args=args)
            yield f"{kind}, {said}, staff", told("file", facts, args={**args, "eyes": "staff"})
    sent = replace(SHOT, sharing=Sharing.SEND)
    args = {"file": 1, "copy": "plain"}
    yield "picture, released", told("file", filed(s.OPEN, sent), person=s.ANA, args=args)
    yield "picture, solved", told("file", filed(s.SOLVED, sent), person=s.ANA, args=args)
    review = filed(s.REVIEW, HOW_TO, GUIDE)
    yield "picture under review, master", told("file", review, person=s.CLEO, args={"file": 3, "copy": "plain"})
    yield "file under review, staff", told("file", review, args={"file": 4, "copy": "plain", "eyes": "staff"})
    yield "picture under review, another expert", told("file", review, person=s.BO, args={"file": 3, "copy": "plain"})


def _texts() -> Iterator[Shown]:
    arrived = filed(s.answered(s.ARRIVED), HOW_TO, GUIDE)
    yield "answer with files", told("answer", arrived, person=s.ANN, message=4)
    yield "its picture", told("answer-file", arrived, person=s.ANN, message=4, args={"file": 3})
    yield "its file", told("answer-file", arrived, person=s.ANN, message=4, args={"file": 4})
    gone = filed(s.answered(s.ARRIVED), replace(HOW_TO, removed=True))
    yield "its picture, removed", told("answer-file", gone, person=s.ANN, message=4, args={"file": 3})
    yield "card with a picture", told("question", filed(s.at(State.OPEN), SHOT, LOG))
    two = replace(SHOT, number=2, media_type="image/gif")
    yield "card with two pictures", told("question", filed(s.at(State.OPEN), SHOT, two))
    yield "review with a picture and a file", told("question", filed(s.REVIEW, HOW_TO, GUIDE))
    third = replace(LOG, number=3)
    yield "line with two files", told("message", filed(s.CLAIMED, LOG, third), message=2)
    wordless = {**s.MESSAGES, 2: replace(s.LATER, text="", shown_text="")}
    yield "line without words", told("message", filed(s.CLAIMED, SHOT, LOG, messages=wordless), message=2)


def _became() -> Iterator[Shown]:
    done = Card(title="Done.")
    for count in (1, 2):
        yield f"{count} asked with", reply_with_files(done, "ask", taken=count, lost=0, refused=())
        yield f"{count} answered with", reply_with_files(done, "answer", taken=count, lost=0, refused=())
        yield f"{count} lost", reply_with_files(done, "answer", taken=0, lost=count, refused=())
    for why in Unfit:
        refused = RefusedFile(name="photo.heic", why=why, limit=5 if why is Unfit.TOO_MANY else 10_000_000)
        yield f"refused, {why}", reply_with_files(done, "ask", taken=0, lost=0, refused=[refused])
    named = RefusedFile(name="photo.heic", why=Unfit.NOT_ALLOWED, what="HEIF Image format")
    yield "refused, known", reply_with_files(done, "ask", taken=0, lost=0, refused=[named])
    form = form_with_files(Form(title="Answer", sentence="answer Q7K3", entries=(), submit="Send"))
    yield "a form", Card(title=form.title, body=form.intro)
