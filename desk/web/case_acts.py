"""What people do to a case: correct its definition, note, link, restrict, finish tasks."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
