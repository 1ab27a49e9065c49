"""Names that other tools know: they are the conventions' own."""

from __future__ import annotations

import importlib
import re
import warnings

from loopai_nb.telemetry.names import SCHEMA_URL, GenAi, Metric, Ours


def _texts(names: type) -> dict[str, str]:
    return {name: value for name, value in vars(names).items() if name.isupper() and isinstance(value, str)}


def test_the_names_of_generative_ai_are_those_of_the_published_conventions():
    """Each is a constant of opentelemetry-semantic-conventions, and the schema one of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # moved to where none is released
        modules = [
            importlib.import_module(f"opentelemetry.semconv.{name}")
            for name in (
                "_incubating.attributes.gen_ai_attributes",
                "_incubating.metrics.gen_ai_metrics",
                "attributes.error_attributes",
                "attributes.http_attributes",
                "attributes.server_attributes",
            )
        ]
        schemas = importlib.import_module("opentelemetry.semconv.schemas").Schemas
    published = {value for module in modules for value in _texts(module).values()}

    assert set(_texts(GenAi).values()) <= published
    assert SCHEMA_URL in {schema.value for schema in schemas}


def test_the_names_of_our_own_follow_the_practice():
    """Prometheus: one prefix, lower case, a unit or total at the end; no two alike."""
    names = list(_texts(Metric).values())

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"loopai_[a-z0-9_]+", name) for name in names)
    assert all(name.startswith("loopai.") for name in _texts(Ours).values())
