"""Ours beside the raw limit of the same machine, in one run: ratios, never seconds alone."""
