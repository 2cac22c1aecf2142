"""Residents' files and the original of a message, shown so that nothing in them can act."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
