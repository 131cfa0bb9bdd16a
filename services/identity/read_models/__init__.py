"""One file for each question a member asks; all of it can be rebuilt from the log."""
