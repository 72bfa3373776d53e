"""What is found in an answer before it goes out, and what is left in peace."""

import pytest

from bot.privacy import Objection, objections

BAD = [
    (Objection.CONTACT, "Write to ann.helper@gmail.com and I will look at it."),
    (Objection.CONTACT, "You can get me at ann.helper (at) gmail (dot) com any time."),
    (Objection.CONTACT, "Call me on +44 7911 123456 and we sort it out."),
    (Objection.CONTACT, "My number is 202-555-0143, evenings are best."),
    (Objection.CONTACT, "My telegram is @fixer_ann99, easy to find."),
    (Objection.CONTACT, "Discord: ann_fixes, always online."),
    (Objection.CONTACT, "Please send me your phone number and I will explain."),
    (Objection.CONTACT, "Reach me at a\u200bnn@mail\u200b.com for more."),
    (Objection.SECRET_REQUEST, "Send me your password and I will check it."),
    (Objection.SECRET_REQUEST, "Please tell me the code you received by text."),
    (Objection.SECRET_REQUEST, "send me your card number so I can look it up"),
    (Objection.SECRET_REQUEST, "What is your password?"),
    (Objection.SECRET_REQUEST, "I'll need your login details to go on."),
    (Objection.SECRET_REQUEST, "Could you share your recovery phrase here?"),
    (Objection.SECRET_REQUEST, "Reply with your PIN and the last 4 digits."),
    (Objection.SECRET_REQUEST, "Don't worry, just send me your password."),
    (Objection.SECRET_REQUEST, "Don't hesitate to send me your verification code."),
    (Objection.SECRET_REQUEST, "Can you give us your full social security number?"),
    (Objection.SECRET_REQUEST, "I need the 6-digit code from your authenticator."),
    (Objection.SECRET_REQUEST, "send me\nyour password"),
    (Objection.SECRET_REQUEST, "Please provide your CVV and card number here."),
    (Objection.SECRET_REQUEST, "Schicken Sie mir bitte Ihr Passwort."),
    (Objection.SECRET_REQUEST, "Envoyez-moi votre mot de passe."),
    (Objection.SECRET_REQUEST, "Ｓｅｎｄ ｍｅ ｙｏｕｒ ｐａｓｓｗｏｒｄ please."),
    (Objection.REMOTE_CONTROL, "Install TeamViewer and read me the number."),
    (Objection.REMOTE_CONTROL, "Please download AnyDesk first."),
    (Objection.REMOTE_CONTROL, "We can fix this over TeamViewer in five minutes."),
    (Objection.REMOTE_CONTROL, "Let me control your screen for a moment."),
    (Objection.REMOTE_CONTROL, "Give me remote access and I will do it."),
    (Objection.REMOTE_CONTROL, "I can log in to your account and change it."),
    (Objection.REMOTE_CONTROL, "Share your screen with me, it is faster."),
    (Objection.PAYMENT, "Pay me $20 and I will fix it."),
    (Objection.PAYMENT, "Send me 20 dollars first."),
    (Objection.PAYMENT, "Send the money to my PayPal."),
    (Objection.PAYMENT, "Buy a gift card and send me the code."),
    (Objection.PAYMENT, "For a small fee I can unlock the account."),
    (Objection.PAYMENT, "You must pay a release fee to unlock it."),
    (Objection.PAYMENT, "Transfer the payment via Western Union."),
    (Objection.PAYMENT, "My Venmo is below if this helped."),
    (Objection.PRIVATE_CHAT, "DM me and I will explain."),
    (Objection.PRIVATE_CHAT, "Just message me when you are free."),
    (Objection.PRIVATE_CHAT, "Let's continue on WhatsApp."),
    (Objection.PRIVATE_CHAT, "Send me a private message with the details."),
    (Objection.PRIVATE_CHAT, "Join my Discord server for better help."),
    (Objection.PRIVATE_CHAT, "You can contact me directly, that is easier."),
    (Objection.PRIVATE_CHAT, "Add me on Telegram."),
    (Objection.PRIVATE_CHAT, "Can we talk in private about this?"),
    (Objection.PRIVATE_CHAT, "Better to talk outside this platform."),
    (Objection.REFUND_PROMISE, "We will refund you today."),
    (Objection.REFUND_PROMISE, "You will get a full refund."),
    (Objection.REFUND_PROMISE, "I'll make sure you get the money."),
    (Objection.REFUND_PROMISE, "I guarantee you a refund."),
    (Objection.REFUND_PROMISE, "Your refund has been approved."),
    (Objection.REFUND_PROMISE, "You'll be fully refunded within a week."),
    (Objection.REFUND_PROMISE, "I have issued a refund for the order."),
    (Objection.LINK, "Look at https://evil.example/login for the fix."),
    (Objection.LINK, "It is on https://acme.com@evil.io/reset now."),
    (Objection.LINK, "It is on https://evil.io@help.acme.com/reset now."),
    (Objection.LINK, "It is on https://evil.io\\@acme.com/reset now."),
    (Objection.LINK, "Open www.free-fix.net and follow the steps."),
    (Objection.LINK, "The tool is at bit.ly/3xYz9 for free."),
    (Objection.LINK, "Get it from evil-acme.com today."),
    (Objection.LINK, "See https://acme.com.evil.io/help for more."),
    (Objection.LINK, "See hxxps://evil.io/x for more."),
    (Objection.LINK, "See evil[.]io for more details."),
    (Objection.LINK, "See https://\u0430cme.com/help for more."),
    (Objection.LINK, "See ht\u202etps://evil.io/help for more."),
    (Objection.LINK, "See [the help page](https://203.0.113.9/help)."),
    (Objection.LINK, "Click javascript:alert(1) in the address bar."),
    (Objection.INSULT, "You are an idiot, read the manual."),
    (Objection.INSULT, "What a stupid question."),
    (Objection.INSULT, "Are you really too dumb to press a button?"),
    (Objection.INSULT, "Shut up and restart it."),
    (Objection.INSULT, "Go to hell with your phone."),
    (Objection.INSULT, "Du bist ein Vollidiot."),
    (Objection.INSULT, "f\u200buck you"),
    (Objection.IMPERSONATION, "I am an Acme employee and can see your account."),
    (Objection.IMPERSONATION, "I'm from the support team, we looked into it."),
    (Objection.IMPERSONATION, "I work for the company, trust me."),
    (Objection.IMPERSONATION, "This is Acme support, how can I help?"),
    (Objection.IMPERSONATION, "As a member of the staff I can change that."),
    (Objection.IMPERSONATION, "We are the official support team."),
    (Objection.IMPERSONATION, "On behalf of the company I am sorry."),
    (Objection.IMPERSONATION, "I'm a customer service representative."),
]

