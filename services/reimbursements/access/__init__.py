"""What lies beside the log, and how it is found."""
