"""What would cost a lot of work, or give something away, if one part of the adapter took it as it comes."""

from adapters.discord.acts import Act
from adapters.discord.people import Member
from adapters.discord.rooms import Room
from adapters.discord.text import inert, mentioned


def test_a_chain_of_numbers_is_no_time_of_day() -> None:
    """Looked at to its end from each of its colons, a long one would take the square of its length."""
    assert inert("at 12:30:45, or 9:15") == "at 12:30:45, or 9:15"
    chain = "1" + ":11" * 2_000
    assert inert(chain).count("\\:") > 1_990


def test_only_what_can_be_an_id_names_somebody() -> None:
    assert mentioned("<@123> <@!45> <@123>") == ("123", "45")
    assert mentioned(f"<@{'1' * 300}> <@١٢٣>") == ()


def test_an_act_shows_neither_its_token_nor_anybody_s_words() -> None:
    words = {"components": [{"value": "my bank is the blue one"}]}
    act = Act(id="1", token="aW50", kind=5, data=words, member=Member(user="2"), room=Room(id="3"), message=words)
    assert "aW50" not in repr(act)
    assert "blue" not in repr(act)
