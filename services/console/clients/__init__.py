"""The services as the console asks them, for one of its people."""
