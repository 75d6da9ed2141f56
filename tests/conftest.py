"""What every test may ask for."""

from __future__ import annotations

import pytest

from tests import cast as theatre


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Proofs of ten thousand cases run when they are asked for by their mark, and never otherwise."""
    if "proof" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("proof")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("proof")]


@pytest.fixture
def cast(db: None) -> theatre.Cast:
    """The people and the two clients, in the database."""
    return theatre.play()
