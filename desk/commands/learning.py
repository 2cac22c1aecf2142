"""``intake train --corrections`` and ``--rollback``: a landlord's own model, from what its staff put right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from classifiers.corrections import SOURCE, Correction, Judged, words_of_names
from classifiers.examples import example_from, labels_from
from classifiers.taxonomy import Category
from desk.commands.output import print_json, print_table
from desk.config import Settings, load_settings
from desk.site_model import model_folder
from handlers.clock import SystemClock
from handlers.watching import SIDES
from store.decided_rows import Decided, Said, decided_messages, sent_away
from store.engine import open_store

if TYPE_CHECKING:
    from classifiers.learning import Learnt, Site, Staff

RESTART = "A house that is running takes it up at its next start."


def learn_from_staff(config: Path | None, own: Path | None, base: Path | None, *, as_json: bool) -> int:
    """Make the landlord's own model from all corrections and put it to use where nothing speaks against it; return the exit code."""
    # What trains takes seconds to import, which no other command should wait for.
    from classifiers.learning import Site, learn  # noqa: PLC0415
    from classifiers.model_files import PACKAGED  # noqa: PLC0415
    from classifiers.site_models import alone  # noqa: PLC0415

    settings = load_settings(config)
    site = Site(own=own or model_folder(settings), base=base or PACKAGED, gazetteer=settings.classifier.gazetteer())
    with alone(site.own):
        learnt = learn(site, staff_of(settings), SystemClock().now())
        aside = _keep(learnt, site)
    if as_json:
        print_json(_as_json(learnt) | {"set_aside": aside})
    else:
        _show(learnt, site.own)
        if aside is not None:
            typer.echo(f"Set aside, so that the packaged model judges: {aside} {RESTART}")
    return 1 if learnt.refusal is not None else 0


def staff_of(settings: Settings) -> Staff:
    """Return what staff said of messages, from the store."""
    from classifiers.learning import Staff  # noqa: PLC0415

    with open_store(settings.store_url) as store, store.glance() as glance:
        found, away = decided_messages(glance, SIDES), sent_away(glance, SIDES)
    return Staff(corrections=[correction_of(one) for one in found], sent_away=away)


def correction_of(decided: Decided) -> Correction:
    """Return a decided message as the classifier learns from it, with who decided and why."""
    words = {"id": f"correction-{decided.person.message_id}", "subject": decided.subject, "text": decided.text}
    example = example_from({**words, "channel": decided.channel, **_labels(decided.person)}, SOURCE)
    machine = None if decided.machine is None else _judged(decided.machine, drawn=decided.drawn)
    return Correction(
        example=example,
        by=decided.person.by,
        why=decided.person.why,
        machine=machine,
        case=str(decided.case_id),
        sender=decided.sender or "",
        names=words_of_names(decided.names),
    )


def _labels(said: Said) -> dict[str, Any]:
    return {name: getattr(said, name) for name in ("category", "also", "flags", "reason")}


def _judged(said: Said, *, drawn: bool) -> Judged:
    return Judged(
        labels=labels_from(_labels(said)),
        scores={Category(name): score for name, score in said.scores.items()},
        automatic=said.route == "auto",
        code=said.why.partition(":")[0],
        model=said.model or "",
        drawn=drawn,
    )


def _keep(learnt: Learnt, site: Site) -> str | None:
    """Write down what came of it; return what is wrong with a model of the landlord's own that is therefore set aside."""
    from classifiers.site_models import in_use, note_refusal, put, set_aside  # noqa: PLC0415

    if learnt.refusal is not None:
        note_refusal(site.own, _as_json(learnt))
    if learnt.model is not None:
        put(learnt.model, site.own, _as_json(learnt))
        return None
    # Nothing takes the place of one that is damaged or outdated; left there, it would be a trouble for ever.
    trouble = in_use(site.own, site.base, site.encoder).trouble
    if trouble is not None:
        set_aside(site.own)
    return trouble


def _as_json(learnt: Learnt) -> dict[str, Any]:
    said: dict[str, Any] = {"model": learnt.model.name if learnt.model else None, "changes": learnt.changes}
    said |= {"seconds": round(learnt.seconds, 1), "bound": learnt.rebound.says}
    adapted: Mapping[str, Any] = learnt.model.about["adapted"] if learnt.model else {}
    gate = learnt.gate.as_json() if learnt.gate else {"objection": None}
    return {**said, "remark": learnt.remark, "learnt": dict(adapted), **gate}


def _show(learnt: Learnt, own: Path) -> None:
    from classifiers.learning import FEWEST  # noqa: PLC0415
    from desk.commands.judgement import show_scorecards  # noqa: PLC0415

    if learnt.gate is None:
        typer.echo(f"Nothing is learnt yet: {learnt.changes} messages were put right, and {FEWEST} are needed.")
        typer.echo(f"The bound stays: {learnt.rebound.says}.")
        return
    cards = learnt.gate.as_json()
    for part, title in (("held_back", "On the project's held-back part"), ("local", "On your own frozen messages")):
        typer.echo(f"{title}:")
        show_scorecards({name.replace("_", " "): cards[name][part] for name in ("packaged", "in_use", "new")})
    typer.echo(f"The bound: {learnt.rebound.says}.")
    if learnt.gate.objection is not None:
        typer.echo(f"What was learnt is refused: {learnt.gate.objection}.", err=True)
    if learnt.remark is not None:
        typer.echo(learnt.remark)
    if learnt.model is not None:
        strongest = learnt.model.about["adapted"].get("strongest", {})
        print_table(
            "Strongest words learnt", ["category", "words"], [[one, ", ".join(words)] for one, words in strongest.items()]
        )
        typer.echo(f"In use from now on: {learnt.model.name}, in {own} ({learnt.seconds:.0f} s). {RESTART}")


def take_back(config: Path | None, own: Path | None, base: Path | None, *, as_json: bool) -> None:
    """Let the model before the one in use come back, and say which is in use now."""
    from classifiers.model_files import PACKAGED  # noqa: PLC0415
    from classifiers.site_models import alone, in_use, roll_back  # noqa: PLC0415

    folder = own or model_folder(load_settings(config))
    with alone(folder):
        roll_back(folder)
    now = in_use(folder, base or PACKAGED)
    if as_json:
        print_json({"model": now.name, "folder": str(now.folder), "trouble": now.trouble})
    else:
        typer.echo(f"In use from now on: {now.name}. {RESTART}")
