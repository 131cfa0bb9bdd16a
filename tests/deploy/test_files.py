from pathlib import Path

from deploy.local import files


def test_a_private_file_is_replaced_whole_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old")
    file.chmod(0o644)
    files.write_private(file, "new")
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_private_folder_is_closed_even_if_it_was_open(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True, mode=0o755)
    assert files.private_folder(folder).stat().st_mode & 0o777 == 0o700


def test_removing_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    files.remove_folder(tmp_path / "nothing")
