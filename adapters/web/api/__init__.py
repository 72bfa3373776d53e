"""The REST API, version 1: an application of its own, mounted under `/api/v1`."""

from adapters.web.api.app import create_api

__all__ = ["create_api"]
