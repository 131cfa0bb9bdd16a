"""Whom a member may see."""

from shared.grants import views_of

views = views_of("cards")
