"""The directory of the house, for what follows it."""

from tests.backend.organization.sign_on.conftest import _server, house  # noqa: F401 - fixtures
