"""Whether the program is alive, and whether it can do its work: for whoever watches over it."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from adapters.web.people import web_of
from bot.ports import StorageTrouble

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> PlainTextResponse:
    return PlainTextResponse("ok\n")


@router.get("/readyz")
async def ready(request: Request) -> PlainTextResponse:
    """Ready means that the database can be written to: this takes its lock and removes nothing."""
    try:
        await web_of(request).store.run(lambda work: work.forget_requests(0))
    except StorageTrouble as trouble:
        return PlainTextResponse(f"not ready: {type(trouble).__name__}\n", 503)
    return PlainTextResponse("ready\n")
