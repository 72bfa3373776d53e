"""Cards, bank accounts, government numbers and order numbers in a reading, proven by their check digits where
they have some and by the words before them where they have none."""

import re
from collections.abc import Callable, Iterator

from stdnum import luhn
from stdnum.br import cpf
from stdnum.ch import ssn as swiss_ssn
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.in_ import aadhaar, pan
from stdnum.iso7064 import mod_97_10
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ssn

from bot.privacy.reading import Find, key, words


def cards(text: str) -> Iterator[Find]:
    """Find payment cards of 13 to 19 digits that pass Luhn and begin as a card does, their code and expiry."""
    ends: list[int] = []
    for run in _DIGIT_RUN.finditer(text):
        cue = bool(_CARD_CUE.search(text[max(0, run.start() - 40) : run.start()]))
        for start, end, digits in _cards_in(run, cue):
            ends.append(end)
            yield Find(start=start, end=end, kind="card", value=digits)
    for found in _CARD_CODE.finditer(text):
        yield _find(found, "card", "code")
    for end in ends:
        expiry = _EXPIRY.search(text, end, end + 48)
        if expiry:
            yield _find(expiry, "card", "date")


def bank_accounts(text: str) -> Iterator[Find]:
    """Find IBANs by length and check digits, and account, routing and sort codes by the words before them."""
    for begin in _IBAN_BEGIN.finditer(text):
        end = _iban_end(text, begin.start())
        if end:
            yield Find(start=begin.start(), end=end, kind="iban", value=key(text[begin.start() : end]))
    for found in _IBAN_NAMED.finditer(text):
        yield _find(found, "iban", "it")
    for pattern in (_ACCOUNT, _BIC):
        for found in pattern.finditer(text):
            yield _find(found, "account", "it")


def government_ids(text: str) -> Iterator[Find]:
    """Find identity numbers of eleven countries by form and check digit, and others by words before them."""
    for pattern, proof in _PROVEN:
        for found in pattern.finditer(text):
            if proof(found[0]):
                yield Find(start=found.start(), end=found.end(), kind="government id", value=key(found[0]))
    for found in _NAMED_ID.finditer(text):
        if sum(sign.isdigit() for sign in found["it"]) >= 3:
            yield _find(found, "government id", "it")


def birth_dates(text: str) -> Iterator[Find]:
    """Find dates that the words before them make a birthday."""
    for found in _BIRTH_DATE.finditer(text):
        yield _find(found, "birth date", "it")


def orders(text: str) -> Iterator[Find]:
    """Find order, invoice, parcel and customer numbers by their form or by the words before them."""
    for found in _ORDER_FORM.finditer(text):
        yield Find(start=found.start(), end=found.end(), kind="order", value=key(found[0]))
    for found in _NAMED_ORDER.finditer(text):
        written = found["it"].rstrip("-/_.")
        digits = sum(sign.isdigit() for sign in written)
        code = digits >= 2 and len(written) >= 5 and written.isupper()
        if (digits < 3 and not code) or len(written) < 4 or (_YEAR.fullmatch(written) and not found["sure"]):
            continue
        start = found.start("it")
        yield Find(start=start, end=start + len(written), kind="order", value=key(written))


def _find(found: re.Match[str], kind: str, group: str) -> Find:
    return Find(start=found.start(group), end=found.end(group), kind=kind, value=key(found[group]))


def _cards_in(run: re.Match[str], cue: bool) -> Iterator[tuple[int, int, str]]:
    groups = [(run.start() + part.start(), run.start() + part.end()) for part in _DIGITS.finditer(run[0])]
    text = run.string
    first = 0
    while first < len(groups):
        found = _card_from(text, groups, first, cue)
        if not found:
            first += 1
            continue
        last, digits = found
        yield groups[first][0], groups[last][1], digits
        first = last + 1


def _card_from(text: str, groups: list[tuple[int, int]], first: int, cue: bool) -> tuple[int, str] | None:
    digits = ""
    best: tuple[int, str] | None = None
    for last in range(first, min(first + 19, len(groups))):
        start, end = groups[last]
        if len(digits) + end - start > 19:
            break
        digits += text[start:end]
        if len(digits) < 13 or len(set(digits)) == 1:
            continue
        spelled = cue and len(digits) == 16
        if spelled or ((cue or _CARD_BEGIN.fullmatch(digits)) and luhn.is_valid(digits)):
            best = last, digits
    return best


def _iban_end(text: str, start: int) -> int | None:
    length = _IBAN_LENGTHS.get(text[start : start + 2].upper())
    if not length:
        return None
    signs: list[str] = []
    for index in range(start, min(len(text), start + 3 * length)):
        if text[index].isascii() and text[index].isalnum():
            signs.append(text[index].upper())
        elif text[index] not in " -.\u00a0":
            return None
        if len(signs) == length:
            break
    if len(signs) < length or text[index + 1 : index + 2].isalnum():
        return None
    return index + 1 if mod_97_10.is_valid("".join(signs[4:] + signs[:4])) else None


