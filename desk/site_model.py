"""Which model judges here: the landlord's own, in ``model_dir`` or a folder beside the store, else the packaged one.

spaCy takes seconds and memory which a process that only receives should not spend: it is imported where a model is loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from classifiers.gazetteers import Gazetteer
from classifiers.verdict import Classifier
from desk.config import Settings
from desk.facts import NoClassifier

if TYPE_CHECKING:
    from classifiers.site_models import InUse

FOLDER: Final = "model"
SQLITE: Final = "sqlite:///"

log = structlog.get_logger(__name__)


def model_folder(settings: Settings) -> Path:
    """Return the folder of the landlord's own model; beside the key where the store is a server's."""
    if settings.model_dir is not None:
        return settings.model_dir
    file = settings.store_url.partition("?")[0].removeprefix(SQLITE)
    beside = Path(file) if settings.store_url.startswith(SQLITE) and file else settings.key_file
    return beside.parent / FOLDER


def model_in_use(settings: Settings) -> InUse:
    """Return which model is to be loaded, told from the files alone, in milliseconds; raises ``ModelError`` where none can be."""
    from classifiers.site_models import in_use  # noqa: PLC0415

    return in_use(model_folder(settings))


def name_of_model(settings: Settings) -> str:
    """Return its name, or ``none`` and why."""
    from classifiers.model_files import ModelError  # noqa: PLC0415

    try:
        return model_in_use(settings).name
    except ModelError as error:
        return f"none: {error}"


def trouble_with_model(settings: Settings) -> str | None:
    """Return what is wrong with the landlord's own model, if anything is."""
    from classifiers.model_files import ModelError  # noqa: PLC0415

    try:
        return model_in_use(settings).trouble
    except ModelError:
        return None


def classifier_of(settings: Settings) -> Classifier:
    """Load the model that judges here; where none can be loaded, return what says so of every message."""
    from classifiers.gazetteers_reading import GazetteerError  # noqa: PLC0415
    from classifiers.model_files import ModelError  # noqa: PLC0415

    try:
        return _loaded(settings, settings.classifier.gazetteer())
    except (ModelError, GazetteerError) as error:
        # Residents are answered without it: every message gets a receipt and a person (design 2.5).
        log.error("no classifier: everything waits for a person", reason=str(error))  # noqa: TRY400
        return NoClassifier(str(error))


def _loaded(settings: Settings, names: Gazetteer | None) -> Classifier:
    from classifiers.model_files import PACKAGED, ModelError  # noqa: PLC0415
    from classifiers.pipeline import load  # noqa: PLC0415

    chosen = model_in_use(settings)
    if chosen.trouble is not None:
        log.error("the landlord's own model is not as it should be", reason=chosen.trouble)
    try:
        return load(chosen.folder, gazetteer=names)
    except ModelError as error:
        if chosen.folder == PACKAGED:
            raise
        log.error("the landlord's own model cannot be loaded, and the packaged one judges", reason=str(error))  # noqa: TRY400
        return load(PACKAGED, gazetteer=names)
