"""Invented members: plausible families with valid numbers, written as the feeds that the fund would send."""
