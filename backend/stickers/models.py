"""Places and objects that bear a sticker with a QR code, by which a citizen reports what is wrong there."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId, sort_column
from backend.organization.models import Category, Department, Neighbourhood

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
CODE = re.compile(rf"[0-9A-HJKMNP-TV-Z]{{{LENGTH}}}")


def new_code() -> str:
    """Forty random bits in Crockford's alphabet, which avoids misreadings: `7G2K-0QXM`."""
    letters = "".join(secrets.choice(CROCKFORD) for _place in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def plain_code(text: str) -> str | None:
    """Return the code that a text is, as it is stored, however it was copied or typed; None if it is none."""
    plain = re.sub(r"[\s\-]", "", text).upper().translate(MISREAD)
    return f"{plain[:4]}-{plain[4:]}" if CODE.fullmatch(plain) else None


class StickerQuerySet(models.QuerySet["Sticker"]):
    def in_use(self) -> StickerQuerySet:
        return self.filter(is_active=True)

    def to_print(self) -> StickerQuerySet:
        """In use, and on no sheet yet since they were recorded or last changed."""
        return self.in_use().filter(printed_at__isnull=True)

    def of_code(self, text: str) -> StickerQuerySet:
        """The one with this code, in use or withdrawn."""
        code = plain_code(text)
        return self.none() if code is None else self.filter(code=code)


class Sticker(PublicId):
    """A park, a street lamp, a bus shelter: what the sticker says it is, and where it stands."""

    code = models.CharField(_("code"), max_length=9, unique=True, editable=False, default=new_code)
    label = models.CharField(_("label"), max_length=120)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    number = models.CharField(_("number"), max_length=20, blank=True)
    description = models.CharField(_("description of the place"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    printed_at = models.DateTimeField(_("printed at"), null=True, editable=False)
    created_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    label_sort = sort_column("label")

    objects = StickerQuerySet.as_manager()

    class Meta:
        verbose_name = _("place with a QR code")
        verbose_name_plural = _("places with a QR code")
        default_permissions = ()
        indexes = [models.Index(fields=["label_sort", "id"], name="sticker_by_label")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="a_sticker_has_a_whole_point",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def place(self) -> str:
        """Where it stands in a line, without the neighbourhood: “Atatürk Caddesi No: 4, otobüs durağı yanı”."""
        number = f"No: {self.number}" if self.number else ""
        where = " ".join(filter(None, [self.street, number]))
        return ", ".join(filter(None, [where, self.description]))

    @property
    def url(self) -> str:
        """What its QR code opens."""
        return f"{settings.PUBLIC_URL.rstrip('/')}/yer/{self.code}/"
