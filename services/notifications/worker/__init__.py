"""Sending: a requested message becomes one mail, whatever is killed on the way; and what comes back."""

from services.notifications.worker.effects import effects

__all__ = ["effects"]
