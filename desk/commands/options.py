"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file (TOML).")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
