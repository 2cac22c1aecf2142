"""A resident's own page of a case."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
