"""Who works here, what each has looked at and why, and what takes two persons."""
