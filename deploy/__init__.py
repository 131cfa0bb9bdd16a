"""How the account runs: on one machine for development and tests, and in containers."""
