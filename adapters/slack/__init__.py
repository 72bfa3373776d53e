"""Slack: experts and staff live in it, customers can ask in it. The library is slack-bolt, over sockets or HTTP."""

from adapters.slack.adapter import Slack
from adapters.slack.settings import SlackWorkspace

__all__ = ["Slack", "SlackWorkspace"]
