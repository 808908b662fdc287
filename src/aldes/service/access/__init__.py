"""Who asks: named people who sign in on this machine, and sign what they do."""

from aldes.service.access.gate import Gate

__all__ = ["Gate"]
