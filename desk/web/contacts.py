"""Logging what came by telephone, letter, visit or walkabout."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
