"""What can be known from texts alone."""

from bot.knowledge.thanks import only_thanks

__all__ = ["only_thanks"]
