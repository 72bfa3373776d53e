"""The verbs of experts and staff: a route for each row of the verb table, so that a new verb is here by itself."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Request
from starlette.responses import Response

from adapters.web.api.access import Caller, requires
from adapters.web.api.answers import ANSWERS
from adapters.web.api.asking import Repeatable, own_question, say_as_customer
from adapters.web.api.bodies import Values, body_of, values_of
from adapters.web.api.files import sent_files
from adapters.web.api.outcomes import done, done_response, told_response
from adapters.web.api.seeing import sight_of
from adapters.web.api.shapes import Done, Said, Sentence, Told
from adapters.web.people import identity_of, web_of
from adapters.web.refusals import Refused
from adapters.web.tokens import Scope
from bot.card import Form
from bot.grammar import VERBS, Misread, Subject, Verb, read
from bot.lifecycle import Who
from bot.model import QuestionId, read_number, spoken_number
from bot.ports import Heard, Reply, Upload

Act = Callable[..., Coroutine[Any, Any, Response]]
_ELSEWHERE: Final = ("helped", "not-yet")  # customers judge through one route, which names the answer
_EXPERTS: Final = Who.EXPERT | Who.CLAIMER | Who.AUTHOR | Who.MASTER | Who.SELF
_STAFF: Final = Who.STAFF | Who.LEAD | Who.ADMIN | Who.CLAIMER | Who.AUTHOR | Who.SELF
_OTHERS: Final = Who.STAFF | Who.LEAD | Who.ADMIN


def verb_routes() -> APIRouter:
    """Every verb about questions, people and categories, and `POST /say` for sentences."""
    router = APIRouter()
    for verb in VERBS:
        match verb.subject:
            case Subject.QUESTION if verb.word not in _ELSEWHERE:
                _add(router, verb, f"/questions/{{number}}/{verb.word}", _about_question(verb), "Questions")
            case Subject.PERSON:
                _add_about_person(router, verb)
            case Subject.CATEGORY:
                path = f"/categories/{{category}}/{verb.word.removeprefix('category-')}"
                _add(router, verb, path, _about_category(verb), "Categories")
    router.post("/say", response_model=Told, responses=ANSWERS, tags=["Sentences"], summary="Say a sentence")(say)
    return router


async def say(request: Request, sentence: Sentence, caller: "Member", once: Repeatable) -> Response:
    """Anything that can be said in a chat, as the token's person: `claim Q7K3`, `queue billing`, `help`."""
    question = read_number(sentence.question) if sentence.question else None
    if sentence.question and question is None:
        raise Refused(422, "bad-number", f"“{sentence.question[:20]}” cannot be a number. Numbers look like Q7K3.")

    async def act(key: str) -> Response:
        told = await _say(request, caller, key, sentence.sentence, question, {})
        nothing_done = isinstance(told, Reply) and told.receipt is None
        if nothing_done and isinstance(read(sentence.sentence, question=question), Misread):
            done(told)  # raises with the sentence that says what was not understood
        return told_response(told)

    return await once.perform(act)


def _about_question(verb: Verb) -> Act:
    async def act(request: Request, number: str, caller: Caller, once: Repeatable, body: Said | None) -> Response:
        web = web_of(request)
        as_customer = Who.CUSTOMER in verb.who and not caller.has(*_members(verb))
        sight = await (own_question if as_customer else sight_of)(web, caller, number)
        values = values_of(verb, body)

        async def carry_out(key: str) -> Response:
            if as_customer:
                return done_response(await say_as_customer(web, sight, key, verb.word, values))
            sentence = f"{verb.word} {spoken_number(sight.question.id)}"
            files = sent_files(body, web.policy)
            return done_response(await _say(request, caller, key, sentence, sight.question.id, values, files))

        return await once.perform(carry_out)

    asker = (Scope.ASK,) if Who.CUSTOMER in verb.who else ()
    return _typed(act, verb, (*asker, *_members(verb)))


