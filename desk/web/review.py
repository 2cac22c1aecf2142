"""The review card: what the resident wrote, what the machine made of it and why, and what a person decides."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
