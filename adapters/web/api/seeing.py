"""What a caller may see of a question: staff all of it, experts masked words, a program what its customer sees."""

from dataclasses import dataclass

from adapters.web.adapter import Web
from adapters.web.api.access import Caller
from adapters.web.conversation import customers_conversation
from adapters.web.refusals import Refused
from adapters.web.tokens import Scope
from bot.decide import qualifies
from bot.model import Category, Message, Person, PersonId, Question, Rank, State, read_number, spoken_number
from bot.ports import Facts
from bot.wording.writer import Eyes, readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A question that the caller may see, and with whose eyes. `external` is the calling program's own id for the
    customer, when it is one of its customers."""

    facts: Facts
    question: Question
    category: Category
    eyes: Eyes
    person: Person | None
    external: str | None

    @property
    def reader(self) -> PersonId | None:
        return self.person.id if self.person else None

    @property
    def shows_words(self) -> bool:
        """In a private category the customer's words are for the claimer and staff."""
        return self.eyes is not Eyes.EXPERT or not self.category.private or self.question.holder == self.reader

    def words(self, message: Message) -> str:
        """The message as these eyes may read it; experts never get `text`."""
        if message.redacted:
            return ""
        return message.shown_text if self.eyes is Eyes.EXPERT else message.text

    def messages(self) -> list[Message]:
        """The conversation, oldest first, as far as it is for these eyes."""
        if self.eyes is Eyes.CUSTOMER:
            return list(customers_conversation(self.facts))
        found = [each for _, each in sorted(self.facts.messages.items()) if readable(each, self.eyes, self.reader)]
        return [each for each in found if self.eyes is Eyes.STAFF or self._for_expert(each)]

    def answer_is_visible(self, number: int) -> bool:
        return any(each.number == number for each in self.messages())

    def _for_expert(self, message: Message) -> bool:
        """A text that has not gone out yet is its author's, and the masters' who may have to review it."""
        if not self.shows_words:
            return message.author == self.reader
        text = self.question.answer_numbered(message.number)
        if text is None or text.delivered_at is not None or message.author == self.reader:
            return True
        is_master = (
            self.person is not None and self.person.expert is not None and self.person.expert.rank is Rank.MASTER
        )
        return is_master and self.question.state is State.REVIEW


async def sight_of(web: Web, caller: Caller, number: str) -> Sight:
    """Raises Refused with 404 for what is not there and for what is not the caller's to see: they look the same."""
    question = read_number(number)
    if question is None:
        raise Refused(404, "not-found", f"“{number[:20]}” cannot be a question's number. Numbers look like Q7K3.")
    facts = await web.views.facts(question, now=web.now(), people=[caller.person.id] if caller.person else ())
    if facts.question is not None and facts.category is not None:
        external = await external_id(web, caller, facts.question.customer)
        if eyes := _eyes(caller, facts.question, facts.category, external):
            return Sight(
                facts=facts,
                question=facts.question,
                category=facts.category,
                eyes=eyes,
                person=caller.person,
                external=external,
            )
    raise Refused(404, "not-found", f"There is no question {spoken_number(question)} that this token may see.")


async def external_id(web: Web, caller: Caller, customer: PersonId) -> str | None:
    """The calling program's own id of this customer, or None when it is not one of its customers."""
    identities = await web.views.identities(customer)
    mine = (each for each in identities if (each.platform, each.workspace) == ("api", caller.token.client))
    return next((each.external for each in mine), None)


def visible_to_expert(caller: Caller, question: Question, category: Category | None) -> bool:
    """What stands, or stood, in a channel of theirs, and what they worked on."""
    if caller.person is None:
        return False
    worked = caller.person.id in {question.holder, *(answer.author for answer in question.answers)}
    return worked or (question.offered and qualifies(caller.person, category))


def _eyes(caller: Caller, question: Question, category: Category, external: str | None) -> Eyes | None:
    if caller.has(Scope.STAFF):
        return Eyes.STAFF
    if external is not None and caller.has(Scope.ASK, Scope.READ):
        return Eyes.CUSTOMER
    if caller.has(Scope.EXPERT) and visible_to_expert(caller, question, category):
        return Eyes.EXPERT
    return None
