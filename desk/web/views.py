"""Views of the queue that a person saved under a name."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
