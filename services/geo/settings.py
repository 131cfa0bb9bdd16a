"""What the geo service is told by its environment."""

from shared.settings import BaseServiceSettings


class Settings(BaseServiceSettings):
    """Where the directory draws its lines."""

    list_military: bool = False
    """Whether practitioners of category M (armed forces) are listed publicly."""

    most_delisted: float = 0.05
    """A file that would delist a larger share of its source waits until it is confirmed."""

    index_in_memory: bool = True
    """Whether this process answers searches from its own index; without it, from the read model."""
