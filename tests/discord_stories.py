"""Which of the core's stories play in Discord too, in which kind of channel, and why the others do not."""

from typing import Final

from tests.slack_stories import LEFT_OUT as LEFT_OUT_OF_SLACK

TEXT: Final = "discord-text"
FORUM: Final = "discord-forum"

IN_DISCORD: Final = frozenset(
    {
        "test_loop",
        "test_claiming",
        "test_staff",
        "test_verdicts",
        "test_corners",
        "test_channels_and_hours",
        "test_trouble",
        "test_files",
    }
)
IN_FORUM: Final = frozenset({"test_loop", "test_verdicts"})

# By story. What Slack leaves out because of the screen in the same process is left out here for the same reason.
LEFT_OUT: Final = {**LEFT_OUT_OF_SLACK}


def ways_of(module: str, story: str) -> tuple[str, ...]:
    """The ways in which the story is told in Discord: none, in text channels, in forums as well."""
    name = module.rpartition(".")[2]
    if name not in IN_DISCORD or story in LEFT_OUT:
        return ()
    return (TEXT, FORUM) if name in IN_FORUM else (TEXT,)
