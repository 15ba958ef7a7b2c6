"""A post on social media that belongs to a case: its link, its author, its words and its picture."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId

LONGEST_LINK = 500


class Network(models.TextChoices):
    """Where a post stands; read from its link."""

    X = "X", _("X (Twitter)")
    FACEBOOK = "FACEBOOK", _("Facebook")
    INSTAGRAM = "INSTAGRAM", _("Instagram")
    YOUTUBE = "YOUTUBE", _("YouTube")
    TIKTOK = "TIKTOK", _("TikTok")
    LINKEDIN = "LINKEDIN", _("LinkedIn")
    OTHER = "OTHER", _("Another network")


HOSTS = {
    "x.com": Network.X,
    "twitter.com": Network.X,
    "t.co": Network.X,
    "facebook.com": Network.FACEBOOK,
    "fb.com": Network.FACEBOOK,
    "fb.watch": Network.FACEBOOK,
    "instagram.com": Network.INSTAGRAM,
    "youtube.com": Network.YOUTUBE,
    "youtu.be": Network.YOUTUBE,
    "tiktok.com": Network.TIKTOK,
    "linkedin.com": Network.LINKEDIN,
}


def network_of(link: str) -> Network:
    """The network that a link leads to."""
    host = (urlsplit(link).hostname or "").rstrip(".")
    found = (network for name, network in HOSTS.items() if host == name or host.endswith(f".{name}"))
    return next(found, Network.OTHER)


class SocialPost(PublicId):
    """One post. It names a person: it is seen by who sees the case and may know its person.

    So is `picture`, a file of the case (`Attachment.is_of_post`): a screenshot bears name and handle.
    """

    complaint = models.ForeignKey(
        "complaints.Complaint", models.CASCADE, related_name="posts", verbose_name=_("application")
    )
    network = models.CharField(_("network"), max_length=10, choices=Network, editable=False)
    link = models.CharField(_("link of the post"), max_length=LONGEST_LINK)
    author = models.CharField(_("author as named there"), max_length=100, blank=True)
    text = models.TextField(_("text of the post"), blank=True)
    posted_at = models.DateTimeField(_("posted at"), null=True, blank=True)
    picture = models.ForeignKey(
        "complaints.Attachment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture of the post"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )

    class Meta:
        verbose_name = _("post on social media")
        verbose_name_plural = _("posts on social media")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["complaint", "link"], name="a_post_once_in_a_case"),
        ]
        indexes = [models.Index(fields=["link"], name="post_by_link")]

    def __str__(self) -> str:
        return self.link
