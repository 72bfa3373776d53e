"""Makes what cannot be guessed and recognises it again: private links, cookies, form tokens and programs' keys."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from bot.model import QuestionId

_TOKEN_BYTES: Final = 32


def link_token(secret: bytes, question: QuestionId, generation: int) -> str:
    """The 256 bits that open a question's private page, 43 characters safe in an address.

    Derived, not stored: a leaked database opens no page, and "send me my links again" needs no new secret.
    """
    return _text(_mac(secret, "link", f"{question}:{generation}"))


def form_token(secret: bytes, visitor: str) -> str:
    """What a form must carry to show that this visitor was given it."""
    return _text(_mac(secret, "form", visitor))


def sign(secret: bytes, purpose: str, value: str) -> str:
    """`value.mac` for a cookie; what was signed for one purpose is not accepted for another."""
    return f"{value}.{_text(_mac(secret, purpose, value))}"


def signed_value(secret: bytes, purpose: str, signed: str) -> str | None:
    """The value that `sign` was given, or None for anything else."""
    value, dot, mac = signed.rpartition(".")
    return value if dot and same(mac, _text(_mac(secret, purpose, value))) else None


def same(one: str, other: str) -> bool:
    """Compares in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def random_token() -> str:
    """256 random bits, 43 characters safe in an address."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def fingerprint(*parts: str) -> str:
    """SHA-256 of the parts, hexadecimal; parts cannot run into each other."""
    digest = hashlib.sha256()
    for part in parts:
        sign_bytes = part.encode("utf-8", "surrogatepass")
        digest.update(len(sign_bytes).to_bytes(8, "big") + sign_bytes)
    return digest.hexdigest()


def _mac(secret: bytes, purpose: str, value: str) -> bytes:
    return hmac.digest(secret, f"{purpose}\0{value}".encode("utf-8", "surrogatepass"), "sha256")


def _text(mac: bytes) -> str:
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
