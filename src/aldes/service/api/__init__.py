"""The JSON interface: the same decision document, the same acts, described by OpenAPI."""

from aldes.service.api.routes import router

__all__ = ["router"]
