"""The PostgreSQL server of the tests: where it is not here they are skipped, and fail where it is required."""

import os

import pytest

from crash.cluster import Cluster, cluster, is_here


def postgres() -> Cluster:
    """The server, or the end of the test that asks for it."""
    if not is_here():
        if "postgres" in os.environ.get("ALDES_REQUIRE", "").replace(",", " ").split():
            pytest.fail("ALDES_REQUIRE names postgres, and no PostgreSQL server is here (on Debian: postgresql)")
        pytest.skip("no PostgreSQL server is here (on Debian: postgresql)")
    return cluster()
