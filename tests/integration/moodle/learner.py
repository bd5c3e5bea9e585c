"""A learner with a browser and nothing else: logs in, answers the quiz, submits all and finishes."""

from __future__ import annotations

import re
from html import unescape
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener


class Learner:
    """One browser session on a Moodle site, logged in."""

    def __init__(self, site: str, username: str, password: str) -> None:
        self._site = site.rstrip("/")
        self._cookies = CookieJar()
        self._browser = build_opener(HTTPCookieProcessor(self._cookies))
        action, values = self._form(self._go("/login/index.php"), "/login/index.php")
        page = self._go(action, values | {"username": username, "password": password})
        assert "loginerrors" not in page, "Moodle did not let the learner in"

    def take_quiz(self, module: int, answer: int) -> None:
        """Start an attempt, answer its one question with true (1) or false (0), submit all and finish."""
        page = self._go(*self._form(self._go(f"/mod/quiz/view.php?id={module}"), "startattempt.php"))
        action, values = self._form(page, "processattempt.php")
        question = re.search(r'name="(q\d+:1_answer)"', page)
        assert question is not None, "the attempt shows no question"
        page = self._go(action, values | {question[1]: str(answer), "next": "Finish attempt ...", "nextpage": "-1"})
        self._go(*self._form(page, "processattempt.php", having='name="finishattempt"'))

    def see(self, path: str) -> str:
        """A page of the site, as the learner sees it."""
        return self._go(path)

    def see_or_error(self, path: str) -> str:
        """A page of the site, or what it says instead."""
        try:
            return self._go(path)
        except HTTPError as problem:
            text: str = problem.read().decode()
            return text

    def send(self, page: str, target: str, having: str = "") -> str:
        """Press the button of the form on a page that posts to `target`; the page that follows."""
        return self._go(*self._form(page, target, having))

    def leads_to(self, path: str) -> str:
        """Where a page of the site sends the learner: the address, not what is there."""

        class Stop(HTTPRedirectHandler):
            def redirect_request(self, *_: object) -> None:
                return None

        opener = build_opener(HTTPCookieProcessor(self._cookies), Stop)
        try:
            opener.open(path if path.startswith("http") else self._site + path, timeout=60)
        except HTTPError as redirect:
            return str(redirect.headers["location"])
        raise AssertionError(f"{path} leads nowhere")

    def _go(self, path: str, values: dict[str, str] | None = None) -> str:
        address = path if path.startswith("http") else self._site + path
        body = None if values is None else urlencode(values).encode()
        with self._browser.open(address, body, timeout=60) as response:
            text: str = response.read().decode()
        return text

    def _form(self, page: str, target: str, having: str = "") -> tuple[str, dict[str, str]]:
        """The action and the filled-in fields of the form that posts to `target`."""
        for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
            action = unescape(_attribute("action", form))
            if target in action and having in form:
                fields = [field for field in re.findall(r"<input\b[^>]*>", form) if _attribute("name", field)]
                return action, {
                    unescape(_attribute("name", field)): unescape(_attribute("value", field))
                    for field in fields
                    if _attribute("type", field) not in {"radio", "checkbox", "submit"}
                }
        said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        raise AssertionError(f"no form for {target} on a page that says {said[:500]}")


def _attribute(name: str, tag: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""
