"""`marsad`, whose desk rests less between turns of its works and looks sooner at what it asked for:
nobody learns more from waiting longer in a test."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from marsad.cli import main
from marsad.decide.actions.carrying import Carrier
from marsad.decide.actions.pace import Pace
from marsad.records.times import SECOND
from marsad.web import background
from marsad.workspace import acting

PAUSE = 0.2
WORKS = background.works_of

if __name__ == "__main__":
    background.works_of = lambda *of: [
        replace(one, pause=min(one.pause, PAUSE)) for one in WORKS(*of)
    ]
    acting.Carrier = partial(Carrier, pace=Pace(looks=(SECOND // 5,) * 20))
    main()
