"""The address of a question's private page, by which a customer without an account comes back to it."""

from adapters.web.adapter import Web
from adapters.web.signing import link_token, same
from bot.model import Question, QuestionId, State, spoken_number
from bot.policy import DAY_MS, Policy


def link_path(web: Web, question: QuestionId) -> str:
    token = link_token(web.settings.secret, question, web.settings.link_generation)
    return f"/q/{spoken_number(question)}/{token}"


def link_to(web: Web, question: QuestionId) -> str:
    """The whole address, under the public name."""
    return base_address(web) + link_path(web, question)


def base_address(web: Web) -> str:
    if web.settings.public_url:
        return web.settings.public_url.rstrip("/")
    host = f"[{web.settings.host}]" if ":" in web.settings.host else web.settings.host
    return f"http://{host}:{web.port}"


def opens(web: Web, question: QuestionId, token: str) -> bool:
    return same(token, link_token(web.settings.secret, question, web.settings.link_generation))


def has_expired(question: Question, policy: Policy, now: int) -> bool:
    """A private page closes some time after the question is over; until then it never does."""
    over = question.state is State.CLOSED or question.settled
    return over and now - question.since > policy.link_days * DAY_MS
