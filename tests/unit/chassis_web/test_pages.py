from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import Request
from jinja2 import UndefinedError

from chassis.settings import Settings
from chassis.web import Pages, wants_html


def asked(path: str = "/verify", accept: str = "text/html") -> Request:
    headers = [(b"accept", accept.encode())]
    return Request({"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(
        '{% extends "base.html" %}{% import "components.html" as ui %}{% block main %}{{ name }}'
        '{{ ui.facts([("Name", name), ("Nothing", none)]) }}{{ moment|when }}{% endblock %}'
    )
    return tmp_path


MOMENT = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)


def test_whatever_a_page_is_given_is_escaped_in_its_own_templates_and_in_components(folder: Path) -> None:
    page = Pages(Settings()).within(folder).render(asked(), "page.html", name="<b>Ana</b>", moment=MOMENT)
    text = bytes(page.body).decode()
    assert "<b>Ana</b>" not in text
    assert text.count("&lt;b&gt;Ana&lt;/b&gt;") == 2
    assert "23 November 2026, 10:05 UTC</time>" in text


def test_a_value_that_a_page_names_and_is_not_given_is_an_error(folder: Path) -> None:
    with pytest.raises(UndefinedError):
        Pages(Settings()).within(folder).render(asked(), "page.html", name="Ana")


def test_apps_do_not_see_each_others_templates(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "page.html").write_text("another page of the same name")
    pages = Pages(Settings())
    assert b"Ana" in pages.within(folder).render(asked(), "page.html", name="Ana", moment=MOMENT).body
    assert b"another" in pages.within(other).render(asked(), "page.html").body


def test_the_page_one_is_on_is_marked_in_the_navigation(folder: Path) -> None:
    page = Pages(Settings()).within(folder).render(asked("/verify"), "page.html", name="", moment=MOMENT)
    assert '<a href="/verify" aria-current="page">' in bytes(page.body).decode()


def test_a_room_elsewhere_is_linked_with_its_origin(folder: Path) -> None:
    settings = Settings(verifier_url="https://verify.example/")
    page = Pages(settings).within(folder).render(asked("/x"), "page.html", name="", moment=MOMENT)
    assert 'href="https://verify.example/verify"' in bytes(page.body).decode()
    assert 'href="/catalogue"' in bytes(page.body).decode()


def test_a_private_page_sends_no_referrer_and_is_kept_nowhere(folder: Path) -> None:
    page = Pages(Settings()).within(folder).render(asked(), "page.html", private=True, name="", moment=MOMENT)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("*/*", False),
        ("", False),
        ("application/json", False),
        ("application/json, text/html", False),
        ("text/html, application/json", True),
    ],
)
def test_a_page_is_for_who_names_it_before_json(accept: str, *, html: bool) -> None:
    assert wants_html(asked(accept=accept)) is html
