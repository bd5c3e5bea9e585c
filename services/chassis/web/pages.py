"""Pages: Jinja2 templates that extend `base.html` and are put together from `components.html`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chassis.settings import Settings
from chassis.web import words
from chassis.web.assets import ASSETS

TEMPLATES = Path(__file__).parent / "templates"
_PRIVATE = {"referrer-policy": "no-referrer", "cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}


def _asset(name: str) -> str:
    return ASSETS[name].url


def _moment(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


def _day(value: datetime | str) -> Markup:
    """23 November 2026."""
    moment = _moment(value)
    return Markup('<time datetime="{}">{}</time>').format(f"{moment:%Y-%m-%d}", words.day(moment))


def _when(value: datetime | str) -> Markup:
    """23 November 2026, 10:05 UTC."""
    moment = _moment(value)
    return Markup('<time datetime="{}">{}</time>').format(f"{moment:%Y-%m-%dT%H:%M:%SZ}", words.minute(moment))


def _brief(value: datetime | str) -> Markup:
    """23 Nov 2026, 10:05: UTC too, for tables that say so."""
    moment = _moment(value)
    text = f"{moment.day} {moment:%b %Y, %H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(f"{moment:%Y-%m-%dT%H:%M:%SZ}", text)


def _is_here(path: str, href: str) -> bool:
    target = urlsplit(href).path.rstrip("/")
    return bool(target) and (path == target or path.startswith(f"{target}/"))


class Pages:
    """Renders templates. A value a template names and is not given is an error, never an empty place.

    An app has its own folder: `chassis.pages.within(Path(__file__).parent / "templates")`.
    """

    def __init__(self, settings: Settings, *folders: Path) -> None:
        self._settings = settings
        self._folders = folders
        # Two suffixes only, both pages: what is rendered is always HTML, so everything is escaped.
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in (*folders, TEMPLATES)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(when=_when, day=_day, brief=_brief, said=words.in_words)
        verify = self._link("verifier", "/verify")
        catalogue = self._link("catalogue", "/catalogue")
        flow = self._link("monitor", "/ops")
        self._environment.globals.update(
            asset=_asset,
            version=version("laurel"),
            links={
                "home": "/",
                "verify": verify,
                "catalogue": catalogue,
                "flow": flow,
                "nav": (("Verify", verify), ("Catalogue", catalogue), ("Flow", flow)),
            },
        )

    def _link(self, room: str, path: str) -> str:
        # A room in this process is linked by its path alone: right by whatever name the reader reached us.
        url: str | None = getattr(self._settings, f"{room}_url")
        return path if url in {None, self._settings.base_url} else f"{url}{path}"

    def within(self, folder: Path) -> Pages:
        """The same pages with an app's own templates before the common ones."""
        return Pages(self._settings, folder, *self._folders)

    def render(
        self,
        request: Request,
        template: str,
        /,
        *,
        status: int = 200,
        private: bool = False,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """The page, escaped throughout. `private`: its address or content is a secret, so no referrer and no cache."""
        path = request.url.path
        html = self._environment.get_template(template).render(
            request=request, is_here=lambda href: _is_here(path, href), **values
        )
        return HTMLResponse(html, status, headers={**(_PRIVATE if private else {}), **(headers or {})})


def wants_html(request: Request) -> bool:
    """True when the reader is a person with a browser: `text/html` is named, and no JSON before it."""
    named = [part.partition(";")[0].strip() for part in request.headers.get("accept", "").split(",")]
    pages = [place for place, name in enumerate(named) if name == "text/html"]
    machine = [place for place, name in enumerate(named) if name.endswith("json")]
    return bool(pages) and (not machine or pages[0] < machine[0])
