"""Language of the pages:

Turkish, or the user's choice. An account stores its choice; an anonymous browser stores it in a cookie, and without
one the public pages follow `Accept-Language`. What leaves the screen (letters, cards, messages, feeds) is Turkish,
but for the mails that answer at once who asks on a public page or through a portal: those are in the asker's language.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from backend.organization.accounts import choose_language

PAGES = ("/admin/", "/accounts/")
GRAPHQL = "/graphql/"


class LanguageMiddleware:
    """Use the account's language for signed-in users, in pages and GraphQL answers; programs with a token get
    `Accept-Language`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path
        if path.startswith(PAGES) and request.user.is_authenticated:
            _speak(request, request.user.language or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
        elif path == GRAPHQL and "Authorization" not in request.headers and request.user.is_authenticated:
            _speak(request, request.user.language or translation.get_language() or "")
        return self.get_response(request)


def _speak(request: HttpRequest, language: str) -> None:
    translation.activate(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
    request.LANGUAGE_CODE = translation.get_language()


@require_POST
@csrf_exempt
def choose(request: HttpRequest) -> HttpResponseBase:
    """Switch the language and return to the page.

    Without CSRF token, since public pages are cached; a foreign site cannot choose for a signed-in user, since the
    session cookie is not sent from elsewhere (SameSite).
    """
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        choose_language(request.user, language)
    return set_language(request)
