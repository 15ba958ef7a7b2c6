"""What the crew of Fen İşleri finds on its phone: jobs that are its own, some begun, with photos and a checklist."""

from __future__ import annotations

import io
from random import Random

from backend.complaints import actions
from backend.complaints.choices import PhotoStage, Status
from backend.complaints.models import Attachment, Complaint
from backend.complaints.teamwork.checklist import follow_category, save_template_item, tick
from backend.complaints.teamwork.models import ChecklistItem
from backend.core.session import elevated, system
from backend.organization.models import Category, User
from permissions.core import scope

CLERK, DEPARTMENT = "fen", "fen-isleri"
JOBS, WITH_PHOTOS = 8, 4
CHECKLIST = (
    ("Yer görüldü, gerekiyorsa şerit ve levha kondu", False),
    ("Altyapı kuruluşunun kazısı mı, soruldu", False),
    ("Önceki ve sonraki hali fotoğraflandı", False),
    ("Moloz ve fazla malzeme kaldırıldı", False),
)
"""What is to be done on a hole in the road, and whether it is required before the reply."""


def load_once() -> None:
    """Take over some open cases for the clerk who goes out, and attach what they saw there."""
    clerk = User.objects.filter(username=CLERK).first()
    if clerk is None:
        return
    with scope.session(clerk):
        if scope.visible(Attachment).exclude(stage="").exists():
            return
        open_cases = scope.visible(Complaint.objects.open()).filter(
            responsible_department__code=DEPARTMENT,
            status__in=[Status.ACCEPTED, Status.IN_PROGRESS],
            assignee=None,
            latitude__isnull=False,
        )
        jobs = list(open_cases.order_by("rises_on", "pk")[:JOBS])
        for category in sorted({case.category_id for case in jobs if case.category_id}):
            _write_checklist(category)
        random = Random("crew")  # noqa: S311 - invented data is repeatable, not secret
        with elevated():
            for number, case in enumerate(jobs):
                actions.take_over(case, by=clerk)
                _begin_checklist(case, clerk, number % 3)
                if number < WITH_PHOTOS:
                    file = io.BytesIO(_photo(random))
                    actions.attach(case, by=clerk, file=file, name="Önce 1.jpg", stage=PhotoStage.BEFORE)


def _write_checklist(category: int) -> None:
    with system():
        named = Category.objects.get(pk=category)
        for position, (text, is_required) in enumerate(CHECKLIST, 1):
            save_template_item(
                by=None, category=named, text=text, position=10 * position, is_required=is_required
            )


def _begin_checklist(case: Complaint, clerk: User, ticked: int) -> None:
    """Give a case the list of its category, as intake does with those that come, and tick the first items."""
    follow_category(case)
    for item in ChecklistItem.objects.filter(complaint=case).order_by("position")[:ticked]:
        tick(item, by=clerk)


def _photo(random: Random) -> bytes:
    """Draw a road with a hole in it: invented, as everything here is."""
    from PIL import Image, ImageDraw

    wide, high = 1280, 960
    picture = Image.new("RGB", (wide, high), (168, 190, 205))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, high), (wide, high), (860, 360), (430, 360)], fill=(96, 98, 101))
    draw.polygon([(0, high), (430, 360), (330, 360), (0, 620)], fill=(150, 146, 138))
    for step in range(5):
        top = 380 + step * 120
        draw.polygon([(636, top), (652, top), (660, top + 60), (632, top + 60)], fill=(232, 232, 226))
    x, y = random.randint(420, 760), random.randint(560, 740)
    for shrink, color in ((0, (70, 70, 71)), (22, (48, 44, 41)), (60, (31, 28, 26))):
        draw.ellipse(
            (x - 190 + shrink, y - 80 + shrink // 2, x + 190 - shrink, y + 80 - shrink // 2), fill=color
        )
    for _stone in range(40):
        at = x + random.randint(-260, 260), y + random.randint(-120, 120)
        draw.ellipse((*at, at[0] + random.randint(3, 12), at[1] + random.randint(3, 9)), fill=(118, 112, 104))
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=82)
    return out.getvalue()
