"""The list of stories that are not told in Discord is true: each is a story, and none that is told looks elsewhere."""

import importlib
import inspect

from tests.discord_stories import IN_DISCORD, IN_FORUM, LEFT_OUT

STORIES = {
    name: inspect.getsource(story)
    for module in sorted(IN_DISCORD)
    for name, story in vars(importlib.import_module(f"tests.stories.{module}")).items()
    if name.startswith("test_")
}


def test_what_is_left_out_is_a_story_with_a_reason() -> None:
    assert set(LEFT_OUT) <= set(STORIES)
    assert all(LEFT_OUT.values())
    assert IN_FORUM <= IN_DISCORD


def test_no_story_in_discord_looks_at_the_screen_in_the_same_process() -> None:
    """It would show nothing, and so whatever is not to be seen would not be seen."""
    looking = [name for name, source in STORIES.items() if "world.screen" in source and name not in LEFT_OUT]
    assert looking == []
