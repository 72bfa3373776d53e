"""Names for things that are only names, and the spoken number of a question."""

import re
from typing import Final, NewType

QuestionId = NewType("QuestionId", int)  # 1, 2, 3 ... from the database's sequence
PersonId = NewType("PersonId", str)  # random, never shown to other people
CategoryName = NewType("CategoryName", str)  # a short slug: "billing"
FileId = NewType("FileId", int)
Place = NewType("Place", str)  # where a post can go: "web:billing", "slack:acme:C0123", "web:@<person>"

# Digits and letters without I, L, O and U, which are misheard, and without Q, which opens every number.
_SIGNS: Final = "0123456789ABCDEFGHJKMNPRSTVWXYZ"
_HEARD_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_SHORTEST: Final = 3
_STRIDE: Final = 6_700_417  # any number that 31 does not divide makes the scramble a bijection
_START: Final = 20_023  # so that the first number does not look like a first number


def spoken_number(question: QuestionId) -> str:
    """`Q7K3`: short, easy to say aloud, and telling nothing about how many questions there are."""
    offset, length = question - 1, _SHORTEST
    assert offset >= 0, "question ids start at 1"
    while offset >= len(_SIGNS) ** length:
        offset -= len(_SIGNS) ** length
        length += 1
    size = len(_SIGNS) ** length
    scrambled = (offset * _STRIDE + _START) % size
    signs = []
    for _ in range(length):
        scrambled, digit = divmod(scrambled, len(_SIGNS))
        signs.append(_SIGNS[digit])
    return "Q" + "".join(reversed(signs))


def read_number(text: str) -> QuestionId | None:
    """The question a person means by `q7k3`, `Q7K-3` or `#Q7KO` (O read as 0, I and L as 1), or None."""
    plain = re.sub(r"[\s#-]", "", text).upper()
    if not re.fullmatch(r"Q[0-9A-Z]{3,9}", plain):
        return None
    signs = plain[1:].translate(_HEARD_AS)
    if any(sign not in _SIGNS for sign in signs):
        return None
    size = len(_SIGNS) ** len(signs)
    scrambled = 0
    for sign in signs:
        scrambled = scrambled * len(_SIGNS) + _SIGNS.index(sign)
    offset = (scrambled - _START) * pow(_STRIDE, -1, size) % size
    shorter = sum(len(_SIGNS) ** length for length in range(_SHORTEST, len(signs)))
    return QuestionId(shorter + offset + 1)


LINK_CODES: Final = len(_SIGNS) ** 8  # how many there are


def link_code(number: int) -> str:
    """`7F3K-92RX` for a number below `LINK_CODES`: typed once, on another platform."""
    signs = []
    for _ in range(8):
        number, digit = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[digit])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def read_link_code(text: str) -> str | None:
    """The code that a person means by `7f3k 92rx` (O read as 0, I and L as 1, U as V), or None."""
    plain = re.sub(r"[\s\-‐-―_.]", "", text).upper().translate(_HEARD_AS)
    if len(plain) != 8 or any(sign not in _SIGNS for sign in plain):
        return None
    return f"{plain[:4]}-{plain[4:]}"


def platform_of(place: Place) -> str:
    """`slack` for `slack:acme:C0123`: the name of the adapter that serves the place."""
    return place.split(":", 1)[0]


def is_direct(place: Place) -> bool:
    """Whether one person alone reads there: `slack:acme:@U0123`, `web:@<person>`."""
    return place.rpartition(":")[2].startswith("@")


def direct_place(platform: str, whom: str) -> Place:
    """The place where one person alone reads, on one platform."""
    return Place(f"{platform}:@{whom}")
