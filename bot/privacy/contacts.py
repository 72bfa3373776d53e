"""E-mail and network addresses in a reading, however they are spelled."""

import ipaddress
import re
from collections.abc import Iterator

from bot.privacy.reading import Find, words


def emails(text: str) -> Iterator[Find]:
    """Find plain, spaced and spelled-out e-mail addresses; the value is the address in small letters."""
    for at in _AT.finditer(text):
        yield from _plain_email(text, at.start(), at.end())
    for pattern in (_SPELLED_EMAIL, _SPACED_EMAIL):
        for found in pattern.finditer(text):
            if not _SPELLED.search(found[0]):
                continue
            address = _DOT_WORD.sub(".", _AT_WORD.sub("@", found[0].lower(), count=1))
            yield Find(start=found.start(), end=found.end(), kind="email", value="".join(address.split()))


def ip_addresses(text: str) -> Iterator[Find]:
    """Find IPv4 and IPv6 addresses that could point at a person; private, local and special ones are left."""
    for found in _IPV4.finditer(text):
        if _VERSION_CUE.search(text[max(0, found.start() - 24) : found.start()]):
            continue
        if _points_at_someone(found["ip"]):
            yield Find(start=found.start("ip"), end=found.end("ip"), kind="ip", value=found["ip"])
    for found in _IPV6.finditer(text):
        token = found[0].rstrip(":.") if not found[0].endswith("::") else found[0]
        if token.count(":") >= 2 and _points_at_someone(token):
            yield Find(start=found.start(), end=found.start() + len(token), kind="ip", value=token.lower())


def _plain_email(text: str, at: int, after: int) -> Iterator[Find]:
    domain = _domain(text, after)
    if not domain:
        return
    start = at
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in _LOCAL_SIGNS):
        start -= 1
    while start < at and not (text[start].isalnum() or text[start] == "_"):
        start += 1
    if start == at or text[start:at] == "git":
        return
    value = f"{text[start:at]}@{domain}".lower()
    yield Find(start=start, end=after + len(domain), kind="email", value=value)


def _domain(text: str, start: int) -> str:
    """The domain that begins there, or nothing. In `ann@mail.example.png` a file is named after somebody's address;
    `icon@2x.png` is no address at all."""
    found = _DOMAIN.match(text, start)
    if found and found["top"].lower() in _FILE_ENDINGS:
        found = None if _SCALE.match(text, start) else _DOMAIN.fullmatch(text, start, found.start("top") - 1)
    return found[0] if found else ""


def _points_at_someone(token: str) -> bool:
    try:
        address = ipaddress.ip_address(token)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address in _GLOBAL_IPV6
    return not any(address in network for network in _NOBODYS_IPV4)


# As it is typed, as links write it, and as markup does.
_AT = re.compile("@|%40|&#0*64;|&#x0*40;|&commat;", re.I)
_LOCAL_SIGNS = "._+-'&!#$%~^*"
_DOMAIN = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?P<top>[^\W\d_]{2,24}|xn--[a-z0-9-]{2,40})(?![\w@])", re.I
)
_SCALE = re.compile(r"\dx\.")  # `logo@2x.min.js`
_FILE_ENDINGS = words("png jpg jpeg gif svg webp css js ts tsx jsx json html pdf zip mp4 woff ttf py md")

_TOP = (
    r"(?:com|net|org|edu|gov|info|io|me|biz|app|dev|co|uk|de|fr|pl|es|it|nl|ch|at|be|eu|us|ca|au|in|br|se"
    r"|no|dk|fi"
    r"|ru|ua|cz|pt|jp|cn|kr|mx|ar|ie|nz|za|tr|gr|hu|ro)"
)
# Without brackets, endings that are English words would make addresses of sentences.
_BARE_TOP = r"(?:com|net|org|edu|gov|info|io|biz|app|dev|co|uk|de|fr|pl|nl|ch|eu|ca|au|br|ru|ua|cz|jp|cn|kr|mx)"
_DOT = (
    r"(?:\s{0,2}(?:\.|[(\[{]\s?(?:dot|punkt|point|punto|kropka|\.)\s?[)\]}])\s{0,2}|\s(?:dot|punkt|point"
    r"|punto|kropka)\s)"
)
_SPELLED_DOT = r"(?:\s?[(\[{]\s?(?:dot|punkt|point|punto|kropka)\s?[)\]}]\s?|\s(?:dot|punkt|point|punto|kropka)\s)"
_AT_SIGN = r"(?:\s?[(\[{<]\s?(?:at|@|a|arroba|arobase|chiocciola|malpa|ma\u0142pa)\s?[)\]}>]\s?)"
_LOCAL = rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_SPELLED_DOT}[\w+-]{{1,30}}){{0,3}}"
_LABEL = r"[^\W_][\w-]{0,40}"
_SPELLED_EMAIL = re.compile(
    rf"{_LOCAL}(?:{_AT_SIGN}{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}{_TOP}(?!\w)"
    rf"|\s{{1,2}}(?:at|arroba|arobase|chiocciola|ma\u0142pa)\s{{1,2}}{_LABEL}"
    rf"(?:{_SPELLED_DOT}{_LABEL}){{0,3}}{_SPELLED_DOT}{_BARE_TOP}(?!\w)"
    rf"|\s{{0,2}}@\s{{0,2}}{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}{_TOP}(?!\w))",
    re.I,
)
_SPACED_EMAIL = re.compile(
    r"(?<![^\s])(?:[\w.+-] ){1,40}@ (?:[\w-] ){1,40}(?:\. (?:[\w-] ){1,10}){0,2}\. [a-z](?: [a-z]){1,5}"
    r"(?!\w)",
    re.I,
)
_SPELLED = re.compile(r"[\s()\[\]{}<>]")
_AT_WORD = re.compile(rf"{_AT_SIGN}|\s{{1,2}}(?:at|arroba|arobase|chiocciola|ma\u0142pa)\s{{1,2}}", re.I)
_DOT_WORD = re.compile(_SPELLED_DOT, re.I)

_IPV4 = re.compile(r"(?<![\w.-])(?<![^/:]/)(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w])")
_VERSION_CUE = re.compile(
    r"(?:version|versie|wersj[aei]|ver|build|release|firmware|driver|update|upgrade|patch|sdk|v)[ .:]*\s?$", re.I
)
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
# Documentation networks are not among these: people do write such addresses when they mean their own.
_NOBODYS_IPV4 = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)
