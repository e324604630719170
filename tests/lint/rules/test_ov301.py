"""OV301: a container of the class is changed through its instances."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_the_members_of_an_enum(look: Look) -> None:
    """Should NOT report the members of an enum."""
    source = """
        from enum import Enum

        class Kind(Enum):
            ROWS = []

            def add(self, row):
                self.ROWS.append(row)
    """
    assert [row for row in look(source) if row[0] == "OV301"] == []


def test_should_not_report_a_container_that_is_only_declared(look: Look) -> None:
    """Should NOT report a container that is only declared."""
    source = """
        class Basket:
            kinds = ["a", "b"]
            names: dict = {}

            def first(self):
                return self.kinds[0]
    """
    assert [row for row in look(source) if row[0] == "OV301"] == []


def test_should_not_report_a_container_that_the_instance_hides_with_its_own(look: Look) -> None:
    """Should NOT report a container that the instance hides with its own."""
    source = """
        class Basket:
            items = []

            def __init__(self):
                self.items = []

            def add(self, item):
                self.items.append(item)
    """
    assert [row for row in look(source) if row[0] == "OV301"] == []


def test_should_not_report_a_container_that_a_base_in_the_file_makes_per_instance(look: Look) -> None:
    """Should NOT report a container that a base in the file makes per instance."""
    source = """
        class Base:
            def __init__(self):
                self.items = []

        class Basket(Base):
            items = []

            def add(self, item):
                self.items.append(item)
    """
    assert [row for row in look(source) if row[0] == "OV301"] == []


def test_should_not_report_a_default_that_pydantic_and_msgspec_copy(look: Look) -> None:
    """Should NOT report a default that pydantic and msgspec copy."""
    source = """
        class Basket(BaseModel):
            items: list[str] = []

            def add(self, item):
                self.items.append(item)
    """
    assert [row for row in look(source) if row[0] == "OV301"] == []


def test_should_not_report_a_name_of_another_object_and_a_static_method(look: Look) -> None:
    """Should NOT report a name of another object and a static method."""
    source = """
        class Basket:
            items = []

            def add(self, other, item):
                other.items.append(item)

            @staticmethod
            def put(self, item):
                self.items.append(item)
    """
    assert [row for row in look(source) if row[0] == "OV301"] == []


def test_reports_a_change_through_self_cls_type_self_class_and_the_name_of_the_class(look: Look) -> None:
    """Reports a change through self, cls, type(self), __class__ and the name of the class."""
    source = """
        class Basket:
            items = []

            def a(self, item):
                self.items.append(item)

            @classmethod
            def b(cls, item):
                cls.items.append(item)

            def c(self, item):
                type(self).items.append(item)
                self.__class__.items.append(item)

        def d(item):
            Basket.items.append(item)
    """
    assert [row for row in look(source) if row[0] == "OV301"] == [
        ("OV301", "warning", "items", 2),
    ]


def test_reports_a_container_of_a_base_class_in_the_same_file(look: Look) -> None:
    """Reports a container of a base class in the same file."""
    source = """
        class Base:
            rows = {}

        class Child(Base):
            def add(self, key):
                self.rows[key] = 1
    """
    assert [row for row in look(source) if row[0] == "OV301"] == [
        ("OV301", "warning", "rows", 2),
    ]


def test_reports_a_classvar_of_a_model(look: Look) -> None:
    """Reports a ClassVar of a model."""
    source = """
        from typing import ClassVar

        class Basket(BaseModel):
            items: ClassVar[list[str]] = []

            def add(self, item):
                self.items.append(item)
    """
    assert [row for row in look(source) if row[0] == "OV301"] == [
        ("OV301", "warning", "items", 4),
    ]


def test_reports_a_registry_filled_by_init_subclass_as_a_note(look: Look) -> None:
    """Reports a registry filled by __init_subclass__ as a note."""
    source = """
        class Plugin:
            known = {}

            def __init_subclass__(cls):
                cls.known[cls.__name__] = cls
    """
    assert [row for row in look(source) if row[0] == "OV301"] == [
        ("OV301", "note", "known", 2),
    ]


def test_reports_a_change_in_a_function_inside_a_method_and_through_a_local_name(look: Look) -> None:
    """Reports a change in a function inside a method and through a local name."""
    source = """
        class Basket:
            items = []

            def add(self):
                mine = self.items
                def later(item):
                    mine.append(item)
                    self.items.append(item)
                return later
    """
    assert [row for row in look(source) if row[0] == "OV301"] == [
        ("OV301", "warning", "items", 2),
    ]


def test_reports_a_container_that_only_subclasses_of_the_file_make(look: Look) -> None:
    """Reports the containers of subclasses that a method of their base changes; not one of an instance."""
    source = """
        class Style:
            @classmethod
            def register(cls, name, style):
                cls.known[name] = style

        class Box(Style):
            known = {}

        class Line(Style):
            known = {}

        class Own(Style):
            known = {}

            def __init__(self):
                self.known = {}
    """
    assert [(row[1], row[3]) for row in look(source) if row[0] == "OV301"] == [("warning", 7), ("warning", 10)]


def test_reports_the_singletons_of_a_metaclass(look: Look) -> None:
    """Reports as a warning what the `__call__` of a metaclass keeps: it makes instances, not classes."""
    source = """
        class Singleton(type):
            _instances = {}

            def __call__(cls, *args):
                if cls not in cls._instances:
                    cls._instances[cls] = super().__call__(*args)
                return cls._instances[cls]
    """
    assert [row for row in look(source) if row[0] == "OV301"] == [("OV301", "warning", "_instances", 2)]
