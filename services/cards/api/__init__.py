"""The cards service over HTTP: members, agents, and those who read the list of oppositions."""
