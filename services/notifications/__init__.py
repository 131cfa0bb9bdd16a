"""Notifications: what members are told, each message once."""
