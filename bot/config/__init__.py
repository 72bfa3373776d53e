"""The settings: what `guildhall.toml` and the environment may say, and what to tell people who mistype it."""

from bot.config.discord import DiscordBotSettings, DiscordServerTable, DiscordTable
from bot.config.reading import FILE_NAME, BadConfig, known_settings, read_category, read_config, settings_file
from bot.config.slack import Secret, SlackSettings, SlackTable
from bot.config.tables import CategoryTable, Company, Config, Log
from bot.config.values import amount_text, hours_text, read_address, read_amount, read_hours, read_unit

__all__ = [
    "FILE_NAME",
    "BadConfig",
    "CategoryTable",
    "Company",
    "Config",
    "DiscordBotSettings",
    "DiscordServerTable",
    "DiscordTable",
    "Log",
    "Secret",
    "SlackSettings",
    "SlackTable",
    "amount_text",
    "hours_text",
    "known_settings",
    "read_address",
    "read_amount",
    "read_category",
    "read_config",
    "read_hours",
    "read_unit",
    "settings_file",
]
