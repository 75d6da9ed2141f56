"""The vendor's addresses."""

from django.urls import path

from jalon.workspace import (
    agreement,
    client,
    first_hour,
    gallery,
    imports,
    new_client,
    portfolio,
    record,
    reviews,
    settings,
    settings_team,
    today,
    usage_imports,
    why,
)

app_name = "workspace"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("today/<slug:ref>/<path:key>/", today.today, name="today-item"),
    path("first-hour/", first_hour.first_hour, name="first-hour"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/new/", new_client.new_client, name="new-client"),
    path("portfolio/export.csv", portfolio.export, name="portfolio-export"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("clients/<slug:ref>/reviews/<str:month>/", reviews.review, name="review"),
    path("clients/<slug:ref>/reviews/<str:month>/<str:lang>.pdf", reviews.pdf, name="review-pdf"),
    path("clients/<slug:ref>/", client.client, name="client"),
    path("clients/<slug:ref>/promises/", client.promises, name="promises"),
    path("clients/<slug:ref>/promises/<path:key>/", why.why, name="why"),
    path("clients/<slug:ref>/plan/", client.plan, name="plan"),
    path("clients/<slug:ref>/timeline/", client.history, name="timeline"),
    path("clients/<slug:ref>/facts/<str:fact_id>/", client.fact, name="fact"),
    path("clients/<slug:ref>/record/", record.chooser, name="chooser"),
    path("clients/<slug:ref>/record/<str:kind>/", record.record, name="record"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:number>/", imports.import_run, name="import-run"),
    path("imports/usage/", usage_imports.usage_imports, name="usage-imports"),
    path("imports/usage/name/", usage_imports.name_client, name="usage-name"),
    path("imports/usage/<int:number>/", usage_imports.usage_import, name="usage-import"),
    path("imports/usage/<int:number>/refused.ndjson", usage_imports.refused, name="usage-refused"),
    path("settings/", settings.settings, name="settings"),
    path("settings/team/new/", settings_team.new_member, name="settings-member-new"),
    path("settings/team/<slug:ref>/", settings_team.member, name="settings-member"),
    path("gallery/", gallery.gallery, name="gallery"),
]
