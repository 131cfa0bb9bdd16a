"""All commands of the console beside those of every service."""

import typer

from services.console.cli import (
    accounts,
    audit,
    audit_dossier,
    audit_keeping,
    audit_proofs,
    audit_samples,
    desk,
    doors,
    ops,
    two_persons,
)


def add_commands(app: typer.Typer) -> None:
    """Add them."""
    app.add_typer(accounts.app, name="accounts")
    app.add_typer(two_persons.app, name="approvals")
    app.add_typer(desk.app, name="desk")
    app.add_typer(desk.work_app, name="work")
    _ = audit_dossier, audit_keeping, audit_proofs  # they add their commands to `audit`
    audit.app.add_typer(audit_samples.app, name="sample")
    app.add_typer(audit.app, name="audit")
    app.add_typer(ops.app, name="ops")
    doors.add_doors(app)
