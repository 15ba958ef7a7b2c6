"""How the installation stands, for Bilgi İşlem."""

from __future__ import annotations

import datetime as dt

import strawberry
from django.utils import timezone

from backend.monitoring.judging import State
from backend.monitoring.status import StatusLine, whole_state
from permissions.monitoring.access import system_status
from schema.core.scalars import described_enum

SystemState = described_enum(State, "SystemState", "How a part of the installation stands.")


@strawberry.type(description="One part of the installation.")
class SystemCheck:
    check: str = strawberry.field(description="Which one; several certificates and clients share a name.")
    title: str = strawberry.field(description="What it is, in the language of the request.")
    state: SystemState = strawberry.field(description="How it stands.")
    sentence: str = strawberry.field(description="How it stands, in words.")
    remedy: str = strawberry.field(description="What to do; empty where nothing is to be done.")

    @staticmethod
    def of(line: StatusLine) -> SystemCheck:
        return SystemCheck(
            check=line.check, title=line.title, state=line.state, sentence=line.sentence, remedy=line.remedy
        )


@strawberry.type(description="How the installation stands.")
class SystemStatus:
    state: SystemState = strawberry.field(description="The worst state among the parts that are set up.")
    checked_at: dt.datetime = strawberry.field(description="When it was looked at.")
    checks: list[SystemCheck] = strawberry.field(description="Its parts.")


@strawberry.type
class MonitoringQueries:
    @strawberry.field(
        description="How the installation stands, looked at now. For administrators (Bilgi İşlem)."
    )
    def system_status(self) -> SystemStatus | None:
        lines = system_status()
        return SystemStatus(
            state=whole_state(lines),
            checked_at=timezone.now(),
            checks=[SystemCheck.of(line) for line in lines],
        )
