"""The admin and nothing else."""

from django.urls import path

from benchmarks.stock_admin.site import site

urlpatterns = [path("admin/", site.urls)]
