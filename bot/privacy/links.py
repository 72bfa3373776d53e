"""Where the links in an answer really lead."""

import re
from collections.abc import Iterator, Sequence


def strange_links(text: str, allowed: Sequence[str]) -> bool:
    """Say whether `text` holds a link to a host that is neither in `allowed` nor below one of its names.

    `"*"` in `allowed` allows everything. A name before an `@` in an address is always strange, since it can
    only be there to look like the host. Hosts are compared as browsers resolve them: a backslash ends the
    host, case and a final dot do not count, and other alphabets are other names.
    """
    if "*" in allowed:
        return False
    names = tuple(_name(entry) for entry in allowed)
    return any(host is None or not _is_below(host, names) for host in _hosts(_undisguised(text)))


def _hosts(text: str) -> Iterator[str | None]:
    """Yield each link's host, or None where there is none to be trusted."""
    for link in _WITH_SCHEME.finditer(text):
        authority = link["authority"]
        yield None if "@" in authority or link["scheme"].lower() not in _WEB else _host(authority)
    for link in _WITHOUT_SCHEME.finditer(text):
        yield _host(link["host"])
    if _ACTIVE_SCHEME.search(text):
        yield None


def _host(authority: str) -> str:
    return re.sub(r":\d*$", "", authority).rstrip(".,;:!").lower()


def _name(entry: str) -> str:
    bare = re.sub(r"^[a-z]+://", "", entry.strip().lower()).split("/")[0]
    return bare.removeprefix("*").strip(".")


def _is_below(host: str, names: Sequence[str]) -> bool:
    return any(name and (host == name or host.endswith("." + name)) for name in names)


def _undisguised(text: str) -> str:
    return _DISGUISED_SCHEME.sub("http", _DISGUISED_DOT.sub(".", text))


_WEB = ("http", "https")
_DISGUISED_DOT = re.compile(
    r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?|\sdot\s(?=(?:com|net|org|io|info|ru|xyz|shop|site)\b)", re.I
)
_DISGUISED_SCHEME = re.compile(r"\bh(?:xx|\*\*)p(?=s?:)", re.I)
_WITH_SCHEME = re.compile(
    r"(?<![A-Za-z0-9])(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,14}):[/\\]{2,}(?P<authority>[^\s/\\?#<>\"'`"
    r"|)\]]*)"
)
_ACTIVE_SCHEME = re.compile(
    r"(?<!\w)(?:javascript|vbscript|data:text/html|file|tel|sms|whatsapp|tg|skype):(?=\S)|\]\(\s?//", re.I
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_SURE_TOP = (
    r"(?:com|net|org|io|app|dev|info|biz|xyz|shop|site|online|store|top|club|link|click|live|pro|cloud|ru"
    r"|cn|de|uk|fr|pl|nl|ch|eu|tk|ml|cf|gq|gg|icu|ai|us|ca|au|jp|br|co|edu|gov)"
)
_WITHOUT_SCHEME = re.compile(
    rf"(?<![\w@/\\.-])(?P<host>www\.{_LABEL}(?:\.{_LABEL}){{0,6}}|(?:{_LABEL}\.){{1,6}}(?:{_SURE_TOP}"
    rf"(?![\w-]|\.\w)|[a-z]{{2,12}}(?=/[\w?#%-])))(?![\w@])",
    re.I,
)