FINE = [
    "Your password was reset, so the old one no longer works.",
    "Use a credit card instead; prepaid cards are refused there.",
    "Never send anyone your password, not even people from the support team.",
    "Do not share your verification code with anybody.",
    "Nobody here will ask you to give us your password.",
    "If someone asks you to send them your PIN, report it.",
    "Enter your password on the login page and press Continue.",
    "Open Settings, then Security, and change your password.",
    "Google will send you a verification code; type it into the box.",
    "What is your password manager called?",
    "What is the error code you see?",
    "Send me the error code and the name of the app.",
    "Tell me your phone model and the version you use.",
    "Which card did you use, a debit or a credit card?",
    "What is your order status page showing now?",
    "Please confirm your password on the settings page.",
    "I need a bit more detail about the error before I can help.",
    "The PIN field is under Account, second from the top.",
    "Your card number is stored by the bank, so nobody sees it.",
    "We never ask for a password or a code.",
    "Uninstall TeamViewer, it blocks the audio driver.",
    "Never install AnyDesk for a stranger.",
    "Remote Desktop is not part of Windows Home.",
    "The remote control needs two new batteries.",
    "Let me know whether the screen turns black again.",
    "Give the app access to your photos under Privacy.",
    "Share your screen with other players from the game menu.",
    "Log in to your account and open the billing page.",
    "You can pay with PayPal at the checkout.",
    "Gift cards can be redeemed under Account, then Balance.",
    "The subscription costs $9.99 a month, 20 dollars for families.",
    "The bank sends the money back to the card you used.",
    "Bitcoin payments are not supported at the moment.",
    "Your bank may charge a small fee for foreign cards.",
    "Send the parcel back within 14 days.",
    "The app will call me a guest until I sign in, and you too.",
    "They call me every day as well; block the number in Settings.",
    "The system e-mails you a receipt after each payment.",
    "You can message the seller from the order page.",
    "Contact Acme staff with the button below this answer.",
    "My phone shows the same message after the update.",
    "It happened to me on Discord too; restarting the app helped.",
    "The WhatsApp app must be closed before you restore the backup.",
    "Private chats are kept for 30 days.",
    "You can ask for a refund under Orders, then Details.",
    "Refunds usually take five working days to arrive.",
    "Only Acme staff can decide about a refund.",
    "I cannot promise a refund, but staff can look at it.",
    "We will not refund anything here; staff decide that.",
    "Whether you get your money back depends on the seller.",
    "See https://acme.com/help for the steps.",
    "See https://help.acme.com:443/a?b=c#d for the steps.",
    "The guide is on docs.acme.com, section two.",
    "Rename setup.py to main.py and start it again.",
    "Use version 2.4.1 of Node.js, e.g. from the package list.",
    "Open the file README.md and follow it step by step.",
    "That sounds stupid, I know, but turn it off and on again.",
    "It is a foolproof way to reset the device.",
    "A dumb terminal has no memory of its own.",
    "The garbage collector frees it after a while.",
    "I am not an employee, just a customer like you.",
    "I'm a community expert and have used it for years.",
    "The support team can see your account, I cannot.",
    "I used to be a support agent years ago elsewhere.",
    "Our game has a shop; the staff of wisdom costs 40 gold.",
    "Ask the help desk of your school for the key.",
    "The order 123-1234567-1234567 style number is in your mail.",
    "It was fixed on 2024-05-13 at 14:22, in build 10.15.7.",
    "Wait 72 hours, then press the button for 10 seconds.",
    "The code is on the back of the box, next to the barcode.",
]


