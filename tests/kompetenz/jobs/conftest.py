import threading

import pytest
from django.db import connection, transaction


@pytest.fixture
def other_connection():
    """``other_connection(function)``: what the function finds, in a transaction on a connection of its own."""

    def ask(function):
        found = []

        def inside():
            try:
                with transaction.atomic():
                    found.append(function())
            finally:
                connection.close()

        thread = threading.Thread(target=inside)
        thread.start()
        thread.join(30)
        return found[0]

    return ask
