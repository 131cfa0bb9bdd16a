"""What the tests of every site share: a clock that is set, sessions and counts in dicts, a browser that reads forms."""

import datetime as dt
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie

import httpx
from fastapi import FastAPI

from shared.web.sessions import Row

NOW = dt.datetime(2026, 11, 24, 13, 2, 7, tzinfo=dt.UTC)


class SetClock:
    """Shows what it is set to."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.time = now

    def now(self) -> dt.datetime:
        return self.time

    def pass_(self, **time: float) -> None:
        self.time += dt.timedelta(**time)


class MemorySessions:
    """Sessions in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.broken = False

    async def get(self, session_id: str) -> Row | None:
        return self.rows.get(session_id)

    async def put(self, row: Row) -> None:
        self.rows[row.id] = row

    async def touch(self, session_id: str, seen: dt.datetime) -> None:
        if session_id in self.rows:
            self.rows[session_id] = self.rows[session_id].model_copy(update={"seen": seen})

    async def remove(self, session_id: str) -> None:
        self.rows.pop(session_id, None)

    async def remove_of(self, holder: str, reference: str) -> None:
        gone = [row.id for row in self.rows.values() if (row.holder, row.reference) == (holder, reference)]
        for session_id in gone:
            del self.rows[session_id]

    async def remove_others(self, holder: str, but: str) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row.holder != holder or key == but}

    async def purge(self, now: dt.datetime) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row.expires > now}

    async def ready(self) -> bool:
        return not self.broken


class MemoryCounters:
    """Counts in a dict."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.until: dict[str, dt.datetime] = {}

    async def add(self, key: str, until: dt.datetime) -> int:
        self.counts[key] = self.counts.get(key, 0) + 1
        self.until[key] = until
        return self.counts[key]

    async def forget(self, key: str) -> None:
        self.counts.pop(key, None)
        self.until.pop(key, None)

    async def purge(self, now: dt.datetime) -> None:
        for key in [key for key, until in self.until.items() if until <= now]:
            del self.until[key], self.counts[key]


@dataclass
class FoundForm:
    """A form as it stands in a page."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FoundForm] = []
        self.words: list[str] = []
        self._skip = False
        self._open: FoundForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._skip = tag in {"script", "style"}
        if tag == "form":
            self._open = FoundForm(attributes.get("action", ""), attributes.get("method", "get"))
            self.forms.append(self._open)
        elif tag == "input" and self._open is not None and "name" in attributes and _sent(attributes):
            self._open.fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._skip = False
        if tag == "form":
            self._open = None

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words.append(data)


_OF_THE_FRAME = frozenset({"/deconnexion", "/agir-pour"})


@dataclass(frozen=True)
class Page:
    """An answer, read as a person would."""

    answer: httpx.Response
    forms: tuple[FoundForm, ...]
    text: str

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def html(self) -> str:
        return self.answer.text

    @property
    def path(self) -> str:
        return self.answer.url.path

    def form(self, action: str | None = None) -> FoundForm:
        """The form of the page, or the one that is sent to this address."""
        own = [one for one in self.forms if one.action not in _OF_THE_FRAME]
        return next(one for one in (self.forms if action else own) if action in {None, one.action})


def _sent(attributes: dict[str, str]) -> bool:
    """A box that is not ticked is not sent."""
    return attributes.get("type") not in {"radio", "checkbox"} or "checked" in attributes


def read(answer: httpx.Response) -> Page:
    reader = _Reader()
    reader.feed(answer.text)
    text = re.sub(r"\s+", " ", " ".join(reader.words).replace("\u00a0", " ")).strip()
    return Page(answer, tuple(reader.forms), text)


class WebBrowser:
    """Gets pages, fills forms, keeps cookies, follows redirects as a browser does."""

    def __init__(self, app: FastAPI | None, url: str, headers: dict[str, str]) -> None:
        """Without an `app`, over the wire: on this machine plain HTTP is as safe as browsers take it to be."""
        self.origin = url
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, client=("192.0.2.7", 4711)) if app else None,
            base_url=url,
            headers=headers,
            follow_redirects=True,
            timeout=60.0,
            trust_env=False,
        )
        if app is None:
            self._cookies: SimpleCookie = SimpleCookie()
            self.client.event_hooks = {"request": [self._carry], "response": [self._keep]}

    async def _keep(self, answer: httpx.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            self._cookies.load(line)

    async def _carry(self, request: httpx.Request) -> None:
        if "Authorization" not in request.headers:
            request.headers["Cookie"] = "; ".join(f"{one.key}={one.value}" for one in self._cookies.values())

    async def get(self, path: str) -> Page:
        return read(await self.client.get(path, headers={"Sec-Fetch-Site": "same-origin"}))

    async def send(self, form: FoundForm, **fields: str) -> Page:
        """Submit a form with these fields filled in, and go where it leads."""
        return await self._post(form, fields, follow=True)

    async def post(self, form: FoundForm, **fields: str) -> Page:
        """Submit a form, and look at the answer itself."""
        return await self._post(form, fields, follow=False)

    async def _post(self, form: FoundForm, fields: dict[str, str], *, follow: bool) -> Page:
        assert form.method == "post"
        filled = {name.replace("__", "-"): value for name, value in fields.items()}
        answer = await self.client.post(
            form.action,
            data={**form.fields, **filled},
            headers={"Sec-Fetch-Site": "same-origin", "Origin": self.origin},
            follow_redirects=follow,
        )
        return read(answer)

    async def fill(self, path: str, **fields: str) -> Page:
        """Open the page of a form and submit it."""
        page = await self.get(path)
        return await self.send(page.form(), **fields)

    @property
    def cookie(self) -> str | None:
        return self.client.cookies.get("__Host-sid")
