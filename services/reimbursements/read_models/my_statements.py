"""Screen « Mes relevés »: one document per statement, whole; its PDF is made from it whenever it is asked for."""

from pydantic import AwareDatetime

from services.reimbursements.domain import statements as s
from services.reimbursements.domain.events import Care
from services.reimbursements.domain.ids import PersonId
from shared.kernel import Projection, Value, members


class MyStatement(Value):
    """A part of a statement, or (`summary`) its head. `person_id`: whose it is, and whose key seals it."""

    person_id: PersonId
    reader_id: PersonId
    month: str
    issued_at: AwareDatetime
    numbers: tuple[int, ...] = ()
    summary: Care[s.Summary | None] = None
    part: Care[s.Part | None] = None
    renderer: str = ""
    template: int = 0


def statement_key(reader_id: str, month: str, person_id: str = "") -> str:
    """Where a statement's head stands, or the part of one beneficiary."""
    return f"{reader_id}|{month}|{person_id}" if person_id else f"{reader_id}|{month}"


ShownEvent = s.StatementPartIssued | s.StatementIssued


def _key(event: ShownEvent) -> str:
    person = event.person_id if isinstance(event, s.StatementPartIssued) else ""
    return statement_key(event.reader_id, event.month, person)


def evolve(_: MyStatement | None, event: ShownEvent) -> MyStatement:
    common = event.model_dump(include={"person_id", "reader_id", "month"})
    if isinstance(event, s.StatementPartIssued):
        return MyStatement(**common, issued_at=event.at, part=event.part)
    return MyStatement(
        **common,
        issued_at=event.at,
        numbers=event.numbers,
        summary=event.summary,
        renderer=event.renderer,
        template=event.template,
    )


my_statements = Projection(
    name="reimbursements.my_statements",
    screen="Mes relevés",
    version=1,
    document=MyStatement,
    handles=members(ShownEvent),
    key=_key,
    evolve=evolve,
    indexes=("reader_id",),
)