def _add_about_person(router: APIRouter, verb: Verb) -> None:
    """What one does to oneself is under `/me`, what staff do to others under `/people`."""
    slot = verb.slot("person")
    if slot is None or not slot.required:
        _add(router, verb, f"/me/{verb.word}", _about_person(verb, alone=True), "Oneself")
    if slot is not None and verb.who & _OTHERS:
        _add(router, verb, f"/people/{{person}}/{verb.word}", _about_person(verb, alone=False), "People")


def _about_person(verb: Verb, *, alone: bool) -> Act:
    async def to_oneself(request: Request, caller: Caller, once: Repeatable, body: Said | None) -> Response:
        values = values_of(verb, body)

        async def carry_out(key: str) -> Response:
            return done_response(await _say(request, caller, key, verb.word, None, values))

        return await once.perform(carry_out)

    async def to_person(request: Request, person: str, caller: Caller, once: Repeatable, body: Said | None) -> Response:
        values = {**values_of(verb, body), "person": _person(person)}

        async def carry_out(key: str) -> Response:
            return done_response(await _say(request, caller, key, verb.word, None, values))

        return await once.perform(carry_out)

    if alone:
        return _typed(to_oneself, verb, (Scope.EXPERT, Scope.STAFF), without=("person",))
    return _typed(to_person, verb, (Scope.STAFF,), without=("person",))


def _about_category(verb: Verb) -> Act:
    async def act(request: Request, category: str, caller: Caller, once: Repeatable, body: Said | None) -> Response:
        values = {**values_of(verb, body), "category": category}

        async def carry_out(key: str) -> Response:
            return done_response(await _say(request, caller, key, verb.word, None, values))

        return await once.perform(carry_out)

    return _typed(act, verb, (Scope.STAFF,), without=("category",))


async def _say(
    request: Request,
    caller: Caller,
    key: str,
    sentence: str,
    question: QuestionId | None,
    values: Values,
    files: tuple[Upload, ...] = (),
) -> Reply | Form:
    web, person = web_of(request), caller.person
    assert person is not None, "these scopes belong to a person"
    who = await identity_of(web, person.id)
    return await web.hear(Heard(key=key, who=who, sentence=sentence, question=question, values=values, files=files))


def _members(verb: Verb) -> tuple[Scope, ...]:
    expert = (Scope.EXPERT,) if verb.who & _EXPERTS else ()
    staff = (Scope.STAFF,) if verb.who & _STAFF else ()
    return (*expert, *staff)


def _typed(act: Act, verb: Verb, scopes: tuple[Scope, ...], without: tuple[str, ...] = ()) -> Act:
    """The same function, with the caller's scopes and the verb's own body for the framework to read."""
    signature = inspect.signature(act)
    body, required = body_of(verb, without)
    parameters = dict(signature.parameters)
    parameters["caller"] = parameters["caller"].replace(annotation=Annotated[Caller, Depends(requires(*scopes))])
    if body is None:
        parameters["body"] = parameters["body"].replace(annotation=Annotated[None, Depends(_nothing)])
    elif required:
        parameters["body"] = parameters["body"].replace(annotation=Annotated[body, Body()])
    else:
        parameters["body"] = parameters["body"].replace(annotation=Annotated[body | None, Body()], default=None)
    act.__signature__ = signature.replace(parameters=list(parameters.values()))  # type: ignore[attr-defined]
    return act


def _nothing() -> None:
    return None


def _add(router: APIRouter, verb: Verb, path: str, act: Act, tag: str) -> None:
    title = verb.word.replace("-", " ")
    router.add_api_route(
        path,
        act,
        methods=["POST"],
        response_model=Done,
        responses=ANSWERS,
        tags=[tag],
        summary=title.capitalize(),
        description=f"What `{verb.word}` says in a chat.",
        operation_id=f"{tag.lower()}-{verb.word}",
    )


def _person(written: str) -> str:
    """A name as the grammar reads it; `p:<id>` stays what it is."""
    plain = " ".join(written.split())
    return plain if plain.startswith(("p:", "@")) else f"@{plain}"


Member = Annotated[Caller, Depends(requires(Scope.EXPERT, Scope.STAFF))]
