"""The built-in chat platform: what Slack would be for a community that has none. Loaded only when it is mounted."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from adapters.web.adapter import Web


def mount(app: "FastAPI", web: "Web") -> None:
    """Adds the workspace to the application, for `Web(mounts=...)`; one program has one workspace."""
    from adapters.web.workspace.mounting import mount_workspace

    mount_workspace(app, web)
