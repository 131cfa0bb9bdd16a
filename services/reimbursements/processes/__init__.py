"""Process managers of the reimbursements service."""
