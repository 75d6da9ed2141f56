"""What every test may ask for."""

from __future__ import annotations

import pytest

from tests import cast as theatre


@pytest.fixture
def cast(db: None) -> theatre.Cast:
    """The people and the two clients, in the database."""
    return theatre.play()
