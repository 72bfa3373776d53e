"""Files that go along with what is being written, and files that cards show, to those alone who may see them."""

from fastapi import Request
from nicegui import events, ui
from starlette.responses import Response

from adapters.web.adapter import Web
from adapters.web.people import current_person
from adapters.web.refusals import Refused
from adapters.web.uploads import ACCEPTED, file_response, size_text
from adapters.web.wording import page_tongue
from adapters.web.workspace.access import may_enter
from adapters.web.workspace.parts import Words, box, link, named, press_button
from adapters.web.workspace.side import HOME
from bot.card import Attached
from bot.decide.files import copy_for
from bot.model import FileId
from bot.model.files import is_picture
from bot.policy import Policy
from bot.ports import Upload


async def file(request: Request, file: int) -> Response:
    """`/workspace/file/7`: whether this person may see that copy is decided now, and not when the page was drawn."""
    web: Web = request.app.state.web
    person, stored = await current_person(request), await web.views.file(FileId(file))
    if person is None or stored is None or not may_enter(person):
        raise _not_here()
    facts = await web.views.facts(stored.question, now=web.now(), people=(person.id,))
    attachment = facts.question.file_numbered(stored.number) if facts.question is not None else None
    if facts.question is None or attachment is None:
        raise _not_here()
    if copy_for(attachment, facts.question, person, facts.category) is not stored.copy:
        raise _not_here()
    content = await web.views.file_content(stored.id)
    if content is None:
        raise _not_here()
    return file_response(stored, content)


def _not_here() -> Refused:
    return Refused(404, "not-found", page_tongue().say("no.file"))


def draw_files(files: tuple[Attached, ...]) -> None:
    """Pictures as they are, everything else to be saved."""
    for each in files:
        address = f"{HOME}/file/{each.id}"
        with box("figure", "g-file"):
            if is_picture(each.media_type):
                with box("a", href=address, target="_blank"):
                    box("img", src=address, alt=each.name, loading="lazy")
            with box("figcaption"):
                link(each.name, address, target="_blank")
                Words("span", f" {size_text(each.size_bytes)}", "g-footnote")


class Attaching:
    """Files chosen so far; nothing leaves before the words are sent. Its button is drawn by `button`."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._files: list[Upload] = []
        with box(look="g-attaching") as self._frame:
            self._list = box(look="g-attached", role="status")
            self._input = ui.upload(
                multiple=True,
                auto_upload=True,
                max_file_size=policy.file_bytes_max,
                on_upload=self._came,
                on_rejected=self._rejected,
            )
            self._input.style("display: none")  # its button stands elsewhere, and has a name
            named(self._input, accept=ACCEPTED)

    @property
    def files(self) -> tuple[Upload, ...]:
        return tuple(self._files)

    def button(self) -> None:
        """Opens the browser's own window for choosing; that must happen in the browser, within the press itself."""
        button = Words("button", "Attach a file", "g-button g-plain")
        named(button, type="button")
        button.on("click", js_handler=f"() => getElement({self._input.id}).$refs.qRef.pickFiles()")

    def clear(self) -> None:
        self._files.clear()
        self._input.reset()
        self._draw()

    async def _came(self, arrived: events.UploadEventArguments) -> None:
        if len(self._files) >= self._policy.files_per_message_max:
            self._say(f"{self._policy.files_per_message_max} files are the most at once.")
            return
        self._files.append(Upload(name=arrived.file.name, content=await arrived.file.read()))
        self._draw()

    def _rejected(self) -> None:
        self._say(f"That is larger than {self._policy.file_bytes_max // 1_000_000} MB. Choose a smaller file.")

    def _say(self, sentence: str) -> None:
        self._draw()
        with self._list:
            Words("span", sentence, "g-ask")

    def _draw(self) -> None:
        if self._list.is_deleted:
            return
        self._list.clear()
        with self._list:
            for each in self._files:
                self._chip(each)

    def _chip(self, file: Upload) -> None:
        with box("span", "g-chip-file"):
            Words("span", file.name)
            press_button("×", lambda: self._drop(file), look="g-quiet", aria_label=f"Leave {file.name} out")

    def _drop(self, file: Upload) -> None:
        self._files.remove(file)
        self._draw()
