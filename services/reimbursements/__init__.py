"""Reimbursements: what the fund pays back, to whom, what it keeps, and why."""
