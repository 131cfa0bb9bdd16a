"""The ledger of a household: pure rules, in integer cents, each with the article that set it."""
