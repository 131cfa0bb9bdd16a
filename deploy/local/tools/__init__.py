"""What must be on the machine: found, installed, downloaded or built once."""
