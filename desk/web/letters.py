"""Every letter the program can write, with sample facts, ours beside the landlord's own."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
