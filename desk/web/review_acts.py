"""Decisions from the review card: one, many, undone."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
