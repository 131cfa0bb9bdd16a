"""Sending: a requested message becomes one mail, whatever is killed on the way."""

from services.notifications.worker.effects import effects

__all__ = ["effects"]
