"""What the doctor says: one thing that was looked at, and the cure when it is not well."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; without a `cure` it is well. `advice` says what would be better still."""

    about: str
    sentence: str
    cure: str = ""
    advice: str = ""
