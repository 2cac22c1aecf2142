"""The house that these tests share."""

from houses import house_of

__all__ = ["house_of"]
