"""Search over everything that was written or received."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
