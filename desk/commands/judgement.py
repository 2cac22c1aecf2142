"""``intake classify``, ``intake score`` and ``intake train``: the classifier by itself, without a database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from desk.commands.judging_lines import Line, question, read_lines, verdict_line
from desk.commands.options import ConfigOption
from desk.commands.output import print_json, print_table
from desk.commands.two_at_once import two_at_once

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ModelFolder = Annotated[Path | None, typer.Option("--model", help="Folder of the model; the packaged one by default.")]

Lists = Annotated[
    Path | None, typer.Option("--gazetteers", help="Folder of names that you know; the packaged example lists by default.")
]


def _stop(sentence: str, code: int = 2) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _classifier(folder: Path | None, lists: Path | None) -> Any:
    # spaCy takes a second to import, which no other command should wait for.
    from classifiers.gazetteers_reading import GazetteerError, read_gazetteer  # noqa: PLC0415
    from classifiers.model_files import ModelError  # noqa: PLC0415
    from classifiers.pipeline import load  # noqa: PLC0415

    try:
        return load(folder, gazetteer=None if lists is None else read_gazetteer(lists))
    except (ModelError, GazetteerError) as error:
        _stop(str(error))


def classify(
    files: Annotated[list[Path] | None, typer.Argument(help="JSONL files; - or nothing is standard input.")] = None,
    *,
    as_json: AsJson = False,
    model: ModelFolder = None,
    gazetteers: Lists = None,
) -> None:
    """Judge messages (JSON lines with id, channel, subject, text); prints one JSON verdict a line, unless on a terminal.

    A line that cannot be read is named on stderr and the others still come out; the exit code is then 2.
    """
    spoilt = False
    for problem, verdict in two_at_once(partial(_judged, _classifier(model, gazetteers)), read_lines(files or ())):
        if problem is not None:
            spoilt = True
            typer.echo(problem, err=True)
        elif as_json or not sys.stdout.isatty():
            print_json(verdict)
        else:
            _show_verdict(verdict)
    if spoilt:
        raise typer.Exit(2)


def _judged(classifier: Any, line: Line) -> tuple[str | None, dict[str, Any]]:
    """Return what is wrong with a line, or else its verdict."""
    if line.problem is not None:
        return line.problem, {}
    asked = question(line.fields)
    return None, verdict_line(line.fields.get("id"), asked, classifier.classify(asked.text))


def score(
    file: Annotated[Path, typer.Argument(help="Labelled JSONL.")],
    *,
    as_json: AsJson = False,
    model: ModelFolder = None,
    gazetteers: Lists = None,
) -> None:
    """Compare verdicts with the labels of a JSONL file (category, also, flags, reason)."""
    from classifiers.scorecard import score as compare  # noqa: PLC0415

    classifier = _classifier(model, gazetteers)
    pairs, spoilt = [], False
    for problem, labels, verdict in two_at_once(partial(_labelled, classifier, file), enumerate(read_lines([file]), start=1)):
        if problem is not None:
            spoilt = True
            typer.echo(problem, err=True)
        else:
            pairs.append((labels, verdict))
    if not pairs:
        _stop(f"{file}: holds no labelled message")
    card = {**compare(pairs).as_json(), "model": classifier.model}
    if as_json:
        print_json(card)
    else:
        show_scorecards({"": card})
    if spoilt:
        raise typer.Exit(2)


def _labelled(classifier: Any, file: Path, numbered: tuple[int, Line]) -> tuple[str | None, Any, Any]:
    """Return what is wrong with a line, its labels and its verdict."""
    number, line = numbered
    labels, problem = _labels(line, f"{file}, message {number}")
    verdict = classifier.classify(question(line.fields).text) if problem is None else None
    return problem, labels, verdict


def _labels(line: Line, place: str) -> tuple[Any, str | None]:
    from classifiers.examples import labels_from  # noqa: PLC0415

    if line.problem is not None:
        return None, line.problem
    try:
        return labels_from(line.fields), None
    except (ValueError, KeyError, TypeError) as error:
        return None, f"{place}: its labels cannot be read: {error}"


def train(  # each is an option of the command
    *,
    corrections: Annotated[
        bool, typer.Option("--corrections", help="Make the landlord's own model from what staff put right.")
    ] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the landlord's own model before this one.")] = False,
    full: Annotated[
        Path | None, typer.Option("--full", help="Fine-tune the encoder first, from the published weights in this folder.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Folder that the model is put in.")] = None,
    base: Annotated[Path | None, typer.Option(help="The model that the landlord's own is made from; the packaged one.")] = None,
    as_json: AsJson = False,
    config: ConfigOption = None,
) -> None:
    """Rebuild the packaged model from the corpus, or the landlord's own from the packaged one and what staff put right.

    A new model takes the old one's place only if nothing speaks against it; otherwise the exit code is 1 and the old one stays.
    """
    from classifiers.model_files import ModelError  # noqa: PLC0415
    from desk.commands.learning import learn_from_staff, take_back  # noqa: PLC0415

    if corrections + rollback + (full is not None) > 1:
        _stop("--corrections, --rollback and --full each make another model: give one of them.")
    if full is not None and output is not None:
        _stop("--full puts both halves in the packaged ones' place, together: leave --output out.")
    try:
        if rollback:
            take_back(config, output, base, as_json=as_json)
        elif corrections:
            raise typer.Exit(learn_from_staff(config, output, base, as_json=as_json))
        else:
            train_with(output, as_json=as_json, new_encoder=None if full is None else _fine_tuned(full))
    except ModelError as error:
        _stop(str(error))


def _fine_tuned(weights: Path) -> Path:
    """Make the encoder anew in a process of its own, where torch is installed; return the folder that it is in."""
    if not all(map(find_spec, ("torch", "onnx", "safetensors"))):
        _stop("Fine-tuning needs what nothing else here does: pip install --require-hashes -r requirements-full.lock")
    work = Path("var/tuning")
    made = work / "encoder"
    asked = [sys.executable, "-m", "classifiers.tuning", "--base", str(weights), "--into", str(made), "--work", str(work)]
    # What it is asked are our own words and a folder that the caller names; there is no shell between.
    ended = subprocess.run(asked, check=False)  # noqa: S603
    if ended.returncode:
        _stop("The encoder was not made. What is done of it stays in var/tuning, and the same command goes on there.", code=1)
    return made


def train_with(output: Path | None, *, as_json: bool, corpus: Path | None = None, new_encoder: Path | None = None) -> None:
    """Train the light half anew from the corpus, beside a new encoder if there is one, and print old beside new."""
    from classifiers.installing import Place, rebuild  # noqa: PLC0415
    from classifiers.model_files import PACKAGED  # noqa: PLC0415
    from classifiers.training import CORPUS, TrainingError  # noqa: PLC0415

    try:
        into = Place(model=output or PACKAGED, new_encoder=new_encoder)
        compared = rebuild(into, corpus or CORPUS, tell=partial(typer.echo, err=True))
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
    acted, complaints = card["automatic"], card["categories"]["complaint"]["support"]
    yield "error among automatic", f"{acted['error']:.3f}{_ends(round(acted['error'] * acted['messages']), acted['messages'])}"
    yield "complaints missed", f"{card['complaints_missed']} of {complaints}{_ends(card['complaints_missed'], complaints)}"


def _ends(found: int, number: int) -> str:
    """Return the ends of a share's 95 % interval, or nothing where there is nothing to have a share of."""
    from classifiers.intervals import wilson  # noqa: PLC0415

    ends = wilson(found, number)
    return f" (95 %: {ends.low:.3f} to {ends.high:.3f})" if number else ""


def _show_verdict(verdict: dict[str, Any]) -> None:
    named = [verdict["category"], *(verdict["also"] and [f"also {', '.join(verdict['also'])}"])]
    detail = [verdict["reason"], *verdict["flags"]]
    typer.echo(f"{verdict['id']}: {', '.join(named)} ({verdict['confidence']:.2f}), {verdict['route']}: {verdict['why']}")
    for words in filter(
        None, [", ".join(filter(None, detail)), *(f'"{one["text"]}" for {one["for"]}' for one in verdict["evidence"])]
    ):
        typer.echo(f"  {words}")
