"""Querysets that are asked with every page: built and compiled once in a process, and asked with other values each time.

Building a queryset and compiling it to SQL takes Django ten times as long as the database takes to answer. ``@prepared`` on a
function that makes a queryset gives one that returns its rows::

    @prepared
    def of_round(user, round_):
        return Participation.objects.visible_to(user).filter(round=round_)

    of_round(request.user, 7)

Of its arguments rows of the database and whole numbers may differ from call to call, lists and tuples of these too. A text, a
day, None, what is true or false are part of the question: for another one, another length of a list, another day on which it is
asked the queryset is built anew. What cannot be prepared, because it depends on an answer of the database (may_deputise), is
built each time.
The function sees stand-ins: a row that has its id and what is true or false of it, and nothing else. What may be read is thus
decided by the very queryset methods that decide it everywhere.

Nothing of any answer is kept. That no value is kept either is made sure when a queryset is built: it is built with two sets of
stand-ins, and both must give the same SQL, whose parameters differ only where a stand-in stands.
"""

import copy
import re
from datetime import date
from functools import update_wrapper
from itertools import count

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model
from django.db.models.expressions import Col
from django.db.transaction import TransactionManagementError
from django.http import Http404
from django.utils import timezone

MOST = 200  # questions that one function has ready, before it forgets all of them
CONSTANTS = (
    str | bool | date | type | None
)  # what is part of the question: it can be compared with what comes next time
# Two sets of numbers that stand in for values, by where they begin and how far apart they are. All are in the upper half of
# what the smallest column holds: Django leaves out of the SQL what a column cannot hold, and twice one of them is none of them.
# Nor is what is added to a number of one set added in the same way to that of the other.
STAND_INS = ((16_411, 7), (32_749, -11))
HELD = range(16_384, 32_768)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")


class CannotBePrepared(Exception):
    """The queryset depends on something else than the values it is asked with."""


every = []  # prepared function


def forget():
    """For tests that change what querysets are made of."""
    for one in every:
        one.ready = {}


class prepared:  # noqa: N801 - a decorator
    def __init__(self, build):
        self.build = build
        self.ready = {}
        update_wrapper(self, build)
        every.append(self)

    def __call__(self, *arguments):
        """All rows for these arguments, as a list."""
        values = []
        shape = (timezone.localdate(), *[shape_of(argument, values) for argument in arguments])
        if shape not in self.ready:
            self.prepare(shape)
        question = self.ready.get(shape)
        return question.ask(values) if question else list(self.build(*arguments))

    def prepare(self, shape):
        """Have the question ready, or know that it has to be built each time."""
        if len(self.ready) >= MOST:
            self.ready = {}
        try:
            self.ready[shape] = Question(self.build, shape[1:])
        except CannotBePrepared:
            self.ready[shape] = None

    def first(self, *arguments):
        """The first of the rows, or None."""
        return next(iter(self(*arguments)), None)

    def get_or_404(self, *arguments):
        """The first of the rows; where there is none, there is no page."""
        found = self.first(*arguments)
        if found is None:
            raise Http404
        return found


def shape_of(argument, values):
    """What of an argument is part of the question; what is not is added to ``values``."""
    if isinstance(argument, Model):
        values.append(argument.pk)
        row = getattr(argument, "_wrapped", argument)  # request.user is lazy, but by now it is there
        return type(row), tuple((name, value) for name, value in vars(row).items() if isinstance(value, bool))
    if isinstance(argument, list | tuple):
        return tuple, tuple(shape_of(one, values) for one in argument)
    if isinstance(argument, int) and not isinstance(argument, bool):
        values.append(argument)
        return int, None
    if not isinstance(argument, CONSTANTS):
        raise TypeError(f"{argument!r} may be another one next time")
    return None, argument


