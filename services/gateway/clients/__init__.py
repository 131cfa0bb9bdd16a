"""The services as the gateway calls them: one module each, so that a mismatch is mended in one place."""
