"""The one admin site of the office."""

from unfold.sites import UnfoldAdminSite


class OfficeAdminSite(UnfoldAdminSite):
    pass
