"""The addresses of this surface."""

from django.urls import include, path

from schema.developers import views as developers
from schema.http.files import (
    download,
    letter_paper,
    mail_original,
    message_with_files,
    picture,
    portal_bring,
    portal_upload,
    reply_file,
    upload,
)
from schema.http.oauth import metadata, revoke, token
from schema.http.public_pictures import calendar_picture, event_picture, news_picture, news_share_picture
from schema.http.view import graphql, sdl
from schema.mailboxes.lines import message_line
from schema.map import views as map_ground
from schema.stream.endpoint import stream

urlpatterns = [
    path("graphql/", graphql, name="graphql"),
    path("graphql/schema.graphql", sdl, name="graphql_sdl"),
    path("graphql/stream/", stream, name="graphql_stream"),
    path("oauth/token", token, name="oauth_token"),
    path("oauth/revoke", revoke, name="oauth_revoke"),
    path(".well-known/oauth-authorization-server", metadata, name="oauth_metadata"),
    path("files/<uuid:key>", download, name="file"),
    path("files/<uuid:key>/picture/", picture, {"size": "whole"}, name="picture"),
    path("files/<uuid:key>/thumbnail/", picture, {"size": "small"}, name="thumbnail"),
    path("files/news/<uuid:key>/", news_picture, {"size": "whole"}, name="news_picture"),
    path("files/news/<uuid:key>/thumbnail/", news_picture, {"size": "small"}, name="news_thumbnail"),
    path("files/calendar/<uuid:key>/", calendar_picture, {"size": "whole"}, name="calendar_picture"),
    path(
        "files/calendar/<uuid:key>/thumbnail/", calendar_picture, {"size": "small"}, name="calendar_thumbnail"
    ),
    path("files/share/events/<uuid:key>.png", event_picture, name="event_share_picture"),
    path("files/share/news/<slug:slug>.png", news_share_picture, name="news_share_picture"),
    path("files/reply/<str:ticket>", reply_file, name="reply_file"),
    path("files/mails/<uuid:key>/original/", mail_original, name="mail_original"),
    path("files/messages/<str:id>/", message_with_files, name="message_with_files"),
    path("files/complaints/<str:id>/", upload, {"of": "complaint"}, name="file_upload"),
    path("files/portal/complaints/", portal_upload, name="portal_file_upload"),
    path("files/portal/submissions/", portal_bring, name="portal_bring"),
    path("files/appointments/<str:id>/", upload, {"of": "appointment"}, name="appointment_file_upload"),
    path("files/invitations/<str:id>/", upload, {"of": "invitation"}, name="invitation_file_upload"),
    path("files/letters/<str:id>/", upload, {"of": "letter"}, name="letter_file_upload"),
    path("files/letters/<uuid:key>/paper/", letter_paper, name="letter_paper"),
    path("files/instructions/<str:id>/", upload, {"of": "instruction"}, name="instruction_file_upload"),
    path("files/events/<str:id>/", upload, {"of": "event"}, name="event_file_upload"),
    path("files/events/<str:id>/picture/", upload, {"of": "event_picture"}, name="event_picture_upload"),
    path("files/agreements/<str:id>/", upload, {"of": "agreement"}, name="agreement_file_upload"),
    path("files/press-releases/<str:id>/", upload, {"of": "press_release"}, name="news_file_upload"),
    path("files/engagements/<str:id>/", upload, {"of": "engagement"}, name="engagement_file_upload"),
    path("lines/<uuid:key>/", message_line, name="message_line"),
    path("map/ground/outlines.json", map_ground.outlines, name="map_outlines"),
    path("map/ground/<int:x>/<int:y>.json", map_ground.square, name="map_square"),
    path("open311/", include("schema.open311.urls")),
    path("gelistirici/", developers.start, name="developer"),
    path("gelistirici/ara/", developers.search, name="developer_search"),
    path("gelistirici/sema/<str:name>/", developers.type_page, name="developer_type"),
    path("gelistirici/<slug:name>/", developers.document, name="developer_document"),
]
