"""Documents: PDF/UA from versioned templates, and an encrypted archive for files outside the log (DESIGN §8)."""

from shared.documents.archive import Archive, OwnerErased, TooLarge
from shared.documents.renderer import RENDERER, Renderer, RenderingFailed

__all__ = ["RENDERER", "Archive", "OwnerErased", "Renderer", "RenderingFailed", "TooLarge"]
