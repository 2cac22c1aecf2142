"""A case on one page: who, what is owed and when, everything that was said and done."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
