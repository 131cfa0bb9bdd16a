"""What the reimbursements service is told by its environment."""

from typing import Annotated

from pydantic import Field

from shared.settings import BaseServiceSettings


class Settings(BaseServiceSettings):
    """One process of the service."""

    debt_limitation_years: Annotated[int, Field(ge=1, le=30)] = 5
    """After so many years a deduction that nobody has paid is cancelled (D160-7): 2 by L160-11, 5 by civil law."""
