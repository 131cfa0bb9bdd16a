"""What can be done here from a shell: the same acts as on the pages."""
