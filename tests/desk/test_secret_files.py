"""Files for secrets that are missing, unreadable or open to others are said before anything runs."""

import pytest

from desk.secret_files import wrong_files


@pytest.mark.parametrize(
    ("key", "mode", "said"),
    [
        ("password_file", 0o600, None),
        ("password_file", 0o640, "can be read by others"),
        ("password_file", 0o604, "can be read by others"),
        ("password_file", None, "there is no file"),
        ("ca_file", 0o644, None),
        ("certificate_file", 0o644, None),
        ("certificate_file", None, "there is no file"),
        ("client_secret_file", 0o644, "can be read by others"),
    ],
)
def test_each_file_of_the_settings_is_looked_at(tmp_path, key, mode, said):
    file = tmp_path / "secret"
    if mode is not None:
        file.write_text("x")
        file.chmod(mode)
    found = list(wrong_files({"channels": [{"account": "box"}, {"oauth": {key: str(file)}}]}))
    assert found == [] if said is None else (len(found) == 1 and found[0].startswith(f"channels[2].oauth.{key}: "))
    assert said is None or said in found[0]


def test_each_key_that_was_put_by_is_looked_at(tmp_path):
    there = tmp_path / "there"
    there.write_text("x")
    there.chmod(0o600)
    found = list(wrong_files({"old_key_files": [str(there), str(tmp_path / "gone")]}))
    assert found == [f"old_key_files[2]: there is no file {tmp_path / 'gone'}"]


def test_what_is_no_file_and_the_key_that_is_made_at_the_first_start_are_left_alone(tmp_path):
    tree = {"key_file": str(tmp_path / "intake.key"), "store_url": "sqlite:///x", "password_file": None, "files": ["a_file"]}
    assert list(wrong_files(tree)) == []
