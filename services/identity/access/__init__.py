"""Who may come in: proofs, codes, links and tries. What is kept here lies outside the log, without a plain value."""
