"""OV302: a class attribute is rebound."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_an_attribute_of_the_instance(look: Look) -> None:
    """Should NOT report an attribute of the instance."""
    source = """
        class Job:
            count = 0

            def __init__(self):
                self.count = 1
    """
    assert [row for row in look(source) if row[0] == "OV302"] == []


def test_should_not_report_what_makes_the_class_init_subclass_a_metaclass_an_enum(look: Look) -> None:
    """Should NOT report what makes the class: __init_subclass__, a metaclass, the members of an enum."""
    source = """
        from enum import Enum

        class Plugin:
            def __init_subclass__(cls):
                cls.name = cls.__name__

        class Colour(Enum):
            RED = 1

            def __new__(cls, value):
                cls.made = True
                return object.__new__(cls)

        class Meta(type):
            def __new__(cls, name, bases, body):
                cls.ready = True

            def __init__(cls, name, bases, body):
                cls.ready = True

            def later(cls):
                cls.other = 1
    """
    assert [row for row in look(source) if row[0] == "OV302"] == []


def test_should_not_report_special_methods_that_a_class_method_builds(look: Look) -> None:
    """Should NOT report special methods that a class method gives its class."""
    source = """
        class Operators:
            @classmethod
            def _add_operators(cls):
                cls.__add__ = cls._make("add")
                setattr(cls, "__radd__", cls._make("radd"))
    """
    assert [row for row in look(source) if row[0] == "OV302"] == []


def test_should_not_report_a_private_helper_of_a_decorator_for_the_class(look: Look) -> None:
    """Should NOT report a private method that only a class decorator calls, while the module is imported."""
    source = """
        def _complete(cls):
            cls._fill()
            return cls

        @_complete
        class Table:
            @classmethod
            def _fill(cls):
                cls.rows = 1
    """
    assert [row for row in look(source) if row[0] == "OV302"] == []


def test_should_not_report_the_set_up_of_a_test_class(look: Look) -> None:
    """Should NOT report the set-up of a test class."""
    source = """
        class TestCart:
            @classmethod
            def setUpClass(cls):
                cls.cart = 1

            @classmethod
            def tearDownClass(cls):
                cls.cart = None
                TestCart.other = 1
    """
    assert [row for row in look(source, path="tests/test_cart.py") if row[0] == "OV302"] == []


def test_should_not_report_an_attribute_that_the_module_sets_at_import(look: Look) -> None:
    """Should NOT report an attribute that the module sets at import."""
    source = """
        class Job:
            pass

        Job.default = Job()
    """
    assert [row for row in look(source) if row[0] == "OV302"] == []


def test_reports_a_rebinding_through_cls_type_self_and_the_name_of_the_class(look: Look) -> None:
    """Reports a rebinding through cls, type(self) and the name of the class."""
    source = """
        class Job:
            last = None
            other = None
            third = None

            @classmethod
            def a(cls):
                cls.last = 1

            def b(self):
                type(self).other = 1

            @staticmethod
            def c():
                Job.third = 1
    """
    assert [row for row in look(source) if row[0] == "OV302"] == [
        ("OV302", "warning", "last", 2),
        ("OV302", "warning", "other", 3),
        ("OV302", "warning", "third", 4),
    ]


def test_reports_a_counter_as_an_error(look: Look) -> None:
    """Reports a counter as an error."""
    source = """
        class Job:
            count = 0

            def __init__(self):
                Job.count += 1
    """
    assert [row for row in look(source) if row[0] == "OV302"] == [
        ("OV302", "error", "count", 2),
    ]


def test_reports_a_singleton_that_new_or_the_call_of_a_metaclass_keeps(look: Look) -> None:
    """Reports a singleton: `__new__` and the metaclass's `__call__` make instances, not the class."""
    source = """
        class Single:
            _one = None

            def __new__(cls):
                if cls._one is None:
                    cls._one = super().__new__(cls)
                return cls._one

        class Meta(type):
            def __call__(cls):
                cls.last = super().__call__()
                return cls.last
    """
    assert [row for row in look(source) if row[0] == "OV302"] == [
        ("OV302", "warning", "_one", 2),
        ("OV302", "warning", "last", 11),
    ]


def test_reports_special_methods_that_are_exchanged_by_the_name_of_the_class(look: Look) -> None:
    """Reports a special method that a function exchanges: that is no building, it is patching."""
    source = """
        class Failure:
            pass

        def debug(init):
            Failure.__init__ = init
    """
    assert [row for row in look(source) if row[0] == "OV302"] == [("OV302", "warning", "__init__", 5)]
