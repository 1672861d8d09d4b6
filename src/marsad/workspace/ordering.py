"""Removal orders of a workspace: its places, operator, rota and list of authorities."""

from __future__ import annotations

from functools import partial

from marsad.decide.operator import Operator
from marsad.decide.orders import authorities
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty
from marsad.decide.places import Places
from marsad.store import Database
from marsad.workspace.folder import Workspace


def orders(workspace: Workspace, database: Database) -> Orders:
    """What is done with orders in a workspace. Raises `InputError` for settings that are wrong."""
    given = workspace.settings
    return Orders(
        database, places=Places.of(given), operator=Operator.of(given), duty=Duty.of(given),
        authorities=partial(authorities.read, workspace.folder),
    )  # fmt: skip
