"""Open311 GeoReport v2, the open standard of cities for reports: an adapter over the portal's functions.

Reports come in by `permissions.complaints.portal.submit`, and their status is `public.STANDING`.
"""
