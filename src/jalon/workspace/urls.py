"""The vendor's addresses."""

from django.urls import path

from jalon.workspace import gallery, portfolio, reviews, today

app_name = "workspace"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("today/<slug:ref>/<path:key>/", today.today, name="today-item"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/export.csv", portfolio.export, name="portfolio-export"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("clients/<slug:ref>/reviews/<str:month>/", reviews.review, name="review"),
    path("clients/<slug:ref>/reviews/<str:month>/<str:lang>.pdf", reviews.pdf, name="review-pdf"),
    path("gallery/", gallery.gallery, name="gallery"),
]
