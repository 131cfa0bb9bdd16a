"""All pages of the console, each a module with a router."""

from typing import Final

from services.console.pages import (
    account,
    accounts,
    audit,
    audit_dossier,
    audit_findings,
    audit_keeping,
    audit_proofs,
    audit_records,
    audit_samples,
    desk,
    home,
    inquiries,
    operations,
    parked,
    replays,
    sign_in,
    streams,
    two_persons,
    work,
)

PAGES: Final = (
    sign_in,
    home,
    account,
    accounts,
    inquiries,
    two_persons,
    desk,
    work,
    operations,
    streams,
    parked,
    replays,
    audit,
    audit_dossier,
    audit_findings,
    audit_keeping,
    audit_proofs,
    audit_records,
    audit_samples,
)
