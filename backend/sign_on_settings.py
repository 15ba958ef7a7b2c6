"""Sign-on by the directory of the house: read from the environment, off as long as no server is named.

`docs/operations/sign-on.md` has examples (Active Directory, AD FS, Keycloak); `backend/settings.py` holds these too.
"""

from typing import Any

from backend.environment import env, flag, listed, whole

SIGN_ON_LABEL = env("SIGN_ON_LABEL", "Belediye hesabıyla giriş")  # of the button on the page of sign-in
# OpenID Connect; register <PUBLIC_URL>/accounts/directory/back/ there as the address to come back to.
SIGN_ON_OIDC: dict[str, Any] = {
    "issuer": env("SIGN_ON_OIDC_ISSUER").rstrip("/"),
    "client_id": env("SIGN_ON_OIDC_CLIENT_ID"),
    "client_secret": env("SIGN_ON_OIDC_CLIENT_SECRET"),
    "scope": env("SIGN_ON_OIDC_SCOPE", "openid profile email"),
    # Who it is for good; another claim than `sub` is the immutable id of SIGN_ON_LDAP_ID, as the provider knows it.
    "subject_claim": env("SIGN_ON_OIDC_SUBJECT_CLAIM", "sub"),
    "username_claim": env("SIGN_ON_OIDC_USERNAME_CLAIM", "preferred_username"),
    "groups_claim": env("SIGN_ON_OIDC_GROUPS_CLAIM", "groups"),
    # Values of `amr`, and of `acr` as acr:value, that count as a second factor; none: ours is asked for.
    "second_factor": listed("SIGN_ON_OIDC_SECOND_FACTOR"),
}
# SAML 2.0: the provider by its metadata, or by name, addresses, certificates; `manage.py sign_on_metadata` says ours.
SIGN_ON_SAML: dict[str, Any] = {
    "metadata": env("SIGN_ON_SAML_METADATA"),
    "issuer": env("SIGN_ON_SAML_ISSUER"),  # with metadata: chooses one of several
    "sign_in_url": env("SIGN_ON_SAML_SIGN_IN_URL"),
    "sign_out_url": env("SIGN_ON_SAML_SIGN_OUT_URL"),
    "certificates": env("SIGN_ON_SAML_CERTIFICATES"),
    "entity_id": env("SIGN_ON_SAML_ENTITY_ID"),  # empty: the address of our metadata
    "key": env("SIGN_ON_SAML_KEY"),  # what our questions are signed with; none: they are not
    "certificate": env("SIGN_ON_SAML_CERTIFICATE"),
    # Who it is for good: an attribute with the immutable id of SIGN_ON_LDAP_ID; empty: the persistent NameID.
    "subject_attribute": env("SIGN_ON_SAML_SUBJECT_ATTRIBUTE"),
    "username_attribute": env("SIGN_ON_SAML_USERNAME_ATTRIBUTE", "uid"),
    "given_name_attribute": env("SIGN_ON_SAML_GIVEN_NAME_ATTRIBUTE", "givenName"),
    "surname_attribute": env("SIGN_ON_SAML_SURNAME_ATTRIBUTE", "sn"),
    "email_attribute": env("SIGN_ON_SAML_EMAIL_ATTRIBUTE", "mail"),
    "groups_attribute": env("SIGN_ON_SAML_GROUPS_ATTRIBUTE", "groups"),
    # Classes of sign-in (AuthnContextClassRef) and methods of AD FS that count as a second factor; none: ours is asked.
    "second_factor": listed("SIGN_ON_SAML_SECOND_FACTOR"),
}
# The directory over LDAP: read every quarter of an hour, and asked for passwords where SIGN_ON_LDAP_PASSWORDS says so.
SIGN_ON_LDAP: dict[str, Any] = {
    "urls": listed("SIGN_ON_LDAP_URL"),
    "start_tls": flag("SIGN_ON_LDAP_START_TLS"),
    "certificates": env("SIGN_ON_LDAP_CERTIFICATES"),
    "bind_dn": env("SIGN_ON_LDAP_BIND_DN"),
    "bind_password": env("SIGN_ON_LDAP_BIND_PASSWORD"),
    "people": env("SIGN_ON_LDAP_PEOPLE"),
    "people_filter": env("SIGN_ON_LDAP_PEOPLE_FILTER", "(&(objectCategory=person)(objectClass=user))"),
    "disabled_filter": env("SIGN_ON_LDAP_DISABLED_FILTER", "(userAccountControl:1.2.840.113556.1.4.803:=2)"),
    "groups": env("SIGN_ON_LDAP_GROUPS"),
    "groups_filter": env("SIGN_ON_LDAP_GROUPS_FILTER", "(objectClass=group)"),
    "username": env("SIGN_ON_LDAP_USERNAME", "sAMAccountName"),
    "id": env("SIGN_ON_LDAP_ID", "objectGUID"),
    "passwords": flag("SIGN_ON_LDAP_PASSWORDS", True),
    "seconds": whole("SIGN_ON_LDAP_SECONDS", 10),
    # So often a name is asked with wrong passwords in so many minutes: below what locks an account of the directory.
    "tries": whole("SIGN_ON_LDAP_TRIES", 4),
    "tries_minutes": whole("SIGN_ON_LDAP_TRIES_MINUTES", 30),
}
