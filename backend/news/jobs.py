"""Cleaning of mailings of press releases: to whom one went is forgotten after a while, who left the lists is not."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from backend.core.session import system
from backend.news.mailing import KEPT
from backend.news.models import ReleaseMailing


@app.periodic(cron="44 0 * * *")
@app.task(name="news.forget_mailings", queue="upkeep", queueing_lock="news.forget_mailings")
def forget_mailings(timestamp: int = 0) -> int:
    """03:44 local: delete mailings of ninety days ago; how many."""
    with system():
        return ReleaseMailing.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]
