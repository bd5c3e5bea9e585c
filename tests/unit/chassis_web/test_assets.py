from hashlib import sha256

from chassis.web.assets import ASSETS, FOLDER, vendored


def test_every_vendored_file_is_the_one_its_package_published() -> None:
    assert vendored()
    for file in vendored():
        assert sha256((FOLDER / file.file).read_bytes()).hexdigest() == file.sha256, file.file
        assert (FOLDER / file.licence_file).read_text().strip(), file.file


def test_every_asset_is_either_ours_or_in_the_manifest() -> None:
    ours = {"laurel.css", "mark.svg"}
    theirs = {name for file in vendored() for name in (file.file, file.licence_file)}
    assert set(ASSETS) == ours | theirs


def test_an_assets_address_changes_with_its_content() -> None:
    css = ASSETS["laurel.css"]
    assert css.digest[:12] in css.url


def test_our_stylesheet_fetches_nothing_from_elsewhere() -> None:
    css = ASSETS["laurel.css"].content.decode()
    assert "url(" not in css
    assert "@import" not in css
