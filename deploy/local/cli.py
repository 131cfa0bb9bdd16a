"""The command line: one file for each group of commands, listed here."""

import typer

from deploy.local.commands import lifecycle, look, prepare, seed, tools

app = typer.Typer(
    help="The whole account on one machine.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
for group in (lifecycle, look, prepare, seed, tools):
    group.register(app)
