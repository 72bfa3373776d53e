"""Passwords, keys, tokens and codes in a reading: by the form their makers gave them, by the words before them,
and last by looking like chance."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise

from bot.privacy.reading import Find, words


def credentials(text: str) -> Iterator[Find]:
    """Find everything that opens an account; the value is the secret as written."""
    yield from _pem_blocks(text)
    for pattern in (_VENDOR, _HEADER, _BEARER, _USERINFO, _CODE, _CODE_OF, _SIX_DIGITS, _AS_PASSWORD):
        for found in pattern.finditer(text):
            yield _secret(found.start("it"), found["it"])
    for found in chain(_COMMAND.finditer(text), _DATABASE_COMMAND.finditer(text)):
        if not found["it"].replace(":", "").isdigit():
            yield _secret(found.start("it"), found["it"])
    for found in _COOKIE.finditer(text):
        yield _secret(found.start("it"), found["it"].rstrip())
    yield from _named(text)
    for token in _TOKEN.finditer(text):
        yield from _chance_in(token)


def _secret(start: int, written: str) -> Find:
    return Find(start=start, end=start + len(written), kind="secret", value=written)


def _pem_blocks(text: str) -> Iterator[Find]:
    place = 0
    while begin := _PEM_BEGIN.search(text, place):
        closing = _PEM_END.search(text, begin.end())
        place = closing.end() if closing else len(text)
        yield _secret(begin.start(), text[begin.start() : place])


def _named(text: str) -> Iterator[Find]:
    for name in _NAME.finditer(text):
        for pattern in (_HARD_VALUE, _SOFT_VALUE, _BARE_VALUE):
            found = pattern.match(text, name.end())
            if not found:
                continue
            quoted = found["quoted"]
            written = quoted or found["plain"].rstrip(".,;:)]}")
            start = found.start("quoted") if quoted else found.start("plain")
            line_end = text.find("\n", start, start + 240)
            rest = text[start + len(written) : line_end if line_end >= 0 else start + 240]
            if _is_value(name[0].lower(), written, rest, quoted=bool(quoted), soft=pattern is not _HARD_VALUE):
                yield _secret(start, written)
            break
    for found in _PHRASE.finditer(text):
        yield _secret(found.start("it"), found["it"].rstrip())


def _is_value(name: str, written: str, rest: str, *, quoted: bool, soft: bool) -> bool:
    low = written.lower()
    digits = sum(sign.isdigit() for sign in written)
    if len(written) < 3 or low.strip("*.-_\u2022") in _NOT_VALUES or _NOT_A_VALUE.match(written):
        return False
    if set(low) <= set("x*.-_\u2022?") or _DATE.fullmatch(written):
        return False
    if "pin" in name:
        return digits == len(written) and 4 <= digits <= 8
    if digits == len(written) and _KEY_NAME.search(name):
        return digits >= 8
    if digits == len(written):
        return digits >= 4
    if quoted or digits or any(not sign.isalnum() and sign not in "-'.,/" for sign in written.rstrip("!?")):
        return len(written) >= 4 and not (soft and _MEASURE.match(written + rest))
    if any(sign.isupper() for sign in written[1:]) and not written.isupper():
        return True
    if low.endswith(_STATUS_ENDINGS) or low.rstrip("!?") in _NOT_VALUES or _KEY_NAME.search(name):
        return False
    return len(written) >= 4 and bool(_CLAUSE_END.match(rest))


def _chance_in(token: re.Match[str]) -> Iterator[Find]:
    whole = token[0]
    start = token.start()
    in_address = token.string[start - 1 : start] in ("/", ".", ":")
    if not in_address and _is_chance(whole):
        yield _secret(start, whole)
        return
    for part in whole.split("/"):
        if _is_chance(part):
            yield _secret(start, part)
        start += len(part) + 1


def _is_chance(token: str) -> bool:
    if len(token) < 20 or _UUID.fullmatch(token):
        return False
    classes = [_class(sign) for sign in token]
    seen = Counter(classes)
    if not (seen["upper"] and seen["lower"] and seen["digit"] >= 2) or seen["slash"] > len(token) / 16:
        return False
    # A word in a name goes from a capital to small letters once; chance changes class far more often.
    changes = sum(
        1
        for one, other in pairwise(classes)
        if one != other and "sign" not in (one, other) and (one, other) != ("upper", "lower")
    )
    return changes >= 0.3 * len(token) and _bits(token) >= 3.5


def _class(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    if sign.isalpha():
        return "upper" if sign.isupper() else "lower"
    return "slash" if sign == "/" else "sign"


def _bits(token: str) -> float:
    return -sum(n / len(token) * math.log2(n / len(token)) for n in Counter(token).values())


_PEM_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = re.compile(r"-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")

_VENDOR = re.compile(
    r"(?<![A-Za-z0-9])(?P<it>(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{16,}"
    r"|gh[opusr]_[A-Za-z0-9]{16,}"
    r"|github_pat_\w{20,}|gl(?:pat|ptt|rt)-[\w-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{10,}"
    r"|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|sk-"
    r"(?:[a-z]{2,8}-)?[\w-]{20,}|hf_[A-Za-z0-9]{20,}"
    r"|npm_[A-Za-z0-9]{20,}|pypi-[\w-]{20,}|do[opr]_v1_[a-f0-9]{20,}|SG\.[\w-]{10,}\.[\w-]{10,}"
    r"|key-[0-9a-f]{32}|shp(?:at|ss|ca|pa)_[a-fA-F0-9]{20,}"
    r"|(?:AC|SK)[0-9a-f]{32}|lin_api_\w{20,}|sq0(?:atp|csp)-[\w-]{20,}|glsa_\w{20,}|tskey-[\w-]{16,}"
    r"|dckr_pat_[\w-]{16,}|ntn_\w{20,}|rubygems_[a-f0-9]{20,}"
    r"|AGE-SECRET-KEY-1[A-Z0-9]{20,}|[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{25,40}|\d{8,10}:[\w-]{35}"
    r"|eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?|(?<=hooks\.slack\.com/services/)[\w/]{20,}|"
    r"(?<=/api/webhooks/)\d+/[\w-]{20,})(?![A-Za-z0-9])"
)
_HEADER = re.compile(
    r"(?:(?:proxy-)?authorization[\"']?\s{0,2}[:=]\s{0,2}[\"']?(?:(?:bearer|basic|token|digest"
    r"|apikey)\s+)?(?P<it>(?!(?:bearer|basic|token)\b)[^\s\"',]{6,}))",
    re.I,
)
_BEARER = re.compile(r"\bbearer\s+(?P<it>(?=[A-Za-z._~+/=-]{0,60}\d)[A-Za-z0-9._~+/=-]{12,})", re.I)
_USERINFO = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,20}://(?P<it>[^\s/@:<>\"']*:[^\s/@<>\"']+)@")
_COMMAND = re.compile(
    r"(?:(?<=\s)|^)(?:(?:-u|--user|--proxy-user)[ =]?[\"']?(?P<it>[^\s:\"'<>/]{1,80}:[^\s\"'<>/]{1,120}))", re.M
)
_COOKIE = re.compile(r"(?<![\w])(?:set-)?cookie[\"']?:\s{0,3}(?P<it>[\w.-]{1,80}=[^\s\"'][^\n\"']*)", re.I)
_CODE = re.compile(
    r"(?<![A-Za-z])(?:verification|security|log-?in|sign-?in|one[- ]time|2fa|mfa|otp|sms|tan|recovery"
    r"|backup|auth(?:entication|enticator|orization)?|access|reset"
    r"|best\u00e4tigungs|sicherheits|anmelde|zugangs)[ -]?(?:code|codes|pin|passcode)(?:\s(?:is|was|are"
    r"|ist|lautet|est|es))?[\s:=]{1,3}"
    r"(?P<it>(?=[A-Z-]{0,8}\d)(?:[A-Z0-9]{2,5}[ -])?[A-Z0-9-]{3,12})(?![\w]| (?:digit|character|minute"
    r"|second|hour|day|time|attempt))",
    re.I,
)
_CODE_OF = re.compile(
    r"(?<![A-Za-z])code\s(?:de v\u00e9rification|de s\u00e9curit\u00e9|de verificaci\u00f3n|d'acc\u00e8s)"
    r"(?:\s(?:est|es))?[\s:=]{1,3}(?P<it>\d{3,8})(?!\d)",
    re.I,
)

_SIX_DIGITS = re.compile(
    r"(?<![A-Za-z])(?<!error )(?<!zip )(?<!post )(?<!postal )(?<!product )(?<!status )(?<!item )"
    r"(?<!promo )(?<!voucher )(?<!discount )"
    r"(?:code|kod|c\u00f3digo|codice)(?:\s(?:2fa|sms|otp))?(?:\s(?:is|was|ist|lautet|est|es"
    r"|to))?[\s:=]{1,3}(?P<it>\d{3}[ -]?\d{3})(?![\w-])",
    re.I,
)
_AS_PASSWORD = re.compile(
    r"(?<!\S)[\"'`]?(?P<it>(?=\S{0,30}\d)[^\s\"'`]{5,40})[\"'`]? (?:as|is|was|for) (?:my|the|a|his|her"
    r"|their|our) (?:(?:new|old|current|account|wifi|login) )?"
    r"(?:password|passcode|passphrase|pin)\b(?! ?(?:field|page|box|reset))",
    re.I,
)
_DATABASE_COMMAND = re.compile(r"\b(?:mysql\w*|mariadb|sshpass)\b[^\n]{0,80}?\s-p ?[\"']?(?P<it>[^\s\"']{4,80})")

_NAME = re.compile(
    r"(?:pass(?:word|wd|phrase|code|wort)|(?<![a-z])pwd|(?<![a-z])pw(?![a-z])|(?<![a-z])pass(?![a-z])"
    r"|kennwort|mot de passe|(?<![a-z])mdp(?![a-z])|contrase[\u00f1n]a"
    r"|(?<![a-z])clave(?![a-z])|(?<![a-z])senha|has[\u0142l]o(?![a-z])|wachtwoord|l[\u00f6o]senord|"
    r"(?<![a-z])parola d'ordine|(?<![a-z])\u015fifre"
    r"|\u043f\u0430\u0440\u043e\u043b[\u044c\u044f]|\u5bc6\u7801|\u5bc6\u78bc"
    r"|\u30d1\u30b9\u30ef\u30fc\u30c9|secret(?:[ _-]?access)?(?:[ _-]?key)?|(?<![a-z])api[ _-]?(?:key"
    r"|secret|token)"
    r"|(?:access|auth|refresh|session|bot|id)[ _-]?token|(?<![a-z])token(?!s|iz)|access[_-]?key"
    r"|account[_-]?key|private[ _-]?key(?!\s)|client[_ -]?secret|credentials?(?![a-z])"
    r"|licen[cs]e[ -]key|product[ -]key|activation[ -](?:key|code)|(?<![a-z])otp(?![a-z])|(?<![a-z])pin"
    r"(?:[ -]?(?:code|number|nummer))?(?![a-z]))"
    r"(?:[_-]\w{1,30})?",
    re.I,
)


def _value(before: str) -> re.Pattern[str]:
    return re.compile(
        before
        + r"[\"'`\u201c\u201e]?"
        + r"(?:(?<=[\"'`\u201c\u201e])(?P<quoted>[^\"'`\u201d\u201c\n]{3,200})(?=[\"'`\u201d\u201c])"
        + r"|(?P<plain>[^\s\"'<>`]{3,200}))",
        re.I,
    )


_HARD_VALUE = _value(r"[\"'`]?[ \t]{0,3}(?:=>|:=|={1,2}|:|->|\u2192)[ \t]{0,3}")
_SOFT_VALUE = _value(
    r"(?:\s(?:for|f\u00fcr|pour|para|to|of|na|do)\s[\w.@'-]{2,40}(?:\s[\w.@'-]{2,40})?)?\s(?:is|was|are"
    r"|to|as|ist|war|lautet|auf|est|es|era|\u00e9|\u00e8|to|jest|it's|set to|used to be|\u044d\u0442\u043e)"
    r"(?:\s(?:now|currently|still|just|jetzt|maintenant|ahora|teraz))?[ :]{1,3}"
)
_BARE_VALUE = _value(r"[ \t]{1,2}(?=[^\s\"']{0,40}\d)")
_PHRASE = re.compile(
    r"(?:seed|recovery|backup|mnemonic|secret)[ -]phrase(?:\s(?:is|was))?[ :]{1,3}(?P<it>[a-z]{3,8}"
    r"(?:[ ,]{1,2}[a-z]{3,8}){7,23})(?![a-z])",
    re.I,
)
_KEY_NAME = re.compile(r"token|key|secret|credential")
_NOT_A_VALUE = re.compile(
    r"[$%{<(\[]|[A-Za-z_][\w.]*[(\[]|(?:os|self|env|config|process|settings)\.|(?:2fa|mfa|oauth\d?|sha\d*"
    r"|md5|base64|utf-?8|https?://)",
    re.I,
)
_DATE = re.compile(r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d|\d\d?:\d\d")
_MEASURE = re.compile(
    r"\d+(?:[ -](?:char|digit|letter|day|time|hour|minute|month|year|word|byte|bit|or more|attempt)|%|x\b"
    r"|th\b|st\b|nd\b|rd\b)",
    re.I,
)
_CLAUSE_END = re.compile(
    r"[.,;:!?)\]}\"'`]*(?:\s*$|\s*\n|[,;]\s|\s+(?:and|und|et|y|but|aber|mais|with|please|thanks)\b|[.!?]\s)", re.I
)
_STATUS_ENDINGS = ("ed", "ing", "ible", "able", "ly", "n't")
_NOT_VALUES = words(
    "true false null none nil undefined yes no n/a na required optional empty missing blank invalid"
    " incorrect wrong valid correct weak strong short long reset lost stolen forgotten unknown unsafe"
    " secure safe secret hidden public private new old same different gone okay fine good bad here there"
    " this that what which case your_password yourpassword password passwort my_password changeme_here"
    " redacted string str int bool text varchar field input type token key reminder not never always"
    " still also too only being the a an my your our in on at for with from by of to it as be so very"
    " case-sensitive out again now then sent set hash hashes manager policy ok important impossible"
    " necessary sensitive kept broken stuck just falsch ungültig vergessen abgelaufen richtig korrekt"
    " nicht leer incorrecte invalide oublié faux perdu incorrecta incorrecto inválida olvidada errónea"
    " nieprawidłowe błędne złe"
)
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
