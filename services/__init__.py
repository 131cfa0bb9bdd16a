"""The services and the two edges; each stands alone."""
