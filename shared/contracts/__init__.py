"""The contracts of a service: JSON Schema and one example of every event it publishes."""
