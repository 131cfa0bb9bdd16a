"""Lines of other systems' files and events of other services, read tolerantly, and the commands they become."""
