"""The console: the fund's agents, operations, supervisors and auditors; what they do is recorded here."""
