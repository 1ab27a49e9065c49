"""Pydantic models as analysts write them, and texts that may stand in a prompt."""

import datetime as dt
import enum

import pydantic
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


class Part(enum.StrEnum):
    """An enumeration as analysts write it."""

    WING = "wing"
    ENGINE = "engine"


class Place(pydantic.BaseModel):
    """A model inside a model."""

    city: str
    note: str | None = None


class Strike(pydantic.BaseModel):
    """Fields out of the alphabet's order, on purpose."""

    part: Part = pydantic.Field(description="what was hit")
    damaged: bool
    cost: float | None
    at: dt.datetime
    place: Place


class Node(pydantic.BaseModel):
    """A model that holds itself."""

    name: str
    inside: list["Node"]
