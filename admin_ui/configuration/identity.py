"""What pages for everybody take from the settings: the crest as a file, the colours as a style sheet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from backend.configuration import crest as drawings
from backend.configuration.office import configured
from backend.core.session import unscoped

MINUTE, YEAR = 60, 365 * 24 * 3600
_SEALED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""The drawing was uploaded: opened by itself it may do nothing."""


@unscoped
@require_safe
def crest(request: HttpRequest) -> HttpResponse:
    """The crest (SVG). Its address has the state of the settings (`v`), so that a browser may keep it."""
    if not (drawing := configured.MUNICIPALITY_CREST):
        raise Http404
    response = HttpResponse(drawing, content_type="image/svg+xml")
    response["Content-Security-Policy"] = _SEALED
    response._csp_exempt = True  # type: ignore[attr-defined] # django-csp would write its own over it
    return _kept(request, response)


@unscoped
@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """The municipality's colours, as `public.css` uses them, in the light and in the dark."""
    main, accent = configured.MUNICIPALITY_COLOUR, configured.MUNICIPALITY_ACCENT
    content = (
        f":root{{--town:{main};--town-words:{main};--town-line:{accent}}}"
        f"@media (prefers-color-scheme:dark){{.ok-public{{--town-words:{drawings.on_dark(main)};"
        f"--town-line:{drawings.on_dark(accent)}}}}}"
    )
    return _kept(request, HttpResponse(content, content_type="text/css"))


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=YEAR if "v" in request.GET else MINUTE)
    return response
