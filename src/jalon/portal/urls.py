"""The client's addresses."""

from django.urls import path

from jalon.portal import acts, home, pages, proof, reviews, settings

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("promises/", pages.promises, name="promises"),
    path("promises/<path:key>/", pages.why, name="why"),
    path("questions/<str:fact_id>/answer/", acts.answer, name="answer"),
    path("appointments/<str:fact_id>/confirm/", acts.confirm, name="confirm"),
    path("facts/<str:fact_id>/countersign/", acts.countersign, name="countersign"),
    path("record/", acts.chooser, name="chooser"),
    path("record/<str:kind>/", acts.record, name="record"),
    path("agreement/", pages.agreement, name="agreement"),
    path("plan/", pages.plan, name="plan"),
    path("adoption/", pages.adoption, name="adoption"),
    path("timeline/", pages.history, name="timeline"),
    path("ledger/", proof.ledger, name="ledger"),
    path("ledger/checkpoint/", proof.checkpoint, name="ledger-checkpoint"),
    path("ledger/leaves/", proof.leaves, name="ledger-leaves"),
    path("ledger/archive/", proof.archive, name="ledger-archive"),
    path("not-shown/", pages.not_shown, name="not-shown"),
    path("settings/", settings.settings, name="settings"),
    path("reviews/", reviews.sent, name="reviews"),
    path("reviews/<str:month>/", reviews.one, name="review"),
    path("reviews/<str:month>/<str:lang>.pdf", reviews.pdf, name="review-pdf"),
]
