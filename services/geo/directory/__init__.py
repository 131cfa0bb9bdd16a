"""The directory's files: how each is read, compared with the last one, and taken."""
