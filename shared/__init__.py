"""Mechanism of event-sourced services; knows no word of the trade."""