@pytest.mark.parametrize(("objection", "text"), BAD)
def test_what_must_not_reach_a_customer_is_found(objection: Objection, text: str) -> None:
    assert objection in objections(text, shortest_chars=1, links_allowed=("acme.com",))


@pytest.mark.parametrize("text", FINE)
def test_an_honest_answer_meets_no_objection(text: str) -> None:
    assert objections(text, shortest_chars=1, links_allowed=("acme.com",)) == ()


def test_there_are_enough_examples_of_both_and_of_every_kind() -> None:
    assert len(BAD) >= 60
    assert len(FINE) >= 60
    assert {kind for kind, _ in BAD} == set(Objection) - {Objection.TOO_SHORT, Objection.TOO_FAST}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Restart it.", True),
        (" " * 50 + "Restart it.\n\n\n", True),
        ("a \u200b" * 30, False),
        ("", True),
        ("x" * 40, False),
    ],
)
def test_padding_does_not_make_an_answer_longer(text: str, short: bool) -> None:
    assert (Objection.TOO_SHORT in objections(text, shortest_chars=40, links_allowed=())) is short


def test_invisible_padding_counts_for_nothing() -> None:
    assert Objection.TOO_SHORT in objections("ok" + "\u200b\u2060\u00ad" * 40, shortest_chars=40, links_allowed=())


def test_objections_come_once_each_and_in_the_order_of_the_enum() -> None:
    text = "You idiot. I am from the support team. DM me! DM me! See evil.io and https://evil.io/x. Send me your PIN."
    found = objections(text, shortest_chars=4000, links_allowed=())
    assert found == (
        Objection.TOO_SHORT,
        Objection.SECRET_REQUEST,
        Objection.PRIVATE_CHAT,
        Objection.LINK,
        Objection.INSULT,
        Objection.IMPERSONATION,
    )


@pytest.mark.parametrize(
    ("allowed", "host", "objected"),
    [
        ((), "acme.com", True),
        (("*",), "anything.example", False),
        (("acme.com",), "help.acme.com", False),
        (("acme.com",), "ACME.com.", False),
        (("acme.com",), "notacme.com", True),
        (("help.acme.com",), "acme.com", True),
        (("https://acme.com/", "*.fine.org"), "www.fine.org", False),
        (("https://acme.com/",), "acme.com:8443", False),
        (("",), "acme.com", True),
    ],
)
def test_a_link_is_measured_by_the_labels_of_its_host(allowed: tuple[str, ...], host: str, objected: bool) -> None:
    found = objections(f"The steps are on https://{host}/a for you.", shortest_chars=1, links_allowed=allowed)
    assert (Objection.LINK in found) is objected


@pytest.mark.parametrize("text", ["", "\x00\ud800\u202e", "\U000e0041" * 99, "@" * 5000, "send me your " * 4000])
def test_nothing_makes_the_checks_fail(text: str) -> None:
    objections(text, shortest_chars=40, links_allowed=("acme.com",))
