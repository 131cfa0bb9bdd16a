"""The keys of an account, from memory."""

import datetime as dt
from dataclasses import dataclass, field

from services.gateway.clients.keys import CodeHints, Devices, RecoveryCodes, SessionState, SignInHistory, TotpBegun
from services.gateway.clients.who import Who
from services.gateway.drafts import Identity
from shared.web.channel import Fresh, Refused, Written
from tests.services.gateway.fake_base import Fake
from tests.web import NOW

WRITTEN = Written(stream="account:6f0c1c2e-7f6b-4f0e-9a52-2f1f6f0f9a01", version=9)
GOOD_TOKEN = "a.1.b"
PAPER_CODE = "7KQ2-M4XD-9VTA"


@dataclass
class FakeKeys(Fake):
    """One member's; a session is open unless it is said to have ended."""

    name: str = "identity"
    totp: bool = False
    closing: bool = False
    ended: set[str] = field(default_factory=set)
    shown: Devices = field(default_factory=Devices)
    past: SignInHistory = field(default_factory=SignInHistory)
    as_of: dt.datetime | None = NOW

    async def forgot_code(self, who: Who, command_id: str, nir: str, birth_date: dt.date) -> None:
        self.called("forgot_code", who=who, command_id=command_id, nir=nir, birth_date=birth_date)

    async def ask_provisional_code(self, who: Who, command_id: str, facts: Identity) -> None:
        self.called("ask_provisional_code", who=who, command_id=command_id, facts=facts)

    async def contest(self, who: Who, command_id: str, nir: str, code: str) -> None:
        self.called("contest", who=who, command_id=command_id, nir=nir, code=code)
        if code != PAPER_CODE:
            raise Refused("contest-refused", 422)

    async def code_hints(self, who: Who, code: str, enrolment_id: str | None) -> CodeHints:
        self.called("code_hints", who=who, code=code, enrolment_id=enrolment_id)
        told = enrolment_id is not None or who.member_id is not None
        return CodeHints(known="azerty" in code.lower(), personal="martin" in code.lower() if told else None)

    async def reset_code(self, who: Who, command_id: str, token: str, code: str) -> Written:
        self.called("reset_code", who=who, command_id=command_id, token=token, code=code)
        return self._by(token)

    async def reopen(self, who: Who, command_id: str, token: str) -> Written:
        self.called("reopen", who=who, command_id=command_id, token=token)
        return self._by(token)

    async def change_code(self, who: Who, command_id: str, code: str, session_id: str | None) -> Written:
        self.called("change_code", who=who, command_id=command_id, code=code, session_id=session_id)
        return WRITTEN

    async def change_email(self, who: Who, command_id: str, email: str) -> Written:
        self.called("change_email", who=who, command_id=command_id, email=email)
        return WRITTEN

    async def correct_email(self, who: Who, command_id: str, email: str) -> Written:
        self.called("correct_email", who=who, command_id=command_id, email=email)
        return WRITTEN

    async def accept_terms(self, who: Who, command_id: str, version: str, digest: str) -> Written:
        self.called("accept_terms", who=who, command_id=command_id, version=version, digest=digest)
        return WRITTEN

    async def close(self, who: Who, command_id: str) -> Written:
        self.called("close", who=who, command_id=command_id)
        return WRITTEN

    async def has_totp(self, who: Who) -> bool:
        return self.totp

    async def begin_totp(self, who: Who, command_id: str) -> TotpBegun:
        self.called("begin_totp", who=who, command_id=command_id)
        return TotpBegun(totp_id="t-1", secret="JBSWY3DPEHPK3PXP", uri="otpauth://totp/compte?secret=JBSWY3DPEHPK3PXP")

    async def enable_totp(self, who: Who, command_id: str, totp_id: str, code: str) -> RecoveryCodes:
        self.called("enable_totp", who=who, command_id=command_id, totp_id=totp_id, code=code)
        if code != "123456":
            raise Refused("one-time-code-wrong", 422)
        self.totp = True
        return RecoveryCodes(codes=tuple(f"ABCDEFGH{number}234" for number in range(2, 10)))

    async def disable_totp(self, who: Who, command_id: str) -> Written:
        self.called("disable_totp", who=who, command_id=command_id)
        self.totp = False
        return WRITTEN

    async def session_state(self, who: Who, session_id: str) -> SessionState:
        self.called("session_state", who=who, session_id=session_id)
        return SessionState(open=session_id not in self.ended, closing=self.closing)

    async def devices(self, who: Who, written: str | None) -> Fresh[Devices]:
        self.called("devices", who=who, written=written)
        return Fresh(self.shown, as_of=self.as_of)

    async def history(self, who: Who, written: str | None) -> Fresh[SignInHistory]:
        self.called("history", who=who, written=written)
        return Fresh(self.past, as_of=self.as_of)

    async def end_session(self, who: Who, command_id: str, session_id: str) -> Written:
        self.called("end_session", who=who, command_id=command_id, session_id=session_id)
        self.ended.add(session_id)
        return WRITTEN

    async def end_others(self, who: Who, command_id: str, session_id: str) -> Written:
        self.called("end_others", who=who, command_id=command_id, session_id=session_id)
        return WRITTEN

    async def forget_device(self, who: Who, command_id: str, device_id: str) -> Written:
        self.called("forget_device", who=who, command_id=command_id, device_id=device_id)
        return WRITTEN

    def _by(self, token: str) -> Written:
        if token != GOOD_TOKEN:
            raise Refused("link-invalid", 404)
        return WRITTEN
