"""What must lie outside the log: hashes of codes, secrets of apps, invitations."""
