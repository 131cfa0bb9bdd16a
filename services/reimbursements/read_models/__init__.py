"""Read models of the reimbursements service: one file for each question of a member."""
