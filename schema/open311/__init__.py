"""Open311 GeoReport v2: the open standard of cities for reports, over the same functions as the portal's mutations.

Reports come in by `permissions.complaints.portal.submit` and are told of as `public.STANDING` says: an adapter, no
second way.
"""
