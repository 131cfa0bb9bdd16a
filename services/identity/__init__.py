"""Identity: who the members are, what the fund's register knows of them, and how they come in."""
