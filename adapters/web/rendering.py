"""Turns templates into pages: everything is escaped, and a name that is missing is an error, not a gap."""

import re
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from adapters.web.wording import page_tongue

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
_CODE: Final = re.compile("`([^`]+)`")
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _code(text: str) -> Markup:
    """`so` in a description, as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


_TEMPLATES.filters["code"] = _code


def page(template: str, *, company: str, status: int = 200, language: str = "en", **values: object) -> HTMLResponse:
    """A page that only its reader's browser keeps. Templates say sentences by their id: `{{ say('ask.title') }}`."""
    tongue = page_tongue([language])

    def say(key: str, **words: str | int) -> str:
        return tongue.say(key, **{"company": company, "a_company": tongue.with_article(company), **words})

    def html(key: str, **words: str | int) -> Markup:
        """The same with values that are HTML already, such as times."""
        named = {"company": company, "a_company": tongue.with_article(company), **words}
        return Markup(escape(tongue.sentences[key])).format(**named)

    text = _TEMPLATES.get_template(template).render(
        say=say, html=html, knows=tongue.knows, company=company, status=status, language=tongue.code, **values
    )
    return HTMLResponse(text, status, headers={"cache-control": "no-store"})
