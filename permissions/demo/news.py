"""Invented press releases: two published, one that waits for its hour, one being written. Without photographs;
one was sent to the local press."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from backend.core.session import system
from backend.events.models import Event
from backend.news import actions, mailing
from backend.news.models import Release
from backend.organization.models import User
from backend.partners.choices import Kind
from backend.partners.models import ContactList
from permissions.demo.clock import moved_clock
from permissions.demo.world import in_office_hours

DAY = dt.timedelta(days=1)
MADE: list[tuple[str, str, str, int, str]] = [
    (
        "Sarıgazi’de yenilenen park çocuklara açıldı",
        "Yenilenen oyun alanı ve gölgelik, mahalle sakinlerinin katıldığı törenle hizmete girdi.",
        "Parkta zemin yenilendi, engelli erişimine uygun iki oyun grubu kuruldu ve on iki ağaç dikildi.\n\n"
        "Belediye Başkanı, parkın mahalleden gelen öneriler üzerine yenilendiğini söyledi.",
        9,
        "published",
    ),
    (
        "Halk gününde mahallelilerle buluşuldu",
        "Belediye Başkanı, halk gününde vatandaşların istek ve önerilerini dinledi.",
        "Görüşmelerde en çok ulaşım, temizlik ve park konuları konuşuldu.\n\n"
        "Her başvuru kaydedildi; sonuçlar sahiplerine ayrıca bildirilecek.",
        3,
        "corrected",
    ),
    (
        "Kış hazırlıkları tamamlandı",
        "Kar küreme ve tuzlama ekipleri yirmi dört saat görev yapacak.",
        "Ana caddeler, okul ve hastane yolları öncelikli olarak açık tutulacak.",
        1,
        "waiting",
    ),
    ("Gençlik buluşması için hazırlıklar sürüyor", "", "", 0, "draft"),
]


def load_once() -> None:
    """Also into a database with the older demo."""
    now = timezone.now()
    with system():
        if Release.objects.exists():
            return
        writer = User.objects.filter(username="sekreter").first()
        head = User.objects.filter(username="ozelkalem").first()
        held = Event.objects.filter(starts_at__lt=now).order_by("-starts_at", "-pk").first()
        with moved_clock() as move_to:
            for number, (title, lead, text, ago, course) in enumerate(MADE):
                at = in_office_hours(now - ago * DAY, now - (ago + 14) * DAY, now)
                move_to(at)
                about = held if number == 0 else None
                row = actions.draft(by=writer, title=title, lead=lead, text=text, event=about)
                if course == "draft":
                    continue
                actions.publish(row, by=head, publish_at=now + DAY if course == "waiting" else None)
                press = ContactList.objects.filter(kinds__contains=[Kind.PRESS]).first()
                if course == "published" and press is not None:
                    mailing.send(row, by=writer, contact_list=press)
                if course == "corrected":
                    move_to(at + dt.timedelta(hours=2))
                    lead = (
                        "Belediye Başkanı, haftalık halk gününde vatandaşların istek ve önerilerini dinledi."
                    )
                    actions.correct(row, by=head, correction="Buluşmanın haftalık olduğu eklendi.", lead=lead)
