"""The settings: what `guildhall.toml` and the environment may say, and what to tell people who mistype it."""

from bot.config.reading import FILE_NAME, BadConfig, read_config
from bot.config.tables import CategoryTable, Config
from bot.config.values import amount_text, hours_text, read_amount, read_hours

__all__ = [
    "FILE_NAME",
    "BadConfig",
    "CategoryTable",
    "Config",
    "amount_text",
    "hours_text",
    "read_amount",
    "read_config",
    "read_hours",
]
