"""Every name that other tools see, in one place: they break dashboards when they change.

``VERSION`` counts up with every name that changes or goes; a new one leaves it as it is.

Metrics of our own follow Prometheus's practice (https://prometheus.io/docs/practices/naming/): base units,
and ``_total`` for what only grows. What OpenTelemetry has names for is called as in its semantic conventions
for generative AI, version 1.41.1 (https://github.com/open-telemetry/semantic-conventions/tree/v1.41.1/docs/gen-ai,
"gen-ai-spans.md" and "gen-ai-metrics.md"; status: development): the last one with a number, since from 1.42
on they are written in a repository of their own (https://github.com/open-telemetry/semantic-conventions-genai),
which has released none yet. A test holds them equal to the constants of opentelemetry-semantic-conventions.
"""

from __future__ import annotations

__all__ = ["OTHER", "SCHEMA_URL", "VERSION", "GenAi", "Label", "Metric", "Ours"]

VERSION = 1

SCHEMA_URL = "https://opentelemetry.io/schemas/1.41.1"

OTHER = "other"
"""In place of a label's value beyond the most that are told apart."""


class Metric:
    """Prometheus; what is counted over all of the ledger unless it says otherwise."""

    REQUESTS = "loopai_requests_total"
    DURATION = "loopai_request_duration_seconds"
    TOKENS = "loopai_tokens_total"
    COST = "loopai_cost_usd_total"
    SAVED = "loopai_saved_usd_total"
    RETRIES = "loopai_retries_total"
    ERRORS = "loopai_errors_total"
    RUNS = "loopai_runs"
    APPROVALS_WAITING = "loopai_approvals_waiting"
    BUDGET = "loopai_budget_usd"
    BUDGET_SPENT = "loopai_budget_spent_usd"
    BUDGET_SHARE = "loopai_budget_share"
    INFO = "loopai_build_info"
    CPUS = "loopai_system_cpus"
    LOAD = "loopai_system_load1"
    MEMORY = "loopai_system_memory_bytes"
    DISK = "loopai_system_disk_bytes"


class Label:
    """Of these metrics."""

    SERVER = "server"
    MODEL = "model"
    OUTCOME = "outcome"
    DIRECTION = "direction"
    KIND = "kind"
    STATE = "state"
    OF = "of"


class GenAi:
    """OpenTelemetry's names."""

    OPERATION = "gen_ai.operation.name"
    PROVIDER = "gen_ai.provider.name"
    REQUEST_MODEL = "gen_ai.request.model"
    MAX_TOKENS = "gen_ai.request.max_tokens"
    TEMPERATURE = "gen_ai.request.temperature"
    RESPONSE_MODEL = "gen_ai.response.model"
    FINISH_REASONS = "gen_ai.response.finish_reasons"
    INPUT_TOKENS = "gen_ai.usage.input_tokens"
    OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
    OUTPUT_TYPE = "gen_ai.output.type"
    TOKEN_TYPE = "gen_ai.token.type"  # noqa: S105  (a name)
    INPUT_MESSAGES = "gen_ai.input.messages"
    OUTPUT_MESSAGES = "gen_ai.output.messages"
    SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions"
    ERROR_TYPE = "error.type"
    STATUS_CODE = "http.response.status_code"
    SERVER_ADDRESS = "server.address"
    SERVER_PORT = "server.port"

    TOKEN_USAGE = "gen_ai.client.token.usage"  # noqa: S105  (a name)
    DURATION = "gen_ai.client.operation.duration"

    TOKEN_BOUNDS = tuple(4**n for n in range(14))
    """Upper ends of the buckets of ``TOKEN_USAGE``, as the conventions ask for: 1 to 67,108,864."""
    DURATION_BOUNDS_S = tuple(0.01 * 2**n for n in range(14))
    """The same of ``DURATION``, seconds: 0.01 to 81.92."""


class Ours:
    """What OpenTelemetry has no name for: attributes of a span and of its events, one an attempt."""

    RUN = "loopai.run.id"
    REQUEST = "loopai.request.number"
    STATE = "loopai.request.state"
    ATTEMPTS = "loopai.request.attempts"
    COST = "loopai.request.cost_usd"
    ATTEMPT = "loopai.attempt"
    NUMBER = "loopai.attempt.number"
    OUTCOME = "loopai.attempt.outcome"
    DURATION_MS = "loopai.attempt.duration_ms"
