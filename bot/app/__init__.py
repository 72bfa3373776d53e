"""The shell around the rules: one transaction for each command, and the ear that turns sentences into commands."""

from bot.app.app import App
from bot.app.effects import Effects

__all__ = ["App", "Effects"]