_DIGITS = re.compile(r"\d++")
_DIGIT_RUN = re.compile(r"(?<![\w$\u20ac\u00a3+])\d(?:[ \t.\-/_\u00b7]{0,3}\d){12,}+(?!\w)")
_CARD_CUE = re.compile(
    r"(?:card|kart[aey]|karten?nummer|carte|tarjeta|cart[\u00e3a]o|carta|visa|mastercard|amex|maestro"
    r"|kreditkarte)[^\d\n]{0,24}$",
    re.I,
)
_CARD_BEGIN = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|3[47]\d{13}"
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12}(?:\d{3})?|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}"
    r"|62\d{14,17}|(?:5018|5020|5038|5[68]\d\d|6\d{3})\d{9,15}|220[0-4]\d{12}|(?:508|60|81|82)\d{14}"
    r"|9792\d{12}"
)
_CARD_CODE = re.compile(
    r"(?<![A-Za-z])(?:cvv2?|cvc2?|cid|card security code|pr\u00fcfziffer)(?:\s?(?:code|number|is"
    r"|nr))?[\s:=]{0,3}(?P<code>\d{3,4})(?!\d)",
    re.I,
)
_EXPIRY = re.compile(r"(?<!\d)(?P<date>(?:0?[1-9]|1[0-2])\s?[/-]\s?(?:20)?[2-4]\d)(?!\d|[/-]\d)")

_IBAN_BEGIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}(?=[ .-]?\d[ .-]?\d)")
_IBAN_NAMED = re.compile(
    r"\bIBAN(?:\s(?:is|ist|est|es|to|number|nr))?[:\s]{1,3}(?P<it>[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,7})", re.I
)
_IBAN_LENGTHS = {
    code[:2]: int(code[2:])
    for code in words(
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18"
        " DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23"
        " IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27"
        " MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19"
        " SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
    )
}
_ACCOUNT = re.compile(
    r"(?<![A-Za-z])(?:(?:bank )?account(?: (?:number|no\.?|nr|#))|acct(?: no\.?| #)?|iban|kontonummer"
    r"|konto(?:-?nr\.?)?|num\u00e9ro de compte"
    r"|n\u00famero de cuenta|numer konta|rekeningnummer|(?:aba |bank )?routing(?: (?:number|no\.?))?"
    r"|sort[ -]?code|blz|bankleitzahl)"
    r"(?:\s(?:is|ist|est|es|to))?[\s:=#]{1,3}(?P<it>\d(?:[ -]?\d){5,25})(?!\w)",
    re.I,
)
_BIC = re.compile(
    r"\b(?:BIC|SWIFT)(?:[ /-]?(?:BIC|SWIFT|[Cc]ode))?(?:\s(?:is|ist))?[\s:]{1,3}"
    r"(?P<it>[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"
)

_PROVEN: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        re.compile(r"(?<![\w-])\d{3}([- .])\d{2}\1\d{4}(?![\w-])"),
        lambda it: ssn.is_valid(it.replace(" ", "-").replace(".", "-")),
    ),
    (
        re.compile(r"(?<![\w-])(?-i:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]) ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w-])", re.I),
        lambda it: True,
    ),
    (re.compile(r"(?<![\w.-])\d{11}(?![\w-])"), pesel.is_valid),
    (re.compile(r"(?<![\w-])[2-9]\d{3}([ -])\d{4}\1\d{4}(?![\w -]\d|\w)"), aadhaar.is_valid),
    (
        re.compile(r"(?<![\w-])[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\w-])"),
        nir.is_valid,
    ),
    (re.compile(r"(?<![\w-])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![\w-])", re.I), codicefiscale.is_valid),
    (re.compile(r"(?<![\w-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])"), cpf.is_valid),
    (re.compile(r"(?<![\w-])756\.?\d{4}\.?\d{4}\.?\d{2}(?![\w-])"), swiss_ssn.is_valid),
    (re.compile(r"(?<![\w-])\d{8}-?[A-HJ-NP-TV-Z](?![\w-])", re.I), dni.is_valid),
    (re.compile(r"(?<![\w-])[XYZ]-?\d{7}-?[A-Z](?![\w-])", re.I), nie.is_valid),
    (re.compile(r"(?<![\w-])(?:19|20)?\d{6}[-+]\d{4}(?![\w-])"), personnummer.is_valid),
    (re.compile(r"(?<![\w-])[1-9]\d{16}[\dXx](?![\w-])"), ric.is_valid),
    (re.compile(r"(?<![\w-])[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z](?![\w-])"), pan.is_valid),
    (re.compile(r"(?<=Steuer-ID )\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-])"), idnr.is_valid),
    (re.compile(r"(?<=BSN )\d{9}(?![\w-])"), bsn.is_valid),
)
_NAMED_ID = re.compile(
    r"(?<![A-Za-z])(?:ssn|social security(?: (?:number|no\.?))?|sozialversicherungsnummer"
    r"|national insurance(?: (?:number|no\.?))?|nino|pesel|aadhaar|cpf"
    r"|bsn|dni|nie|nhs (?:number|no\.?)|tax (?:id|number|identification number)|steuer[ -]?(?:id|nummer"
    r"|identifikationsnummer)|itin|tin"
    r"|passport|reisepass(?:nummer)?|passeport|pasaporte|paszport|driv(?:er'?s?|ing) licen[cs]e"
    r"|f\u00fchrerschein|identity card|id card|personalausweis"
    r"|dow\u00f3d osobisty|national id)"
    r"(?:\s(?:number|no\.?|nr\.?|num|num\u00e9ro|numer|nummer|#))?(?:\s(?:is|ist|est|es|to"
    r"|was))?[\s:=#]{1,3}(?P<it>[A-Z]{0,5}\d(?:[ -]?[A-Z0-9](?-i:(?![a-z]))){4,20})(?![\w])",
    re.I,
)

