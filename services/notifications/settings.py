"""What the notifications service is told by its environment."""

from shared.settings import BaseServiceSettings


class NotificationsSettings(BaseServiceSettings):
    """Who the mails come from."""

    mail_from: str = "ne-pas-repondre@mon-compte.example"
    mail_from_name: str = "Mon compte en ligne"
    smtp_timeout: float = 20.0
