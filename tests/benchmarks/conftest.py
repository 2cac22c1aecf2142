"""A whole house for the tests that fill a store."""

from houses import house_of

__all__ = ["house_of"]
