"""What the cards service is told by its environment."""

from shared.settings import BaseServiceSettings


class Settings(BaseServiceSettings):
    """Nothing of its own yet."""
