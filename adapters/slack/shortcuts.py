"""Message shortcuts: "Send to customer" and its like, on one message in a question's thread."""

from dataclasses import dataclass
from typing import Final

from adapters.slack.homes import Homes
from adapters.slack.office import Body, Office, where_of
from adapters.slack.people import Member
from bot.card import Form
from bot.model import PostKind, Ref, spoken_number
from bot.ports import Hear, Reply
from bot.wording import aside

VERBS: Final = {"send": "answer", "override": "override", "note": "note", "redact": "redact"}
OWN_LINES: Final = frozenset({"send", "note"})  # these put one's own name under the words


@dataclass(frozen=True, slots=True)
class Shortcuts:
    office: Office
    homes: Homes

    async def use(self, body: Body, hear: Hear) -> None:
        member = await self.office.member(body)
        self.office.tell_later(await self._use(body, member, hear), where_of(body))
        self.homes.refresh(member)

    async def _use(self, body: Body, member: Member, hear: Hear) -> Reply | Form:
        shortcut, said = str(body.get("callback_id")), body["message"]
        place = self.office.place(str(body["channel"]["id"]))
        top = await self.office.views.post_at(place, Ref(str(said.get("thread_ts") or said["ts"])))
        question = top.notice.question if top is not None else None
        if question is None:
            return Reply(card=aside("no-question"))
        key = f"slack/shortcut/{member.team}/{member.user}/{body.get('action_ts')}"
        sentence = f"{VERBS[shortcut]} {spoken_number(question)}"
        if shortcut == "redact":
            post = await self.office.views.post_at(place, Ref(str(said["ts"])))
            number = post and (1 if post.notice.kind is PostKind.CARD else post.notice.message)
            if not number:
                return Reply(card=aside("not-redactable"))
            redact = self.office.heard(member, key, f"{sentence} {number}", question=question, hurried=True)
            return await hear(redact)
        if shortcut in OWN_LINES and said.get("user") != member.user:
            return Reply(card=aside("not-your-line"))
        words, files = await self.office.words(str(said.get("text") or "")), await self.office.uploads(said)
        values = {"words": words}
        return await hear(
            self.office.heard(member, key, sentence, question=question, values=values, files=files, hurried=True)
        )
