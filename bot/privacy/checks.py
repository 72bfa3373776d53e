"""What is looked at before an expert's answer goes to a customer."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from bot.privacy.cleaning import clean
from bot.privacy.contacts import emails
from bot.privacy.links import strange_links
from bot.privacy.phones import phones
from bot.privacy.reading import read

_REGIONS = ("DE", "US", "GB", "FR", "PL", "IN", "ES", "IT", "NL", "BR", "AU", "CH")


class Objection(Enum):
    """Why an answer waits; `TOO_FAST` is decided where the time of the claim is known."""

    TOO_SHORT = "too short"
    TOO_FAST = "too fast"
    CONTACT = "contact details"
    SECRET_REQUEST = "asks for a secret"
    REMOTE_CONTROL = "asks for remote control"
    PAYMENT = "asks for payment"
    PRIVATE_CHAT = "invites to a private chat"
    REFUND_PROMISE = "promises a refund"
    LINK = "link that is not on the list"
    INSULT = "insult"
    IMPERSONATION = "claims to be staff"


def objections(text: str, *, shortest_chars: int, links_allowed: Sequence[str]) -> tuple[Objection, ...]:
    """Say what speaks against sending `text`, in the order of `Objection`, each at most once.

    `shortest_chars` counts characters with every run of spaces as one. `links_allowed` are host names, each
    with all its subdomains; `"*"` allows every link. A sentence that warns ("never send anyone your password")
    is no request.
    """
    seen = read(clean(text)).text.replace("\u2019", "'").replace("\u2018", "'")
    lines = "\n".join(" ".join(line.split()) for line in seen.split("\n"))
    # Read a second time as one line: a request may be broken over two, and a line may begin one.
    found = {*_said(lines), *_said(lines.replace("\n", " "))}
    if len(" ".join(seen.split())) < shortest_chars:
        found.add(Objection.TOO_SHORT)
    if _gives_contact(seen):
        found.add(Objection.CONTACT)
    if strange_links(seen, links_allowed):
        found.add(Objection.LINK)
    return tuple(objection for objection in Objection if objection in found)


def _gives_contact(text: str) -> bool:
    return any(emails(text)) or any(phones(text, _REGIONS))


def _said(text: str) -> Iterator[Objection]:
    for objection, patterns in _SAID.items():
        if any(_is_meant(found) for pattern in patterns for found in pattern.finditer(text)):
            yield objection


def _is_meant(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 70) : found.start()]
    return not _WARNING.search(before) and not _NOT_ME.search(before[-24:] + found[0][:1])


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.I) for pattern in patterns)


# "Never", "do not" and their like turn a request into a warning, unless what they deny is hesitation.
_WARNING = re.compile(
    r"\b(?:never|do(?:es)? not|don'?t|doesn'?t|not|nobody|no one|no-one|none of us|won'?t|will not|cannot"
    r"|can't|shouldn'?t|mustn'?t|without|avoid|refuse to|instead of"
    r"|nie(?:mals)?|nicht|jamais|ne|nunca|nigdy|if (?:someone|anyone|somebody|anybody)|anyone who|whoever"
    r"|scammers?|nobody)\b"
    r"(?!,? (?:worry|hesitate|forget|be (?:shy|afraid)|mind))(?:[ \t]+(?!hesitate|worry|forget"
    r"|mind)[\w']+){0,6}[ \t]*$",
    re.I,
)
_NOT_ME = re.compile(r"\b(?:used to be|used to|once|formerly) \w?$", re.I)

_LEAD = (
    r"(?:(?:^|(?<=[.!?:;\n,(]))[ \t\n]{0,3}|\b(?:please|pls|plz|kindly|just|then|and|or|now|also|simply"
    r"|can you|could you|would you|will you|you can|you could|you should|you may"
    r"|you must|feel free to|want you to|need you to|have to|need to|hesitate to|forget to|better to"
    r"|easier to|let me know,?|you to|so|may i ask you to|to help you,?)[ \t\n]{1,2}(?:please )?)"
)
_SECRET = (
    r"(?:pass ?words?|pass ?codes?|pass ?phrase|pin(?: code| number)?|cvv2?|cvc2?|card (?:number|details"
    r"|info)\w*|credit card(?: \w+)?|debit card(?: \w+)?|bank (?:details|account)\w*"
    r"|(?:security|verification|log-?in|sign-?in|one[- ]time|2fa|mfa|otp|sms|auth\w*|recovery|backup"
    r"|reset|confirmation|access|6[- ]digit|six[- ]digit)[ -]?(?:codes?|pin)"
    r"|otp|codes? (?:you|that you|we|that we|they|which you|from the sms|from the text|from your (?:sms"
    r"|phone|text|e-?mail|authenticator|app)|in the (?:sms|text)|it sent|sent)"
    r"|social security(?: number)?|ssn|passport(?: \w+)?|seed phrase|recovery phrase|private key"
    r"|api[ -]key|secret key|access token|log-?in(?: details| data| info\w*)?|credentials|session cookie)"
)
_BETWEEN = (
    r"(?:(?:over|back|in full|a photo of|a screenshot of|a picture of|what|both|me|us|the|your|ur|a|my"
    r"|old|new|current|full|account|email|and|user ?name|paypal|apple|google|acme|last|\d digits|of"
    r"|credit|first) ){0,6}"
)
_HAND = (
    r"(?:send|give|tell|share|provide|dm|pm|message|email|e-mail|text|show|forward|paste|post|read|drop"
    r"|type|write|supply|hand)"
)
_TOOL = (
    r"(?:team ?viewer|any ?desk|rust ?desk|quick ?assist|logmein|ultra ?viewer|ammyy|supremo"
    r"|screen ?connect|splashtop|chrome remote desktop|zoho assist)"
)
_MESSENGER = (
    r"(?:whats ?app|telegram|discord|signal|skype|snapchat|instagram|insta|facebook|messenger|wechat"
    r"|viber|line|twitter|slack|zoom|e-?mail|phone)"
)
_PURSE = (
    r"(?:paypal|venmo|cash ?app|zelle|revolut|western union|bank account|iban|wallet|bitcoin address"
    r"|btc address|crypto wallet|ko-?fi|patreon|upi|pix)"
)
_STAFF = (
    r"(?:(?:an? |the |your )?(?:(?!(?:not|no|never|like|only|just|neither|hardly|sure|glad|sorry|using"
    r"|if)\b|\w+ing\b)\w+ ){0,2}?(?:employee|staff(?: member)?|member of (?:the )?(?:\w+ )?(?:staff|team)"
    r"|support (?:team|agent|rep\w*|staff|engineer|specialist)"
    r"|customer (?:service|support|care)(?: \w+)?|service (?:agent|rep\w*)|help ?desk(?: \w+)?|official "
    r"(?:\w+ )?(?:representative|support|agent|moderator)|representative|administrator|moderator"
    r"|account manager))"
)
_SAID: dict[Objection, tuple[re.Pattern[str], ...]] = {
    Objection.CONTACT: _compiled(
        rf"\b(?:my|me on|me at|me via) (?:{_MESSENGER})(?: (?:handle|name|user ?name|id|tag|number"
        rf"|account))?(?: is| =|:)? ?:? ?@?(?=[\w.#]{{0,30}}[\d_#@.])[\w.#]{{4,}}",
        r"\b(?:whats ?app|telegram|discord|skype|snapchat|instagram|insta|wechat|viber)(?: id| name"
        r"| handle| tag| me| me at)? ?[:=@] ?@?[\w.]{4,}",
        rf"{_LEAD}(?:{_HAND}) (?:me |us )(?:your|ur) (?:private |personal |mobile |own )?(?:phone|mobile"
        rf"|cell|e-?mail|whats ?app|telegram|discord|number)\b(?! (?:model|type|brand|version|settings"
        rf"|plan|provider|app))",
    ),
    Objection.SECRET_REQUEST: _compiled(
        rf"\b{_HAND} (?:me|us) {_BETWEEN}{_SECRET}\b",
        rf"{_LEAD}(?:{_HAND}|reply with|respond with|answer with|confirm|let me have|enter|verify) "
        rf"(?:your|ur|the) {_BETWEEN}{_SECRET}\b(?! (?:to|at|on|in|with|through|via|under|into) (?!me|us"
        rf"|this|here|the (?:chat|thread|reply)))(?! (?:page|field|settings?|form|screen|reset|policy"
        rf"|again|box|manager))",
        rf"\b(?:i|we)(?:'ll| will| would|'d)?(?: also| just| only| still)? (?:need|require|want"
        rf"|have to have|must have)(?: to (?:have|know|see|check))? (?:your|ur|the) {_BETWEEN}{_SECRET}\b"
        rf"(?! (?:page|field|reset|policy|to be))",
        rf"\bwhat(?:'s| is| was) (?:your|ur|the) (?!problem){_BETWEEN}{_SECRET}\b(?! (?:page|field|reset"
        rf"|policy|format|length|error|settings?|manager|app))",
        r"\b(?:schick\w*(?: sie)?|senden? sie|gib|geben sie|nenn\w*|sag\w*) (?:mir|uns) (?:\w+ ){0,3}"
        r"(?:passwort|kennwort|pin|tan|code|kartennummer)",
        r"\b(?:envoyez|donnez|envoie|donne)[ -](?:moi|nous) (?:\w+ ){0,2}(?:mot de passe|code"
        r"|num\u00e9ro de carte)",
        r"\b(?:env\u00ed[ea]me|d[ai]me|m\u00e1ndame) (?:\w+ ){0,2}(?:contrase\u00f1a|clave|pin"
        r"|c\u00f3digo|n\u00famero de tarjeta)",
        r"\b(?:wy\u015blij|podaj|przeslij|prze\u015blij)(?: mi| nam)? (?:\w+ ){0,2}(?:has\u0142o|pin|kod"
        r"|numer karty)",
    ),
    Objection.REMOTE_CONTROL: _compiled(
        rf"\b(?<!un)(?:install|download|open|run|launch|start|use|get|grab|set up|join|via|through|over"
        rf"|on) (?:\w+ ){{0,3}}?{_TOOL}\b",
        r"\b(?:let|allow|give|grant) (?:me|us) (?:to )?(?:\w+ ){0,2}?(?:control|remote|remotely|access"
        r"|connect|take over)\b(?! (?:to )?(?:the )?(?:log|error|docs))",
        r"\b(?:i|we)(?:'ll| will| can| could| would)(?: then| just| quickly)? (?:take over|control"
        r"|connect to|remote into|remote in to|log ?in(?:to| to)?|sign in to|access) (?:your|ur) "
        r"(?:\w+ )?(?:computer|pc|screen|machine|mac|laptop|phone|device|account|desktop|browser)",
        r"\bshare (?:your )?screen with (?:me|us)\b|\b(?:start|do|set up|have) a (?:remote"
        r"|screen[- ]sharing) session\b|\bremote (?:session|access) (?:with|for) me\b",
    ),
    Objection.PAYMENT: _compiled(
        rf"{_LEAD}(?:pay|tip|donate to|venmo|zelle|paypal|cash ?app) (?:me|us)\b",
        r"\b(?:send|transfer|wire) (?:me|us) (?:\w+ ){0,2}?(?:[$\u20ac\u00a3] ?\d|\d+ ?(?:[$\u20ac\u00a3]"
        r"|dollars?|euros?|usd|eur|bucks|pounds)|money|a tip|a (?:small )?fee|bitcoin|btc|crypto|eth\b"
        r"|usdt)",
        rf"\b(?:to|on|via|into|at|is|here is|here's|use) my {_PURSE}\b|\bmy {_PURSE} (?:is\b|link\b|:)",
        r"\b(?:send|transfer|wire) (?:the )?(?:[$\u20ac\u00a3] ?\d+|\d+ ?(?:dollars?|euros?|usd|eur"
        r"|pounds)|money|payment|the (?:fee|amount)) (?:\w+ ){0,2}?(?:to (?:me|us|my|this)\b|(?:via|by"
        r"|through|with|in) (?:western|bitcoin|crypto|gift|wire|paypal|venmo|zelle))",
        r"\b(?:buy|get|purchase|send|scratch)(?: me| us)? (?:a |an |some |two |\$?\d+ ?\w* )?(?:\w+ )?"
        r"(?:gift ?cards?)\b(?=[^.\n]{0,60}\b(?:code|send|me|photo|number|back)\b)",
        r"\bfor (?:only |just )?(?:a (?:small |little |tiny )?(?:fee|tip|donation)|[$\u20ac\u00a3] ?\d+"
        r"|\d+ ?(?:dollars?|euros?|bucks|pounds|[$\u20ac\u00a3])),? (?:i|we)(?:'ll| can| will| could)\b",
        r"\bi (?:charge|take|ask for) (?:only |just |about )?(?:[$\u20ac\u00a3] ?\d|\d+ ?(?:dollars?"
        r"|euros?|bucks|pounds|[$\u20ac\u00a3])|a (?:small )?fee)",
        r"\bpay (?:a|the|this) (?:small |one[- ]time )?(?:release|processing|unlock\w*|verification"
        r"|activation|handling|recovery) fee\b",
    ),
    Objection.PRIVATE_CHAT: _compiled(
        rf"{_LEAD}(?:dm|pm|message|text|call|e-?mail|write(?: to)?|contact|add|reach(?: out to)?|ping"
        rf"|inbox|hit up|whats ?app|ring|phone|skype|find|follow|talk to) me\b(?! (?:if it|know|that) )",
        r"\b(?:send|drop|shoot|write) me (?:a |an )?(?:dm|pm|private message|direct message|message"
        r"|e-?mail|mail|text|line|note)\b(?! (?:from|in) (?:the|this) (?:thread|question|page))",
        rf"\b(?:let'?s|we can|we could|can we|could we|shall we) (?:\w+ ){{0,2}}?(?:talk|chat|move"
        rf"|continue|speak|discuss|switch|go|take) (?:\w+ ){{0,4}}?(?:on|in|to|over|via|at) "
        rf"(?:{_MESSENGER}\b|private|dms?\b|a private)",
        r"\bjoin (?:my|our) (?:private |own )?(?:\w+ )?(?:discord|telegram|whats ?app|server|group"
        r"|channel|chat)\b",
        rf"\b(?:my|(?:add|find|reach|contact|message|text|get|ping|hit|catch|ask|follow|join|write) me "
        rf"(?:on|via|in|at|through)|i'?m on|i am on) "
        rf"(?:{_MESSENGER.replace('|line', '').replace('|phone', '').replace('|slack', '')})\b(?! (?:app"
        rf"|account|settings|client|notif|shows|says|also|is (?:slow|down|broken|not)))",
        r"\b(?:contact|message|reach|write to) me (?:directly|privately|outside|off)|\b(?:outside|off) "
        r"(?:of )?this (?:platform|site|chat|system)\b",
        r"\bschreib(?:en sie)? mir (?:privat|auf|per|eine)|\bcontacte[zr]?-moi|\bescr\u00edbeme"
        r"|\bnapisz do mnie",
    ),
    Objection.REFUND_PROMISE: _compiled(
        r"\b(?:i|we)(?:'ll| will| can| am going to|'m going to| are going to|'re going to| shall"
        r"| promise to| have| just|'ve)(?: personally| gladly| happily| also| already| just)? (?:refund"
        r"(?:ed)?|reimburse[d]?|compensate[d]?|waive[d]?|credit(?:ed)? your|(?:issue|give|get|send"
        r"|process|arrange|offer)[d]? you (?:a |an |your |the )?(?:full |partial )?(?:refund|money"
        r"|compensation|credit|discount|voucher)|(?:issue|process|arrange|approve)[d]? (?:a|the|your) "
        r"(?:full |partial )?refund|make sure you (?:get|are|receive))\b(?=[^.\n]{0,60})",
        r"\byou(?:'ll| will| are going to|'re going to)(?: definitely| certainly| surely| all| also"
        r"| automatically)? (?:get|receive|have|be given|be getting|be sent) (?:a |an |your |the |all "
        r"|all your )?(?:full |partial |complete )?(?:refund|money back|reimbursement|compensation"
        r"|cash back)",
        r"\byou(?:'ll| will) be (?:fully |definitely )?(?:refunded|reimbursed|compensated)\b",
        r"\b(?:guarantee|promise|assure)\w*(?: you)? (?:\w+ ){0,6}?(?:refund|money back|reimbursement"
        r"|compensation|refunded)\b",
        r"\byour (?:full )?(?:refund|money|reimbursement) (?:is|has been|was|will be|is being) "
        r"(?:approved|guaranteed|granted|on its way|on the way|issued|sent|processed|paid|returned"
        r"|refunded)\b",
        r"\brefund is (?:guaranteed|certain|on its way)|\b(?:sie|du) (?:bekommen|bekommst|erhalten"
        r"|erh\u00e4ltst) (?:\w+ ){0,3}(?:erstattung|geld zur\u00fcck)",
    ),
    Objection.INSULT: _compiled(
        r"\b(?:you|your|u|ur|you're|youre|are you|what an?|such an?) (?:are |r |must be |really |so |a "
        r"|an |all |fucking |complete |total |absolute |little |bloody |being |just |too )*(?:idiot\w*"
        r"|moron\w*|stupid|dumb(?!bell)|imbecile\w*|retard\w*|fools?|cretin|loser|clown|pathetic"
        r"|brain ?dead|scum|trash|garbage|worthless|ignorant|lazy|incompetent)\b",
        r"\b(?:idiots?|moron|imbecile|retard(?:ed)?|dumb ?ass|ass ?hole|arsehole|bitch|bastard|cunt"
        r"|wanker|dick ?head|douche(?:bag)?|twat|stfu|motherfucker)\b",
        r"\b(?:fuck|screw|damn) (?:you|off|u)\b|\bshut (?:the \w+ )?up\b|\bgo to hell\b|\bpiss off\b"
        r"|\bkill yourself\b|\bkys\b|\bwtf is wrong with you\b|\buse your brain\b",
        r"\b(?:what an?|your|you|another|such an?|these|just an?) (?:\w+ )?(?:stupid|dumb|idiotic"
        r"|moronic) (?:question|customer|user|person|people|man|woman|boomer)s?\b",
        r"\b(?:arschloch|dummkopf|schwachkopf|vollidiot|trottel|halt die klappe|connard|imb\u00e9cile"
        r"|abruti|ta gueule|gilipollas|est\u00fapido|pendejo|kretyn|debil|zamknij si\u0119|stronzo"
        r"|cretino)\b",
    ),
    Objection.IMPERSONATION: _compiled(
        rf"\b(?:i|we)(?:'m| am|'re| are)(?: actually| really| in fact| currently)? (?:part of |from "
        rf"|with |in |on )?(?:the )?{_STAFF}\b(?!,? (?:once|in the past))",
        r"\bi(?:'m| am) (?:from|with) (?-i:[A-Z]\w+) (?:support|staff|customer service|team|security)\b",
        r"\b(?:i|we) work (?:here|for (?:the |this )?company|at (?:the |this )?company|in (?:the )?"
        r"(?:\w+ )?(?:support|service|billing)(?: team| department)?|for (?:the )?(?:\w+ )?(?:support"
        r"|service)(?: team)?)\b",
        rf"\b(?:as|speaking as) {_STAFF}\b(?! (?:told|said|explained|wrote))(?=[ ,]{{1,2}}(?:i|we|let me"
        rf"|my|here|of)\b)",
        r"\b(?:this is|here is|you are talking to|you're talking to|you have reached) (?:the |your "
        r"|our )?(?:official )?(?:\w+ )?(?:support(?: team)?|customer (?:service|support|care)|help ?desk"
        r"|staff|security team)\b(?! (?:page|article|forum|link|site|form|matter|question|ticket|document"
        r"|hour))",
        r"\bon behalf of (?:the |our )?(?:\w+ )?(?:company|support|team|staff|customer service)\b|\b"
        r"(?:our|my) (?:colleagues? (?:at|in) (?:the )?(?:support|billing)|support (?:team|department)"
        r"|billing department|supervisor)\b",
        r"\bich (?:bin|arbeite) (?:\w+ ){0,3}(?:mitarbeiter(?:in)?|support(?:-team)?|kundendienst)|\bje "
        r"(?:suis|travaille) (?:\w+ ){0,3}(?:employ\u00e9e?|support|service client)",
    ),
}
