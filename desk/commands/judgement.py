"""``intake classify``, ``intake score`` and ``intake train``: the classifier by itself, without a database."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from desk.commands.judging_lines import Line, question, read_lines, verdict_line
from desk.commands.output import print_json, print_table
from desk.commands.serve import ConfigOption
from desk.config import load_settings
from handlers.rows import MACHINE, SWEEP
from store.casefile import corrections_by_people
from store.engine import open_store

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ModelFolder = Annotated[Path | None, typer.Option("--model", help="Folder of the model; the packaged one by default.")]


def _stop(sentence: str, code: int = 2) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _classifier(folder: Path | None) -> Any:
    # spaCy takes a second to import, which no other command should wait for.
    from classifiers.model_files import ModelError  # noqa: PLC0415
    from classifiers.pipeline import load  # noqa: PLC0415

    try:
        return load(folder)
    except ModelError as error:
        _stop(str(error))


def classify(
    files: Annotated[list[Path] | None, typer.Argument(help="JSONL files; - or nothing is standard input.")] = None,
    *,
    as_json: AsJson = False,
    model: ModelFolder = None,
) -> None:
    """Judge messages (JSON lines with id, channel, subject, text); prints one JSON verdict a line, unless on a terminal.

    A line that cannot be read is named on stderr and the others still come out; the exit code is then 2.
    """
    classifier = _classifier(model)
    spoilt = False
    for line in read_lines(files or ()):
        if line.problem is not None:
            spoilt = True
            typer.echo(line.problem, err=True)
            continue
        asked = question(line.fields)
        verdict = verdict_line(line.fields.get("id"), asked, classifier.classify(asked.text))
        if as_json or not sys.stdout.isatty():
            print_json(verdict)
        else:
            _show_verdict(verdict)
    if spoilt:
        raise typer.Exit(2)


def score(
    file: Annotated[Path, typer.Argument(help="Labelled JSONL.")], *, as_json: AsJson = False, model: ModelFolder = None
) -> None:
    """Compare verdicts with the labels of a JSONL file (category, also, flags, reason)."""
    from classifiers.scorecard import score as compare  # noqa: PLC0415

    classifier = _classifier(model)
    pairs, spoilt = [], False
    for number, line in enumerate(read_lines([file]), start=1):
        labels, problem = _labels(line, f"{file}, message {number}")
        if problem is not None:
            spoilt = True
            typer.echo(problem, err=True)
        else:
            pairs.append((labels, classifier.classify(question(line.fields).text)))
    if not pairs:
        _stop(f"{file}: holds no labelled message")
    card = {**compare(pairs).as_json(), "model": classifier.model}
    if as_json:
        print_json(card)
    else:
        show_scorecards({"": card})
    if spoilt:
        raise typer.Exit(2)


def _labels(line: Line, place: str) -> tuple[Any, str | None]:
    from classifiers.examples import labels_from  # noqa: PLC0415

    if line.problem is not None:
        return None, line.problem
    try:
        return labels_from(line.fields), None
    except (ValueError, KeyError, TypeError) as error:
        return None, f"{place}: its labels cannot be read: {error}"


def train(
    *,
    corrections: Annotated[bool, typer.Option("--corrections", help="Learn from what staff corrected, too.")] = False,
    output: Annotated[Path | None, typer.Option(help="Folder of the model; the packaged one by default.")] = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
) -> None:
    """Rebuild the model from the corpus; it replaces the old one only if it judges unseen messages no worse."""
    train_with(corrected(config) if corrections else (), output, as_json=as_json)


def corrected(config: Path | None) -> list[Any]:
    """Return the messages that a person has judged, with the last word on each, as examples to learn from."""
    from classifiers.examples import example_from  # noqa: PLC0415

    with open_store(load_settings(config).store_url) as store, store.glance() as glance:
        found = corrections_by_people(glance, not_people=(MACHINE, SWEEP))
    return [example_from(row, "corrections") for row in found]


def train_with(corrections: Iterable[Any], output: Path | None, *, as_json: bool, corpus: Path | None = None) -> None:
    """Train from the corpus and from corrections (``classifiers.examples.Example``), and print old beside new."""
    from classifiers.installing import rebuild  # noqa: PLC0415
    from classifiers.model_files import PACKAGED  # noqa: PLC0415
    from classifiers.training import CORPUS, TrainingError  # noqa: PLC0415

    try:
        compared = rebuild(output or PACKAGED, corpus or CORPUS, corrections, tell=partial(typer.echo, err=True))
    except (TrainingError, ValueError) as error:
        _stop(str(error))
    cards = {"old": compared.old.as_json() if compared.old else None, "new": compared.new.as_json()}
    if as_json:
        print_json({**cards, "installed": compared.objection is None, "objection": compared.objection})
    else:
        show_scorecards({name: card for name, card in cards.items() if card})
    if compared.objection is not None:
        _stop(f"The new model is not installed: {compared.objection}.", code=1)


def show_scorecards(cards: dict[str, dict[str, Any]]) -> None:
    """Print scorecards as tables, side by side."""
    rows: dict[str, list[str]] = {}
    for card in cards.values():
        for name, figure in _figures(card):
            rows.setdefault(name, []).append(figure)
    print_table("Scorecard", ["", *cards], [[name, *figures] for name, figures in rows.items()])
    last = list(cards.values())[-1]
    names = list(last["confusion"])
    table = [[one, *(last["confusion"][one][other] for other in names)] for one in names]
    print_table("True category by row, verdict by column", ["", *names], table)


def _figures(card: dict[str, Any]) -> Iterable[tuple[str, str]]:
    yield "messages", str(card["messages"])
    yield "macro-F1", f"{card['macro_f1']:.3f}"
    for name, tally in card["categories"].items():
        yield f"{name}: precision, recall", f"{tally['precision']:.3f}, {tally['recall']:.3f}"
    yield "reason F1", f"{card['reason']['f1']:.3f}"
    yield "also F1", f"{card['also']['f1']:.3f}"
    yield "flags F1 together", f"{card['flags']['together']['f1']:.3f}"
    for name, tally in card["flags"]["each"].items():
        yield f"{name} F1 (of {tally['support']})", f"{tally['f1']:.3f}"
    yield "calibration error", f"{card['calibration_error']:.3f}"
    yield "share automatic", f"{card['automatic']['share']:.3f}"
    yield "error among automatic", f"{card['automatic']['error']:.3f}"
    yield "complaints missed", str(card["complaints_missed"])


def _show_verdict(verdict: dict[str, Any]) -> None:
    named = [verdict["category"], *(verdict["also"] and [f"also {', '.join(verdict['also'])}"])]
    detail = [verdict["reason"], *verdict["flags"]]
    typer.echo(f"{verdict['id']}: {', '.join(named)} ({verdict['confidence']:.2f}), {verdict['route']}: {verdict['why']}")
    for words in filter(
        None, [", ".join(filter(None, detail)), *(f'"{one["text"]}" for {one["for"]}' for one in verdict["evidence"])]
    ):
        typer.echo(f"  {words}")