def stand_in(shape, numbers):
    """An argument for building, with the next of ``numbers`` wherever a value stands."""
    kind, rest = shape
    if kind is None:
        return rest
    if kind is int:
        return next(numbers)
    if kind is tuple:
        return [stand_in(one, numbers) for one in rest]
    row = kind.from_db(None, [kind._meta.pk.attname], [next(numbers)])
    vars(row).update(rest)
    return row


class Question:
    """One queryset, compiled: its SQL, and which of its parameters is which value."""

    def __init__(self, build, shapes):
        first, second = ([], [])
        try:
            self.queryset, self.compiler, self.sql, params = compiled(build, shapes, numbers(*STAND_INS[0], first))
            _, _, again, others = compiled(build, shapes, numbers(*STAND_INS[1], second))
        except EmptyResultSet:
            self.queryset = None
            return
        if self.sql != again or len(params) != len(others):
            raise CannotBePrepared(f"{build.__qualname__}: the SQL holds a value.\n{self.sql}\n{again}")
        places = {pair: place for place, pair in enumerate(zip(first, second, strict=True))}
        self.params = [place_of(pair, places, build) for pair in zip(params, others, strict=True)]
        self.locks = self.queryset.query.select_for_update
        self.converters = self.compiler.get_converters([column for column, *_ in self.compiler.select])

    def ask(self, values):
        if self.queryset is None:
            return []
        # A value comes in the type of its column, as PostgreSQL has it.
        params = tuple(param if place is None else type(param)(values[place]) for place, param in self.params)
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[compiler.using]
        if self.locks and compiler.connection.get_autocommit():
            raise TransactionManagementError(
                "Rows are locked in a transaction alone."
            )  # Django says so when it compiles
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        compiler.get_converters = lambda _: self.converters  # of a column's type, whatever the connection
        query = copy.copy(self.queryset.query)
        query.get_compiler = lambda *_, **__: compiler
        return list(self.like(query))

    def like(self, query):
        """The queryset with another query; a copy would ask, and a clone cost as much as building."""
        queryset = type(self.queryset)(self.queryset.model, query, self.queryset._db)
        queryset._iterable_class, queryset._fields = self.queryset._iterable_class, self.queryset._fields
        queryset._prefetch_related_lookups = self.queryset._prefetch_related_lookups
        return queryset


def numbers(first, step, used):
    """The numbers of one set; those that are taken are added to ``used``."""
    for number in count(first, step):
        if number not in HELD:
            raise CannotBePrepared("There are more values than stand-ins.")
        used.append(number)
        yield number


def compiled(build, shapes, stand_ins):
    """The queryset built with stand-ins, its compiler, its SQL and parameters."""
    with connections["default"].execute_wrapper(refuse_to_ask):
        queryset = build(*[stand_in(shape, stand_ins) for shape in shapes])
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
    if any(not isinstance(lookup, str) for lookup in queryset._prefetch_related_lookups):
        raise CannotBePrepared(f"{build.__qualname__}: a Prefetch has a queryset of its own")
    if queryset._known_related_objects:
        raise CannotBePrepared(f"{build.__qualname__}: rows would name a stand-in as what they belong to")
    return queryset, compiler, sql, params


def refuse_to_ask(execute, sql, params, many, context):
    raise CannotBePrepared(f"what is asked depends on an answer of the database: {sql}")


def place_of(pair, places, build):
    """Of a parameter as it is with each set of stand-ins: (number of the value or, if it is no value, None; itself)."""
    param, other = pair
    if pair in places:
        return places[pair], param
    if param != other:
        raise CannotBePrepared(f"{build.__qualname__}: {param} and {other} are made of a value")
    if hasattr(param, "hour") or (isinstance(param, str) and MOMENT.match(param)):
        raise CannotBePrepared(f"{build.__qualname__}: {param} is another moment next time")
    return None, param


def hash_of_column(column):
    """Equal columns have equal hashes, as with Django's own, for which it reads the arguments of every column of a query with an order."""
    return hash((column.alias, column.target))


Col.__hash__ = hash_of_column
