"""Languages for correspondence and conversation; those an office in İstanbul meets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    TR = "TR", _("Turkish")
    EN = "EN", _("English")
    DE = "DE", _("German")
    FR = "FR", _("French")
    AR = "AR", _("Arabic")
    RU = "RU", _("Russian")
    ES = "ES", _("Spanish")
    IT = "IT", _("Italian")
    BS = "BS", _("Bosnian")
    SQ = "SQ", _("Albanian")
    MK = "MK", _("Macedonian")
    BG = "BG", _("Bulgarian")
    EL = "EL", _("Greek")
    AZ = "AZ", _("Azerbaijani")
    KK = "KK", _("Kazakh")
    UZ = "UZ", _("Uzbek")
    FA = "FA", _("Persian")
    KU = "KU", _("Kurdish")
    UK = "UK", _("Ukrainian")
    JA = "JA", _("Japanese")
    KO = "KO", _("Korean")
    ZH = "ZH", _("Chinese")
