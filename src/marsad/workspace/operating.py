"""Who runs the desk of a workspace, and which addresses are theirs."""

from __future__ import annotations

from marsad.decide.operator import Operator
from marsad.decide.places import Places
from marsad.workspace.folder import Workspace


def operator(workspace: Workspace) -> Operator:
    """Who answers for the service. Raises `InputError` for settings that are wrong."""
    return Operator.of(workspace.settings)


def places(workspace: Workspace) -> Places:
    """The sites that are theirs. Raises `InputError` for settings that are wrong."""
    return Places.of(workspace.settings)
