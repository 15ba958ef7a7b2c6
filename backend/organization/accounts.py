"""Actions on accounts of staff. Rights are granted and revoked in `permissions.core.grants`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import email_address
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean, line
from backend.journal.actions import record
from backend.organization.models import ONE_HOLDER, DirectoryPerson, User

EXTENSION = re.compile(r"[A-Za-z0-9._-]{0,20}")


class AccountFields(TypedDict, total=False):
    first_name: str
    last_name: str
    title: str
    email: str
    phone: str
    extension: str


def invitation(user: User) -> str:
    """The secret with which the owner of an account chooses a password: once, and within PASSWORD_RESET_TIMEOUT."""
    return default_token_generator.make_token(user)


@transaction.atomic
def open_account(
    *,
    username: str,
    first_name: str,
    last_name: str,
    by: User | None,
    title: str = "",
    email: str = "",
    phone: str = "",
    extension: str = "",
    is_program: bool = False,
) -> tuple[User, str]:
    """A new member of staff and their invitation, which is shown this once: with it they choose their password.

    A program has none ("") and asks with a token. No permission comes with an account.
    """
    username = clean(username)
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        message = _("A user name has letters, digits and @ . + - _ only.")
        raise DomainError(ErrorCode.INVALID, message, "username") from None
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "title": title,
        "email": email,
        "phone": phone,
        "extension": extension,
    }
    fields = _checked(values)
    user = User(username=username[:150], is_staff=not is_program, **fields)
    user.set_unusable_password()
    with _taken_once(user.extension):
        user.save()
    record(verb="account_opened", about=user, by=by, label=user.username)
    return user, "" if is_program else invitation(user)


@transaction.atomic
def change_account(user: User, *, by: User | None, **fields: Unpack[AccountFields]) -> User:
    """Set name, title, e-mail, telephone or extension; TypeError for other fields.

    The journal names the fields. A mobile number allows SMS notifications.
    """
    if unknown := set(fields) - set(AccountFields.__annotations__):
        raise TypeError(f"not facts of an account: {', '.join(sorted(unknown))}")
    _check_rank(user, by)
    changed = {name: value for name, value in _checked(dict(fields)).items() if value != getattr(user, name)}
    if changed:
        with _taken_once(changed.get("extension", user.extension)):
            User.objects.filter(pk=user.pk).update(**changed)
        record(
            verb="account_changed", about=user, by=by, label=user.username, note=", ".join(sorted(changed))
        )
    return user


@transaction.atomic
def close_account(user: User, *, by: User | None, note: str = "") -> None:
    """Close the account: no sign-in, and its grants become void. Idempotent. What is closed by hand the directory does
    not open again."""
    _check_rank(user, by)
    if by is not None and user.pk == by.pk:
        raise DomainError(ErrorCode.INVALID, _("You cannot close your own account."))
    DirectoryPerson.objects.filter(user=user).update(closed_at=None)
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        record(verb="account_closed", about=user, by=by, label=user.username, note=note)


@transaction.atomic
def reopen_account(user: User, *, by: User | None, note: str = "") -> None:
    """The account can be used again, with the permissions that were not taken. DUPLICATE while another has its
    extension."""
    _check_rank(user, by)
    DirectoryPerson.objects.filter(user=user).update(closed_at=None)
    with _taken_once(user.extension):
        is_opened = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
    if is_opened:
        record(verb="account_reopened", about=user, by=by, label=user.username, note=note)


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """Take the password away, end all sessions of the account, and return a new invitation, which is shown once.

    Whoever uses it is noticed: it works once, and the journal records the reset.
    """
    _check_rank(user, by)
    if user.is_program:
        message = _("A program has no password: it asks with a token.")
        raise DomainError(ErrorCode.INVALID, message)
    if is_of_directory(user):
        message = _("This person signs in by the directory: the password is changed there.")
        raise DomainError(ErrorCode.INVALID, message)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record(verb="password_reset", about=user, by=by, label=user.username)
    return invitation(user)


def is_of_directory(user: User) -> bool:
    """Whether its owner signs in by the directory of the house, and has no password here."""
    return DirectoryPerson.objects.filter(user=user).exists()


def choose_password(user: User, password: str) -> None:
    """The owner's own new password; sessions with the former one end."""
    user.set_password(password)
    user.save(update_fields=["password"])


def choose_language(user: User, language: str) -> None:
    """The language in which its owner reads the pages, from now on and on every device. INVALID if there is none."""
    if language not in dict(settings.LANGUAGES):
        raise DomainError(ErrorCode.INVALID, _("There is no such language."), "language")
    user.language = language
    user.save(update_fields=["language"])


@contextmanager
def _taken_once(extension: str) -> Iterator[None]:
    """Write an account; DUPLICATE where another has its user name, or an open one its extension."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        taken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if taken != ONE_HOLDER:
            raise DomainError(ErrorCode.DUPLICATE, _("This user name is taken."), "username") from None
        holder = User.objects.filter(extension=extension, is_active=True).first()
        message = _(
            "The extension %(extension)s is that of %(holder)s. Write another one, or take it from that account first."
        )
        words = {"extension": extension, "holder": holder or "–"}
        raise DomainError(ErrorCode.DUPLICATE, message % words, "extension") from None


def _check_rank(user: User, by: User | None) -> None:
    """FORBIDDEN to change accounts of Bilgi İşlem for others, which would be a privilege escalation."""
    if user.is_superuser and by is not None and not by.is_superuser:
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    for name, length in (("first_name", 150), ("last_name", 150), ("title", 120)):
        if name in fields:
            fields[name] = line(fields[name] or "")[:length]
    if "first_name" in fields and not fields["first_name"]:
        raise DomainError(ErrorCode.REQUIRED, _("Write the name."), "first_name")
    if "phone" in fields:
        fields["phone"] = normal_phone(fields["phone"] or "")
    if "extension" in fields:
        fields["extension"] = line(fields["extension"] or "")
        if not EXTENSION.fullmatch(fields["extension"]):
            message = _("An extension has digits, letters and . _ - only, twenty at most.")
            raise DomainError(ErrorCode.INVALID, message, "extension")
    email_address(fields.get("email"))
    return fields
