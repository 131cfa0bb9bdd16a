"""Feeds: signed and numbered files of JSON lines from outside (the fund's register, a card maker)."""

from shared.feeds.format import Feed, Kind, Line, Order, Report
from shared.feeds.importer import FeedImporter
from shared.feeds.log import FEED_EVENTS, FeedAccepted, FeedStarted, feed_log

__all__ = [
    "FEED_EVENTS",
    "Feed",
    "FeedAccepted",
    "FeedImporter",
    "FeedStarted",
    "Kind",
    "Line",
    "Order",
    "Report",
    "feed_log",
]
