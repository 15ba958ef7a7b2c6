"""The directory of the house, behind the pages about it."""

from tests.backend.organization.sign_on.conftest import _server, house  # noqa: F401 - fixtures