_BIRTH_DATE = re.compile(
    r"(?<![^\W_])(?:born(?: on)?|birth ?da(?:y|te)|date of birth|dob|geb(?:oren|\.)(?: am)?|geburtsdatum"
    r"|n\u00e9e? le|nacid[oa] el"
    r"|fecha de nacimiento|date de naissance|data urodzenia|ur(?:odzon[ya]|\.))(?:\s(?:is|ist|est|es|to"
    r"|was))?[\s:]{1,3}"
    r"(?P<it>\d{1,4}[-./ ]{1,2}\d{1,2}[-./ ]{1,2}\d{2,4}|\d{1,2}(?:st|nd|rd|th"
    r"|\.)?\s[^\W\d_]{3,10}\.?,?\s\d{4}|[^\W\d_]{3,10}\s\d{1,2},?\s\d{4})(?!\w)",
    re.I,
)
_ORDER_FORM = re.compile(
    r"(?<![\w-])(?:\d{3}-\d{7}-\d{7}|\#[A-Z]{1,5}-?\d{3,}(?:-\d+)*"
    r"|1Z ?[0-9A-Z]{3} ?[0-9A-Z]{3} ?[0-9A-Z]{2} ?[0-9A-Z]{4} ?[0-9A-Z]{4}"
    r"|(?:INV|ORD|ORDER|PO|SO|RMA|CUST|KD|KDNR|TKT|BKG|REF|AUF|CMD|FAC|FV|FS|ACC|TRX|TXN|SHIP|BEST|RECH"
    r"|RG)[-_/#]{1,2}(?=[A-Z0-9]*\d)[A-Z0-9]{2,}(?:[-_/][A-Z0-9]+)*"
    r"|RF\d{2}(?: ?\d{4}){2,5}(?: ?\d{1,3})?)(?![\w-])"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED_ORDER = re.compile(
    r"(?<![^\W_])(?:order|invoice|booking|reservation|shipment|parcel|tracking|customer|client|member"
    r"(?:ship)?|reference|ref|confirmation|purchase|transaction|receipt"
    r"|case|ticket|policy|contract|subscription|account"
    r"|bestell(?:ung|nummer)|auftrag(?:snummer)?|rechnung(?:snummer)?|kunden?nummer|sendung(?:snummer)?"
    r"|commande|facture|num\u00e9ro de client|colis|pedido|factura|reserva"
    r"|encomenda|fatura|zam\u00f3wieni[ae]|faktur[ayę]|paczk[aię]|ordine|fattura|spedizione|bestelling"
    r"|factuur|klantnummer|\u0437\u0430\u043a\u0430\u0437\w?)"
    r"(?P<sure>[ -]?(?:number|numbers|no\.?|nr\.?|num|id|code|#|n\u00b0|nummer|num\u00e9ro|n\u00famero"
    r"|numero|numer|\u043d\u043e\u043c\u0435\u0440|\u2116|No)|\s?\#)?"
    r"(?:\s(?:is|was|ist|lautet|est|es|to|\u00e8))?\s?[:=#]?\s?\#?(?P<it>"
    r"(?=[A-Z_/-]{0,8}\d)[A-Z0-9][A-Z0-9_/-]{3,29})(?![\w%]|[.,:]\d)",
    re.I,
)
