"""Chat platforms, one module or folder each; only those that are configured are imported."""

from importlib import import_module
from types import ModuleType
from typing import Final

PLATFORMS: Final = {
    "web": "adapters.web",
    "console": "adapters.console",
    "rehearsal": "adapters.rehearsal.adapter",
}


def platform(name: str) -> ModuleType:
    """The module with the adapter of `slack:acme:C0123`'s "slack". Raises KeyError for a platform there is none for."""
    return import_module(PLATFORMS[name])
