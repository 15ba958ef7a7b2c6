"""Actions on accounts of staff. Rights are granted and revoked in `permissions.core.grants`."""

from __future__ import annotations

import secrets
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean
from backend.journal.actions import record
from backend.organization.models import User

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountFields(TypedDict, total=False):
    first_name: str
    last_name: str
    title: str
    email: str
    phone: str


def first_password() -> str:
    """Fifteen unmistakable letters and digits in groups: some seventy bits, to be changed by its owner."""
    letters = "".join(secrets.choice(_LETTERS) for _place in range(15))
    return "-".join((letters[:5], letters[5:10], letters[10:]))


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
    is_program: bool = False,
) -> tuple[User, str]:
    """A new member of staff and their first password, which is shown this once and changed at the first sign-in.

    A program has no password ("") and asks with a token. No permission comes with an account.
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
    }
    fields = _checked(values)
    user = User(
        username=username[:150], is_staff=not is_program, must_change_password=not is_program, **fields
    )
    password = "" if is_program else first_password()
    user.set_password(password or None)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise DomainError(ErrorCode.DUPLICATE, _("This user name is taken."), "username") from None
    record(verb="account_opened", about=user, by=by, label=user.username)
    return user, password


@transaction.atomic
def change_account(user: User, *, by: User | None, **fields: Unpack[AccountFields]) -> User:
    """Set name, title, e-mail or telephone; TypeError for other fields.

    The journal names the fields. A mobile number allows SMS notifications.
    """
    if unknown := set(fields) - set(AccountFields.__annotations__):
        raise TypeError(f"not facts of an account: {', '.join(sorted(unknown))}")
    _check_rank(user, by)
    changed = {name: value for name, value in _checked(dict(fields)).items() if value != getattr(user, name)}
    if changed:
        User.objects.filter(pk=user.pk).update(**changed)
        record(
            verb="account_changed", about=user, by=by, label=user.username, note=", ".join(sorted(changed))
        )
    return user


@transaction.atomic
def close_account(user: User, *, by: User | None) -> None:
    """Close the account: no sign-in, and its grants become void. Idempotent."""
    _check_rank(user, by)
    if by is not None and user.pk == by.pk:
        raise DomainError(ErrorCode.INVALID, _("You cannot close your own account."))
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        record(verb="account_closed", about=user, by=by, label=user.username)


@transaction.atomic
def reopen_account(user: User, *, by: User | None) -> None:
    """The account can be used again, with the permissions that were not taken."""
    _check_rank(user, by)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        record(verb="account_reopened", about=user, by=by, label=user.username)


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """Set a new first password, shown once, and end all sessions of the account.

    It only allows changing the password, so that the person who set it cannot use the account unnoticed; the journal
    records the reset.
    """
    _check_rank(user, by)
    if user.is_program:
        message = _("A program has no password: it asks with a token.")
        raise DomainError(ErrorCode.INVALID, message)
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(verb="password_reset", about=user, by=by, label=user.username)
    return password


def choose_password(user: User, password: str) -> None:
    """The owner's own new password; it may be used for everything from now on."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])


def choose_language(user: User, language: str) -> None:
    """The language in which its owner reads the pages, from now on and on every device. INVALID if there is none."""
    if language not in dict(settings.LANGUAGES):
        raise DomainError(ErrorCode.INVALID, _("There is no such language."), "language")
    user.language = language
    user.save(update_fields=["language"])


def _check_rank(user: User, by: User | None) -> None:
    """FORBIDDEN to change accounts of Bilgi İşlem for others, which would be a privilege escalation."""
    if user.is_superuser and by is not None and not by.is_superuser:
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    for name, length in (("first_name", 150), ("last_name", 150), ("title", 120)):
        if name in fields:
            fields[name] = " ".join(clean(fields[name] or "").split())[:length]
    if "first_name" in fields and not fields["first_name"]:
        raise DomainError(ErrorCode.REQUIRED, _("Write the name."), "first_name")
    if "phone" in fields:
        fields["phone"] = normal_phone(fields["phone"] or "")
    if fields.get("email"):
        try:
            validate_email(fields["email"])
        except ValidationError:
            raise DomainError(ErrorCode.INVALID, _("This is no valid e-mail address."), "email") from None
    return fields
