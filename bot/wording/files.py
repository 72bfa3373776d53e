"""What people read about files: the posts that show one, what the customer is asked, why one was not taken."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.card import Attached, Button, Card, Form, Quote, Tone, Weight
from bot.decide.files import copy_for, staff_copy
from bot.model import Attachment, Audience, Copy, Message, Notice, PersonId, Sharing, StoredFile, spoken_number
from bot.privacy.files import RefusedFile, Unfit
from bot.wording.catalogue import Tongue, tongue
from bot.wording.writer import Eyes, Writer, plain_name

_MEGA: Final = 1_000_000
_NEXT_STEPS: Final = {
    Sharing.BLUR: "file-blur",
    Sharing.SEND: "file-send",
    Sharing.STAFF: "file-staff",
}


# --- the posts


def file_line(w: Writer, notice: Notice) -> Card | None:
    """A file for one reader, or for staff in their thread; None as soon as it is not for them any more."""
    file, stored = _meant(w, notice)
    if file is None or stored is None:
        return None
    if notice.person is None:
        allowed = staff_copy(file, w.question) if w.eyes is Eyes.STAFF else None
    else:
        reader = w.facts.people.get(PersonId(notice.person))
        allowed = copy_for(file, w.question, reader, w.category) if reader is not None else None
    if allowed is None or allowed is not stored.copy:
        return None
    title, body = _told(w, file, stored.copy)
    return replace(w.card(title, body=body), files=(_attached(stored),))


def answer_file(w: Writer, notice: Notice) -> Card | None:
    """A file that goes to the customer, behind its text."""
    file, stored = _meant(w, notice)
    message = w.message(notice.message)
    if file is None or stored is None or message is None:
        return None
    if message.redacted or message.audience is not Audience.EVERYONE:
        return None
    title = w.say(f"answer-file.{_kind(file)}", person=w.first_name(file.author))
    return replace(w.card(title), files=(_attached(stored),))


def file_choice(w: Writer, notice: Notice) -> Card | None:
    """Asks the customer who may see a file of theirs, and afterwards says who can."""
    file, stored = _meant(w, notice)
    if file is None or stored is None:
        return None
    undecided = file.sharing is None
    reader = reader_name(w)
    if undecided:
        title = w.say(f"choose.{_kind(file)}")
        body = w.say(f"choose.{_kind(file)}-body", reader=reader)
    else:
        title, body = w.say(f"chosen.{_kind(file)}"), choice_said(w, file)
    quotes = (Quote(author="", text=stored.name),)
    return w.card(
        title, body=body, tone=Tone.ALERT if undecided else Tone.CALM, quotes=quotes, buttons=choice_buttons(w, file)
    )


def choice_said(w: Writer, file: Attachment) -> str:
    """Who can see it now."""
    reader = reader_name(w)
    if file.sharing is None:
        return w.say(f"choose.{_kind(file)}-body", reader=reader)
    return w.say(f"chosen.{file.sharing}", reader=reader)


def choice_buttons(w: Writer, file: Attachment) -> tuple[Button, ...]:
    """What the customer can choose instead of what is."""
    choices = [each for each in _NEXT_STEPS if each is not file.sharing and (file.picture or each is not Sharing.BLUR)]
    return tuple(
        Button(
            label=w.say(f"button.{_NEXT_STEPS[choice]}"),
            sentence=f"show-file {spoken_number(w.question.id)} {file.number} {choice}",
            weight=Weight.MAIN if choice is Sharing.BLUR and file.sharing is None else Weight.PLAIN,
        )
        for choice in choices
    )


def reader_name(w: Writer) -> str:
    """Whoever holds the question, or whoever will."""
    return w.first_name(w.question.holder) if w.question.holder is not None else w.say("chosen.expert")


# --- files in what is said about texts


def files_with(w: Writer, message: Message) -> str:
    """`2 pictures and 1 file`, for the files that came with the text and are still there; empty without any."""
    files = [
        each for each in w.question.files if each.message == message.number and not each.removed and _kept(w, each)
    ]
    pictures = sum(each.picture for each in files)
    return counted(w.tongue, pictures, len(files) - pictures)


def counted(speech: Tongue, pictures: int, documents: int) -> str:
    said = [
        speech.count(key, count)
        for key, count in (("files.pictures", pictures), ("files.documents", documents))
        if count
    ]
    return speech.say("files.both", pictures=said[0], documents=said[1]) if len(said) > 1 else "".join(said)


# --- what became of files that somebody sent


def reply_with_files(
    card: Card,
    verb: str,
    *,
    taken: int,
    lost: int,
    refused: Iterable[RefusedFile],
    languages: Iterable[str] = (),
) -> Card:
    """The reply, with a sentence for the files that were taken and one for each that was not.

    `lost` are files that were fine, but came with a text that was refused.
    """
    speech = tongue(languages)
    said = []
    if taken:
        said.append(speech.count("files.taken" if verb in ("ask", "reply") else "files.sent", taken))
    if lost:
        said.append(speech.count("files.lost", lost))
    said += [_why_not(speech, each) for each in refused]
    return replace(card, body="\n".join(part for part in (card.body, *said) if part))


def form_with_files(form: Form, languages: Iterable[str] = ()) -> Form:
    """A form keeps words alone."""
    said = tongue(languages).say("files.form")
    return replace(form, intro="\n".join(part for part in (form.intro, said) if part))


def _why_not(speech: Tongue, refused: RefusedFile) -> str:
    key = f"files.no.{refused.why}"
    match refused.why:
        case Unfit.TOO_LARGE | Unfit.TOO_MANY_PIXELS:
            return speech.say(key, name=refused.name, most=refused.limit // _MEGA)
        case Unfit.TOO_MANY:
            return speech.say(key, name=refused.name, most=refused.limit)
        case Unfit.NOT_ALLOWED if refused.what:
            return speech.say(f"{key}-what", name=refused.name, what=plain_name(refused.what))
        case _:
            return speech.say(key, name=refused.name)


# --- parts


def _meant(w: Writer, notice: Notice) -> tuple[Attachment | None, StoredFile | None]:
    """The file that the notice names, and the copy of it; None for what is gone."""
    number, copy = notice.args.get("file"), Copy(str(notice.args.get("copy", Copy.PLAIN)))
    file = w.question.file_numbered(int(number)) if number is not None else None
    if file is None or file.removed:
        return None, None
    return file, _stored(w, file, copy)


def _stored(w: Writer, file: Attachment, copy: Copy = Copy.PLAIN) -> StoredFile | None:
    return next((each for each in w.facts.files if each.number == file.number and each.copy is copy), None)


def _kept(w: Writer, file: Attachment) -> bool:
    return _stored(w, file) is not None


def _attached(stored: StoredFile) -> Attached:
    return Attached(id=stored.id, name=stored.name, media_type=stored.media_type, size_bytes=stored.size_bytes)


def _told(w: Writer, file: Attachment, copy: Copy) -> tuple[str, str]:
    if file.author != w.question.customer:
        return w.say(f"file.ours.{_kind(file)}", person=w.name(file.author)), w.say("file.ours-body")
    if w.eyes is Eyes.STAFF:
        return w.say(f"file.staff.{_kind(file)}"), w.say(f"file.staff-body.{file.sharing or 'undecided'}")
    if copy is Copy.BLURRED:
        return w.say("file.holder.blurred"), w.say("file.holder-body.blurred")
    return w.say(f"file.holder.{_kind(file)}"), w.say("file.holder-body")


def _kind(file: Attachment) -> str:
    return "picture" if file.picture else "document"
