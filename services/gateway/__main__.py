"""`python -m services.gateway all`: the members' site."""

import typer
import uvloop

from services.gateway.main import run
from services.gateway.settings import GatewaySettings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.command(name="all")
def everything() -> None:
    """Serve the pages until stopped."""
    uvloop.run(run(GatewaySettings()))


@app.command(name="api")
def api() -> None:
    """The same: the gateway has no other part."""
    everything()


if __name__ == "__main__":
    app()
