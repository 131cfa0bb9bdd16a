"""The account for programs: what the pages do, over the same clients, with tokens for cookies and JSON for forms."""
