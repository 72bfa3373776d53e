"""Guildhall on the web: a REST API for programs, pages for customers, and the ground for the workspace."""

from adapters.web.adapter import Web
from adapters.web.app import create_app
from adapters.web.settings import WebSettings

__all__ = ["Web", "WebSettings", "create_app"]
