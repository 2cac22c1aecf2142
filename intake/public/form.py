"""The web form: one page, one question that must be answered, nothing typed is ever lost."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
