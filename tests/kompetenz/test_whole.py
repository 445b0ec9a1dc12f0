"""A view that is one transaction is done once more where two have stood in each other's way, and only then."""

import threading

import psycopg
import pytest
from django.contrib.messages import success
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse

from kompetenz.people.models import Unit
from kompetenz.whole import whole


def in_each_others_way():
    raise OperationalError("deadlock detected") from psycopg.errors.DeadlockDetected("deadlock detected")


def busy():
    raise OperationalError("lock timeout") from psycopg.errors.LockNotAvailable("lock timeout")


class View:
    """Writes a unit and says so; what comes next fails as often as it has ``problems``."""

    def __init__(self, *problems):
        self.problems = list(problems)

    def __call__(self, request):
        unit = Unit.objects.create(number="77", name="Neu")
        success(request, f"{unit} ist angelegt.")
        if self.problems:
            self.problems.pop(0)()
        return HttpResponse("ja")


@pytest.fixture
def request_(rf):
    request = rf.post("/")
    request._messages = CookieStorage(request)
    return request


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_done_once_more(request_):
    assert whole(View(in_each_others_way))(request_).text == "ja"

    assert Unit.objects.filter(number="77").count() == 1
    assert len(request_._messages._queued_messages) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("problems", [(in_each_others_way, in_each_others_way), (busy,)])
def test_it_is_done_no_third_time_and_not_after_having_waited(request_, problems):
    view = View(*problems)
    with pytest.raises(OperationalError):
        whole(view)(request_)

    assert (view.problems, Unit.objects.filter(number="77").count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_within_a_larger_transaction_nothing_is_repeated(request_):
    with pytest.raises(OperationalError), transaction.atomic():
        whole(View(in_each_others_way))(request_)


@pytest.mark.django_db(transaction=True)
def test_a_file_cannot_be_read_twice(request_, rf):
    with_file = rf.post("/", {"file": SimpleUploadedFile("liste.csv", b"x")})
    with_file._messages = request_._messages

    with pytest.raises(OperationalError):
        whole(View(in_each_others_way))(with_file)


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time: nobody is in the other's way"
)
@pytest.mark.django_db(transaction=True)
def test_of_two_who_wait_for_each_other_both_come_to_write(request_):
    first, second = (Unit.objects.create(number=number, name="Alt").pk for number in ("1", "2"))
    has_second, other_waits = threading.Event(), threading.Event()
    wanted = connection.get_connection_params()
    address = {name: wanted[name] for name in {"dbname", "user", "password", "host", "port"} & set(wanted)}
    table, times = Unit._meta.db_table, []

    def other():
        with psycopg.connect(**address) as database:
            database.execute("SET deadlock_timeout = '60s'")  # it is not the one who looks
            database.execute(f"UPDATE {table} SET name = 'Anders' WHERE id = %s", [second])
            has_second.set()
            other_waits.wait(10)
            database.execute(f"UPDATE {table} SET name = 'Anders' WHERE id = %s", [first])

    def view(request):
        times.append(Unit.objects.filter(pk=first).update(name="Neu"))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL deadlock_timeout = '300ms'")
        other_waits.set()
        Unit.objects.filter(pk=second).update(name="Neu")
        return HttpResponse("ja")

    thread = threading.Thread(target=other)
    thread.start()
    has_second.wait(10)
    whole(view)(request_)
    thread.join()

    assert times == [1, 1]
    assert {unit.name for unit in Unit.objects.filter(pk__in=[first, second])} == {"Neu"}
