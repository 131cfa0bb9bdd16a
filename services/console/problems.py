"""How refusals are answered where another program asks."""

from typing import Final

from shared.problems import ProblemCatalogue

PROBLEMS: Final = ProblemCatalogue(
    statuses={
        "sign-in-refused": 401,
        "role-refused": 403,
        "own-file": 403,
        "file-not-open": 409,
        "purpose-refused": 403,
        "staff-unknown": 404,
        "approval-unknown": 404,
        "inquiry-unknown": 404,
        "nobody-found": 404,
        "service-unknown": 404,
        "job-unknown": 404,
        "request-unknown": 404,
        "records-unbounded": 422,
        "sample-unknown": 404,
        "item-unknown": 404,
        "login-invalid": 422,
        "mandate-invalid": 422,
        "mandate-for-auditors": 422,
        "code-too-short": 422,
        "totp-wrong": 422,
        "invitation-invalid": 422,
        "caller-not-proved": 422,
        "try-later": 429,
        "tries-exhausted": 429,
        "look-ups-exhausted": 429,
    }
)
