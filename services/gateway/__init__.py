"""The members' edge: pages in French, sessions, and calls to the services. It decides nothing and owns no event."""
