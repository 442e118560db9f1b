"""The service of the Tasking API's tests, and an operator who calls its admin door."""

import pytest
from tests.api.api_world import Caller, Service
from tests.api.conftest import acme, fresh_database, keys, reference, rival, service, shared

__all__ = ["acme", "fresh_database", "keys", "operator", "reference", "rival", "service", "shared"]


@pytest.fixture
def operator(service: Service) -> Caller:
    return service.caller("operator", 0, ("admin",))
