"""Professionals, establishments and Vitale terminals, and where they are."""
