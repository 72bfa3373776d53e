"""Slack: experts and staff live in it, and customers can ask in it."""
