"""Communes and postcodes of France, overseas included, with a centre where an open data set gives one."""

from services.geo.domain.spelling import normal
from services.geo.gazetteer.communes import Commune, Gazetteer, load

__all__ = ["Commune", "Gazetteer", "load", "normal"]
