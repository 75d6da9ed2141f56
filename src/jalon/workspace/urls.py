"""The vendor's addresses."""

from django.urls import path

from jalon.workspace import gallery, portfolio, today

app_name = "workspace"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("today/<slug:ref>/<path:key>/", today.today, name="today-item"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/export.csv", portfolio.export, name="portfolio-export"),
    path("gallery/", gallery.gallery, name="gallery"),
]
