"""Teams, officers, absence and who may be given what."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
