"""What a reader sees of the ledger, computed from read models: for the API, and for statements that fall due."""
