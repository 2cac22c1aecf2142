"""Promises about the house itself: who may import whom, how large things are, and what no file may say."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("intake", "classifiers", "handlers", "store", "desk")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
FORBIDDEN_NAMES = re.compile(r"(Manager|Service|Util|Utils|Base|Helper)$|^process_data$")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: there is no list of files to read")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_the_import_contracts_hold():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_module_is_longer_than_300_lines_and_half_are_under_90():
    sizes = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in MODULES}
    assert not {path: size for path, size in sizes.items() if size > 300}
    assert statistics.median(sizes.values()) <= 90


def test_functions_are_small():
    sizes = sorted(node.end_lineno - node.lineno + 1 for path in MODULES for node in functions(path))
    assert statistics.median(sizes) <= 8
    assert sizes[int(len(sizes) * 0.9)] <= 25


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_class_and_public_function_says_what_it_is(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module"
    public = [outer for outer in tree.body if isinstance(outer, ast.ClassDef) and not outer.name.startswith("_")]
    for node in (*tree.body, *(inner for outer in public for inner in outer.body)):
        named = isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_")
        assert not named or ast.get_docstring(node), node.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_the_offices_own(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            assert not FORBIDDEN_NAMES.search(node.name)


def test_only_the_clock_reads_the_time():
    reads = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    guilty = [str(path.relative_to(ROOT)) for path in MODULES if reads.search(path.read_text())]
    assert guilty == ["handlers/clock.py"]


def test_a_broad_except_stands_only_where_its_reason_is_given():
    for path in MODULES:
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines):
            if re.search(r"except (Exception|BaseException)\b", line):
                near = " ".join(lines[number : number + 3])
                assert "#" in near or "raise" in near, f"{path.relative_to(ROOT)}:{number + 1}"


def test_no_file_names_a_machine_or_a_registry():
    bad = re.compile(
        r"(?<![\w.])/(?:work|farm|root)/|pypi\.org|files\.pythonhosted|registry\.npmjs|index-url\s*=|extra-index", re.IGNORECASE
    )
    for path in tracked():
        if path == Path(__file__).resolve() or path.suffix in {".npz", ".eml"} or "corpus" in path.parts:
            continue
        found = bad.search(path.read_text(encoding="utf-8", errors="replace"))
        assert not found, f"{path.relative_to(ROOT)}: {found and found.group()}"


def test_no_two_files_of_tests_have_one_name():
    # Such a pair is found by nobody who runs one folder, and ends the whole suite for both.
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_no_test_makes_a_stand_in_take_its_librarys_name():
    # With their folder on the path, "import telegram" would find ours.
    assert not [
        path
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(r"sys\.path.*standins", path.read_text()) and path != Path(__file__)
    ]


def test_the_root_is_tidy():
    allowed = {
        *PACKAGES,
        "tests", "docs", "benchmarks", "Makefile", "requirements.lock", "requirements-dev.lock",
        "requirements-full.lock", "NOTICE", "LICENSE",
        "CHANGELOG.md", "README.md", "pyproject.toml", "config.example.toml",
    }  # fmt: skip
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= allowed


def test_every_locked_package_has_its_hashes():
    for name in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text())
        assert all("--hash=sha256:" in block for block in blocks if "==" in block), name
