"""Routing rules of the demo, and a dry run of the list over the last months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.complaints.choices import Channel, Priority
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import Category, Department, Neighbourhood, User
from backend.routing import actions, jobs, trials
from backend.routing.models import Hours, RoutingRule

RULES: list[dict[str, Any]] = [
    {
        "name": "Okul ve yurt çevresindeki lambalar",
        "categories": ["sokak-aydinlatmasi"],
        "words": ["okul önü", "okul bahçesi", "okulun karşısı", "yurt önü"],
        "department": "fen-isleri",
        "priority": Priority.HIGH,
    },
    {
        "name": "Park içindeki aydınlatma",
        "categories": ["aydinlatma-ve-enerji"],
        "words": ["park içi", "parkın içindeki", "oyun alanı"],
        "department": "park-ve-bahceler",
        "is_automatic": True,
    },
    {
        "name": "Sarıgazi ve İnönü'de moloz",
        "categories": ["moloz"],
        "neighbourhoods": ["sarigazi", "inonu"],
        "department": "temizlik-isleri",
        "is_automatic": True,
    },
    {
        "name": "Hafta sonu gürültüsü",
        "categories": ["gurultu"],
        "hours": Hours.OUTSIDE,
        "weekdays": [6, 7],
        "department": "zabita",
        "priority": Priority.HIGH,
    },
    {
        "name": "İğdeli Sokak'ta yürüyen yol çalışması",
        "street": "İğdeli Sokak",
        "categories": ["yol-ve-kaldirim"],
        "department": "fen-isleri",
        "valid_for": 60,
    },
    {"name": "Yol ve kaldırım", "categories": ["yol-ve-kaldirim"], "department": "fen-isleri"},
    {
        "name": "Sosyal medyadan gelen temizlik şikâyetleri",
        "categories": ["temizlik"],
        "channels": [Channel.SOCIAL_MEDIA],
        "department": "temizlik-isleri",
        "priority": Priority.HIGH,
    },
    {
        "name": "Kış hazırlığı: kar ve buz",
        "categories": ["kar-ve-buz"],
        "department": "afet-isleri",
        "priority": Priority.HIGH,
        "is_active": False,
    },
]
TRIED = dt.timedelta(days=120)


def load_once() -> None:
    """Also into a database with the older demo."""
    with system():
        if RoutingRule.objects.exists():
            return
        by = User.objects.get(username="bilgiislem")
        for one in RULES:
            _save(dict(one), by)
        trial = trials.start_trial(by=by, from_on=today() - TRIED, until_on=today())
    jobs.try_rules(str(trial.key))


def _save(fields: dict[str, Any], by: User) -> None:
    fields["categories"] = Category.objects.filter(code__in=fields.get("categories", ()))
    fields["neighbourhoods"] = Neighbourhood.objects.filter(code__in=fields.get("neighbourhoods", ()))
    fields["department"] = Department.objects.get(code=fields["department"])
    if days := fields.pop("valid_for", 0):
        fields |= {"valid_from": today(), "valid_until": today() + dt.timedelta(days=days)}
    actions.save_rule(by=by, **fields)
