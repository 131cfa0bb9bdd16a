"""Composition of a service: definition, running parts, worker, command line."""

from shared.service.cli import command_line
from shared.service.definition import Aggregate, Definition
from shared.service.roles import build_app
from shared.service.running import Service

__all__ = ["Aggregate", "Definition", "Service", "build_app", "command_line"]
