"""Question of the desk: whose declaration, order or certificate bears this number?"""

from services.cards.domain import ceam_events as ce
from services.cards.domain import events as e
from services.cards.domain import order_events as o
from services.cards.domain.ceam_words import certificate_number
from shared.kernel import members
from shared.numbers import number_of, request_numbers

numbers = request_numbers(
    "cards",
    {
        **dict.fromkeys(members(e.VitaleReported), lambda event: event.declaration_id),
        o.VitaleReplacementOrdered: lambda event: number_of(event.order_id),
        ce.CeamOrdered: lambda event: number_of(event.order_id),
        ce.CeamCertificateIssued: lambda event: certificate_number(event.certificate_id),
    },
)
