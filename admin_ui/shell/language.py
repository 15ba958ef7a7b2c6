"""In which language the pages are read: Turkish, or what somebody chose.

An account keeps its choice; a browser in which nobody has signed in keeps it in a cookie, and without one the public
pages ask `Accept-Language`. What leaves the screen (letters, cards, messages, feeds) is Turkish for everybody.
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
    """The pages of somebody signed in are in the language of their account, whatever the browser would prefer; so is
    what GraphQL answers them, if they chose one. A program with a token is answered by `Accept-Language`."""

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
    """Read on in another language, on the page from which one came.

    No CSRF token: public pages are cached and bear none. From elsewhere the session's cookie is not sent (SameSite),
    so that a foreign page can choose for nobody who has signed in.
    """
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        choose_language(request.user, language)
    return set_language(request)
