"""What the notifications service is told by its environment, and the printer's key among the secrets."""

from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.settings import BaseServiceSettings, SecretMissing


class NotificationsSettings(BaseServiceSettings):
    """Who mails and letters come from, and where letters are left for the printer."""

    mail_from: str = "ne-pas-repondre@mon-compte.example"
    mail_from_name: str = "Mon compte en ligne"
    smtp_timeout: float = 20.0
    contact_phone: str = "04 94 16 36 00"
    contact_hours: str = "du lundi au jeudi de 8 h à 17 h, le vendredi de 8 h à 12 h"
    contact_address: tuple[str, ...] = ("247 avenue Jacques Cartier", "83090 TOULON CEDEX 9")
    letter_spool: Path | None = None
    """Absent: `letters` in the folder of what a run keeps."""

    bounce_folder: Path | None = None
    """A maildir that the mail system delivers reports to (RFC 3464), for they come back to the envelope's sender: the
    mailbox of `mail_from` must be this one. Absent: `bounces` in the folder of what a run keeps."""

    @property
    def bounces(self) -> Path:
        """The folder that mails come back to."""
        return self.bounce_folder or self.var_dir / "bounces"

    @property
    def spool(self) -> Path:
        """The folder that the printer empties."""
        return self.letter_spool or self.var_dir / "letters"

    def printer_key(self) -> OKPKey:
        """The printer's public key (X25519): only he can read a letter once it is made."""
        try:
            return OKPKey.import_key((self.secrets_dir / "printer.pub").read_bytes())
        except (OSError, ValueError, JoseError) as error:
            raise SecretMissing(f"printer.pub: {type(error).__name__}") from None
