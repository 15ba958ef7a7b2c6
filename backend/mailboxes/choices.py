"""The closed lists of mailboxes, of lines and of the messages that come in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """By which way a message came in."""

    MAIL = "MAIL", _("E-mail")
    SMS = "SMS", _("SMS")
    WHATSAPP = "WHATSAPP", _("WhatsApp")


class Security(models.TextChoices):
    """How the line to the server is encrypted. There is none without."""

    SSL = "SSL", _("SSL/TLS from the beginning")
    STARTTLS = "STARTTLS", _("STARTTLS")


class SignIn(models.TextChoices):
    """How the worker signs in at the server."""

    PASSWORD = "PASSWORD", _("Password")
    OAUTH2 = "OAUTH2", _("OAuth 2: a person connects it")
    CLIENT = "CLIENT", _("OAuth 2: the program's own credentials")


OAUTH = frozenset({SignIn.OAUTH2, SignIn.CLIENT})
"""The ways to sign in with a token."""


class Purpose(models.TextChoices):
    """What the mails of a mailbox are proposed to become."""

    COMPLAINTS = "COMPLAINTS", _("Applications")
    APPOINTMENTS = "APPOINTMENTS", _("Appointment requests")
    LETTERS = "LETTERS", _("Incoming letters")


class Kind(models.TextChoices):
    """What a message is: only a MESSAGE was written by a person to us; a REFUSAL only says that no more is wanted."""

    MESSAGE = "MESSAGE", _("Message")
    AUTO_REPLY = "AUTO_REPLY", _("Automatic reply")
    BOUNCE = "BOUNCE", _("Delivery report")
    LIST = "LIST", _("Mailing list")
    REFUSAL = "REFUSAL", _("Refuses messages")
    VOID = "VOID", _("Refusal that was not theirs")


class MessageMethod(models.TextChoices):
    """How a message is written to the other side of a letter, or to a partner."""

    EMAIL = "EMAIL", _("E-mail")
    SMS = "SMS", _("SMS")
    WHATSAPP = "WHATSAPP", _("WhatsApp")


class Status(models.TextChoices):
    """Where a mail stands: it waits at the desk, or it is something."""

    WAITING = "WAITING", _("Waits to be worked on")
    JOINED = "JOINED", _("Joined to a matter")
    MADE = "MADE", _("A matter was made of it")
    SET_ASIDE = "SET_ASIDE", _("Set aside with a reason")


class Note(models.TextChoices):
    """What could not be read of a mail, as a sentence. The original has all of it."""

    NO_FROM = "NO_FROM", _("It names no sender that can be written to.")
    NO_MESSAGE_ID = "NO_MESSAGE_ID", _("It has no Message-ID of its own.")
    DATE_UNREADABLE = "DATE_UNREADABLE", _("Its date is missing or cannot be read.")
    CHARSET_WRONG = "CHARSET_WRONG", _("It names a character set that does not fit: letters may be wrong.")
    BROKEN = "BROKEN", _("It is not built as a mail should be: parts may be missing here.")
    NO_TEXT = "NO_TEXT", _("It has no text that can be shown.")
    CUT = "CUT", _("Its text is too long to be shown whole.")
    TOO_MANY_PARTS = "TOO_MANY_PARTS", _("It has more parts than are read.")
    TOO_LARGE = (
        "TOO_LARGE",
        _("It is larger than what is fetched: only its beginning was, and it stays on the server."),
    )
    WINMAIL = "WINMAIL", _("Its attachments are packed in a winmail.dat of Outlook, which is not unpacked.")
    CALENDAR = "CALENDAR", _("It brings an invitation to a calendar.")
    SIGNED = "SIGNED", _("It is signed electronically; the signature was not verified.")
    ENCRYPTED = "ENCRYPTED", _("It is encrypted: only its recipient can read it.")
    FORWARDED = "FORWARDED", _("Another mail is attached to it; its text stands below.")
    PICTURES_LEFT_OUT = "PICTURES_LEFT_OUT", _("Pictures from the Internet are not loaded.")
    FILES_LEFT_OUT = "FILES_LEFT_OUT", _("Not every attachment was taken.")
    VOICE = "VOICE", _("It is a voice message, which is not taken here: ask the sender to write.")
    HEADERS_STRANGE = "HEADERS_STRANGE", _("Its header has lines that no honest program writes.")


class Fault(models.TextChoices):
    """Why a mailbox could not be read."""

    LINE = "LINE", _("The server could not be reached.")
    SIGN_IN = "SIGN_IN", _("The server refuses the user name or the password.")
    CONSENT = "CONSENT", _("The provider gives no token (any more): press “Connect” at the mailbox.")
    CLIENT = "CLIENT", _("The provider refuses the program: check client ID, client secret and scope.")
    PROVIDER = (
        "PROVIDER",
        _("The address for tokens could not be reached, or answered what cannot be understood."),
    )
    TOKEN = (
        "TOKEN",
        _(
            "The server refuses the provider's token: check the user name, and that IMAP is allowed for this mailbox."
        ),
    )
    KEY = "KEY", _("The password was stored under another key: enter it anew.")
    FOLDER = "FOLDER", _("The server has no such folder.")
    ANSWER = "ANSWER", _("The server answered what cannot be understood.")
    KEEPING = "KEEPING", _("A mail could not be stored here.")
