"""A mail server that keeps what it is sent and shows it on a page: for development and tests alone."""
