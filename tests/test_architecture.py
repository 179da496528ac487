"""Imports point one way, the library has four parts, and modules stay short."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lyria_core import LyriaError
from lyria_studio.library import Library

ROOT = Path(__file__).parents[1]
PRODUCT = ("app.py", "pages", "lyria_core", "lyria_studio", "lyria_sandbox")

# Each may import only what stands before it, so there can be no cycle.
LAYERS = (
    "lyria_core",
    "lyria_sandbox",
    "lyria_studio",
    *(
        f"lyria_studio.{name}"
        for name in (
            *(
                "phrases",
                "limits",
                "events",
                "links",
                "composer_notes",
                "money",
                "settings",
                "keys",
                "model",
                "scores",
                "evidence",
            ),
            *(
                "images",
                "prompts",
                "listening",
                "audio",
                "library",
                "prices",
                "wording",
                "outlook",
                "comparisons",
            ),
            *("reports", "worker", "services", "startup", "orders", "web", "host", "ui"),
        )
    ),
    "pages",
    "app",
)

LONGEST = 350


def sources() -> Iterator[Path]:
    """Every module of the product, relative to the root."""
    for name in PRODUCT:
        for path in [ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"):
            yield path.relative_to(ROOT)


def own_scripts() -> Iterator[Path]:
    """Every JavaScript module that was written here, relative to the root."""
    for name in PRODUCT:
        for path in (ROOT / name).rglob("*.js"):
            yield path.relative_to(ROOT)


def imported(path: Path) -> Iterator[str]:
    """The full names of what a module imports, those for type checks too."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(name: str) -> int | None:
    """The place of a dotted name in `LAYERS`; None for a module of somebody else."""
    parts = name.split(".")
    for known in (".".join(parts[:2]), parts[0]):
        if known in LAYERS:
            return LAYERS.index(known)
    return None


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def test_imports_point_down_and_never_in_a_circle() -> None:
    wrong = []
    for path in sources():
        own = layer(dotted(path))
        assert own is not None, f"{path} has no place in LAYERS"
        for name in imported(path):
            other = layer(name)
            if other is not None and other > own:
                wrong.append(f"{path} imports {name}")
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("streamlit", ("app.py", "pages/", "lyria_studio/ui/")),
        ("sqlalchemy", ("lyria_studio/library/",)),
        ("lyria_studio", ("app.py", "pages/", "lyria_studio/")),
        ("lyria_sandbox", ("app.py", "lyria_studio/host.py", "lyria_studio/ui/", "lyria_sandbox/")),
    ],
)
def test_a_package_is_imported_only_where_it_belongs(
    package: str, allowed: tuple[str, ...]
) -> None:
    wrong = [
        str(path)
        for path in sources()
        if any(name.split(".")[0] == package for name in imported(path))
        and not path.as_posix().startswith(allowed)
    ]
    assert wrong == []


def test_the_nouns_know_only_the_client_of_the_gateway() -> None:
    standard = {"__future__", "collections", "dataclasses", "datetime", "decimal", "enum"}
    standard |= {"math", "pathlib", "re", "secrets", "time", "types", "typing"}
    for path in (ROOT / "lyria_studio/model").glob("*.py"):
        tops = {name.split(".")[0] for name in imported(path.relative_to(ROOT))}
        assert tops <= standard | {"lyria_core", "lyria_studio"}


def test_private_modules_of_the_client_stay_private() -> None:
    wrong = [
        f"{path} imports {name}"
        for path in sources()
        if path.parts[0] != "lyria_core"
        for name in imported(path)
        if name.startswith("lyria_core._")
    ]
    assert wrong == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    own = {*sources(), *own_scripts()}
    long = {
        path.as_posix(): lines
        for path in own
        if (lines := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_the_parts_of_the_library_are_plain_classes_with_few_methods(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        parts = {name: part for name, part in vars(library).items() if name[0] != "_"}
    del parts["home"]
    assert sorted(parts) == ["jobs", "ledger", "listening", "tracks"]
    for name, part in parts.items():
        methods = [
            method
            for method, _ in inspect.getmembers(type(part), inspect.isfunction)
            if method[0] != "_"
        ]
        assert type(part).__bases__ == (object,)
        assert len(methods) <= 25, f"library.{name} has {len(methods)} methods"


# What happens inside and is handled there: no person reads its text.
EVENTS = {
    *("AddressRefusedError", "_Interrupted", "_Stopped", "BodyCut", "_NestedError"),
    *("Interrupted", "HoldError", "StoppingError"),
}


@pytest.mark.parametrize("package", ["lyria_core", "lyria_studio"])
def test_every_error_that_a_person_reads_has_the_one_root(package: str) -> None:
    for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
        if "migrations" not in module.name:  # Alembic imports these itself
            importlib.import_module(module.name)
    other = {
        one.__name__
        for one in subclasses(Exception)
        if one.__module__.startswith(package) and not issubclass(one, LyriaError)
    }
    assert other <= EVENTS


def subclasses(kind: type[Exception]) -> Iterator[type[Exception]]:
    """Every class that derives from this one and is known now."""
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def functions_without_args(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The public functions with three or more parameters that do not document them."""
    classes = [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name[0] != "_"]
    for node in [*tree.body, *(method for one in classes for method in one.body)]:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name[0] == "_":
            continue
        given = node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        if len([name for name in names if name not in ("self", "cls")]) < 3:
            continue
        if "Args:\n" not in (ast.get_docstring(node) or ""):
            yield node


def test_public_functions_with_three_parameters_document_them() -> None:
    wrong = [
        f"{path}:{node.lineno} {node.name}"
        for path in sources()
        if not any(part[0] == "_" and part != "__init__.py" for part in path.parts)
        for node in functions_without_args(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    ]
    assert wrong == []
