"""What others say, read tolerantly and turned into commands of ours: the fund's register, and cards' events."""
