"""What is known of the customer, found again in any words: other case, accents, spaces, number formats."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import phonenumbers

from bot.privacy.reading import Find, Reading, key, squeeze, words

_NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownValue:
    """Something the intake knows of the customer; `kind` is name, email, phone, order, company, account, ..."""

    kind: str
    value: str


def known_values(reading: Reading, known: Sequence[KnownValue]) -> Iterator[Find]:
    """Find each known value; all writings of one value, and all parts of one name, share a `Find.value`."""
    if not known:
        return
    squeezed = squeeze(reading)
    for one in known:
        whole = key(one.value)
        if one.kind == "phone":
            yield from _phone(reading.text, one.value)
        for form in _forms(one):
            strict = one.kind == "name" and key(form) in _COMMON_WORDS
            for writing in _writings(form):
                for start, end in _places(squeezed, reading.text, writing):
                    if not strict or _is_name_here(reading.text, start, end):
                        yield Find(start=start, end=end, kind=one.kind, value=whole, known=True)


def phone_tail(written: str) -> str:
    """Give the digits by which two formats of one telephone number are recognised."""
    return "".join(sign for sign in written if sign.isdigit())[-8:]


def _forms(one: KnownValue) -> Iterator[str]:
    yield one.value
    match one.kind:
        case "name":
            parts = [part for part in re.split(r"[\s,.]+", one.value) if part]
            if len(parts) > 1:
                yield " ".join(reversed(parts))
                yield f"{parts[0]} {parts[-1]}"
                yield f"{parts[-1]} {parts[0]}"
                yield from (part for part in parts if _stands_alone(part))
        case "company":
            bare = _LEGAL_FORM.sub("", one.value)
            if bare != one.value and len(key(bare)) >= 4 and key(bare) not in _COMMON_WORDS:
                yield bare


def _stands_alone(part: str) -> bool:
    letters = key(part)
    return (len(letters) >= 3 or not part.isascii()) and letters not in _PARTICLES and len(part) > 1


def _writings(form: str) -> set[str]:
    plain = key(form)
    spelled = key(unicodedata.normalize("NFC", form).translate(_GERMAN))
    return {writing for writing in (plain, spelled) if len(writing) >= 2 or (writing and not writing.isascii())}


def _places(squeezed: Reading, text: str, writing: str) -> Iterator[tuple[int, int]]:
    place = squeezed.text.find(writing)
    while place >= 0:
        stretch = squeezed.origin[place : place + len(writing)]
        start, end = stretch[0], stretch[-1] + 1
        near = all(after - before <= _NEAR for before, after in pairwise(stretch))
        # A bracket or quotation mark parts what stands before it from what stands in it.
        tight = near and not _PARTING.search(text, start, end)
        if tight and _is_border(text, start) and _is_border(text, end):
            yield start, end
            place = squeezed.text.find(writing, place + len(writing))
        else:
            place = squeezed.text.find(writing, place + 1)


def _is_border(text: str, place: int) -> bool:
    if place <= 0 or place >= len(text):
        return True
    before, after = text[place - 1], text[place]
    if not (before.isalnum() and after.isalnum()):
        return True
    # Scripts without spaces, and particles that Korean and Japanese hang on a name.
    return _UNSPACED.match(before) is not None or _UNSPACED.match(after) is not None


def _is_name_here(text: str, start: int, end: int) -> bool:
    if not text[start].isupper() or (end - start > 1 and text[start + 1 : end].isupper() and not text.isupper()):
        return False
    before, after = text[max(0, start - 40) : start], text[end : end + 2]
    if _GREETING.search(before) or (not before.strip() and not after.strip()):
        return True
    line_end = not after or after[0] == "\n" or after in (".", "!", ".\n")
    return not _SENTENCE_BEGIN.search(before) or (line_end and before.endswith("\n"))


def _phone(text: str, value: str) -> Iterator[Find]:
    digits = _national_digits(value)
    if len(digits) < 6:
        return
    for run in _DIGIT_RUN.finditer(text):
        places = [run.start() + at for at, sign in enumerate(run[0]) if sign.isdigit()]
        written = "".join(text[place] for place in places)
        at = written.find(digits)
        if at < 0:
            continue
        start = run.start() if at <= 5 else places[at]
        yield Find(start=start, end=places[at + len(digits) - 1] + 1, kind="phone", value=phone_tail(value), known=True)


def _national_digits(value: str) -> str:
    digits = "".join(str(unicodedata.digit(sign)) for sign in value if unicodedata.category(sign) == "Nd")
    try:
        number = phonenumbers.parse(value if "+" in value else "+" + digits.removeprefix("00"), None)
    except phonenumbers.NumberParseException:
        return digits.lstrip("0")
    if "+" in value or digits.startswith("00"):
        return str(number.national_number)
    return digits.lstrip("0")


_DIGIT_RUN = re.compile(r"\(?\+?\(?\d(?:[ \t().\-/]{0,3}\d){5,}+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_GREETING = re.compile(
    r"(?:\b(?:hi|hello|hey|dear|thanks|thank you|regards|cheers|best|sincerely|yours|mr|mrs|ms|dr|prof"
    r"|i am|i'm|name is|name:|it's|this is|from)"
    r"|\bhallo|\bliebe[r]?|\bfrau|\bherrn?|\bbonjour|\bhola)[,.!:]?\s{1,4}$",
    re.I,
)
_SENTENCE_BEGIN = re.compile(r"(?:^|[.!?:\n\"'(\u2022*-])\s*$")
_PARTING = re.compile(r"[()<>\[\]\"]|\n\s*\n")
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:inc|ltd|limited|llc|llp|plc|corp|corporation|co|company|gmbh(?: & co\.? kg)?|ag|kg|ug|se"
    r"|sa|sas|sarl|srl|s\.?p\.?a|bv|nv|oy|ab|as|a/s|aps"
    r"|s\.?r\.?o|sp\.? z ?o\.?o|pty(?: ltd)?|pvt(?: ltd)?)\.?$",
    re.I,
)
_GERMAN = str.maketrans(
    {
        "\u00e4": "ae",
        "\u00f6": "oe",
        "\u00fc": "ue",
        "\u00c4": "Ae",
        "\u00d6": "Oe",
        "\u00dc": "Ue",
        "\u00e5": "aa",
        "\u00f8": "oe",
    }
)
_PARTICLES = words(
    "the and van von der den del dos das san bin ibn abu mac mrs miss sir dame prof doctor junior senior herr frau lady"
)
# Words that are also names: they are names only where they are written as names.
_COMMON_WORDS = words(
    "will mark may june april august grace hope faith joy art bill rob sue pat jack rose lily daisy ivy"
    " holly olive violet amber ruby pearl crystal summer autumn winter dawn eve star sky rain river"
    " brook brooks glen cliff heath forest dale lane reed stone wood woods hill hall field fields banks"
    " bank bush rice bean berry fish fox wolf lamb swan bird hunter fisher baker cook carter mason"
    " miller porter potter taylor page price cash bond case chase chance trip drew grant frank earl duke"
    " prince king queen knight pope bishop abbot dean major young old long short small little strong"
    " swift sharp bright rich poor good best moody savage wise sweet noble black white brown green gray"
    " grey gold golden silver day days week weeks friday moon sun north west east south english french"
    " england german china india jordan paris london ford love lord law laws mays more moss nash park"
    " parks peck pike pool post power powers read ring robin rock root rush sand sands ship silva"
    " skinner snow son song speed spring steel stock storm street town turner valentine wade walker wall"
    " waters way webb wells wheeler winner worth wright yard bell blue booth box brand bridge bridges"
    " buck bull burns bus butler camp can cannon cherry church city close coin cole cross curry don door"
    " dot draw dream drive early fair farmer fast fine flower free freeman friend gene ginger hand harp"
    " hay head heart holiday home hood house joker jury just key lee light line link list live look mann"
    " marine marks merry mile miles mill mint money monk mount name neil new nick night nut one order"
    " pan penny person pierce pitt plant point press print quick ray rod sam sandy school self shell"
    " shore sign smart spark sport steed still stern tab table tan team test tip tom top train tree true"
    " van vale view ward war warm water web win wing wish work all and any but for from has have her him"
    " his how its not our out see she that they this too use was who why yes you your"
)
