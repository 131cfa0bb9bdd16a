"""For tests only: given/when/then, the cases every store must pass, and fakes that pass them."""
