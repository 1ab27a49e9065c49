"""What the approval widget is told and may ask: the rows of a plan, changes of it, and the decision."""

from __future__ import annotations

import json
import os
import random
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger.browsing import PlanRows
from loopai_nb.notebook.marked import changes, marked, masked_parts
from loopai_nb.notebook.plan_card import plan_notes
from loopai_nb.notebook.plan_figures import figures_of, moved
from loopai_nb.notebook.wording import place, plural
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.ledger.browsing import BrowsedRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.notebook.plan_figures import Press
    from loopai_nb.planning.plan import Plan
    from loopai_nb.records import Parameters
    from loopai_nb.redaction import Redactor

__all__ = ["ApprovalDesk", "Change", "Choice", "Source"]

_PREVIEW = 160
_MOST_LABEL = 80
_MOST_NAMED = 12
_MOST_WINDOW = 500
_SAMPLE = 20
_CHECKED = 200
"""Rows with a mask in their text that are looked at for one that a rule put there."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a person may change about a plan.

    Attributes:
        template: The template's text.
        system: The system prompt's; None for none.
        leave_out: 0-based positions of rows.
    """

    template: str
    system: str | None
    leave_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a plan is from, as far as it can be made again.

    Attributes:
        make: The plan with a change; None where it can't be made again: a stream is read once.
        original: The prompt and system prompt of a row before anything was masked; None as above.
        can_sample: Some rows can be sent first.
        redactor: Masks personal data; None where nothing is masked.
    """

    make: Callable[[Change], Plan] | None = None
    original: Callable[[Change, int], tuple[str, str | None]] | None = None
    can_sample: bool = False
    redactor: Redactor | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose at the widget.

    Attributes:
        plan: Which was shown.
        change: How it differs from what was asked for at first.
        state: APPROVED or REJECTED.
        feedback: The reason.
        sample: So many rows first, instead of all.
    """

    plan: Plan
    change: Change
    state: ApprovalState
    feedback: str = ""
    sample: int | None = None


class ApprovalDesk:
    """The kernel's side of one approval. Its methods are called by one thread at a time, in order.

    Args:
        plan: What is decided on.
        ledger: Which has its rows.
        press: See there.
        source: How it is made again.
        follows: A person has just answered another question of the same cell.
        left_s: Tells for how many seconds it still waits.
        chosen: Told the choice; once it returns, none is taken any more.
        replaced: Told the new plan and how it was made, whenever a person has it changed; raises InputError
            where the old one was decided meanwhile.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        ledger: Ledger,
        press: Press,
        source: Source,
        left_s: Callable[[], float],
        chosen: Callable[[Choice], None],
        replaced: Callable[[Plan, Change], None],
        follows: bool = False,
    ) -> None:
        self.plan = plan
        self.change = Change(plan.spec.template, plan.spec.system)
        self._first = (plan, self.change)
        self._ledger = ledger
        self._press = press
        self._source = source
        self._follows = follows
        self._left_s = left_s
        self._chosen = chosen
        self._replaced = replaced
        self._rows = PlanRows(ledger, plan.plan_id)
        self._over = False
        self._lock = threading.Lock()
        self.handlers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "open": self._open,
            "window": self._window,
            "row": self._row,
            "find": self._find,
            "jump": self._jump,
            "change": self._changed,
            "approve": self._approve,
            "reject": self._reject,
        }

    def close(self) -> bool:
        """Take no decision any more; whether none was taken before."""
        with self._lock:
            was_open, self._over = not self._over, True
        return was_open

    # What is shown

    def _open(self, _: dict[str, Any]) -> dict[str, Any]:
        source = self._source
        return {
            "plan": self._shown(self.plan),
            "can_change": source.make is not None,
            "follows": self._follows,
            "sample": min(_SAMPLE, self.plan.to_send) if source.can_sample and self.plan.to_send > 1 else 0,
            "differs": self._difference(),
            "ends_in_ms": int(self._left_s() * 1000),
        }

    def _shown(self, plan: Plan) -> dict[str, Any]:
        spec = plan.spec
        return {
            "id": plan.plan_id,
            "digest": plan.digest,
            "frame": visible(plan.frame_name),
            "server": visible(f"{spec.model} at {place(spec.server_url)}"),
            "figures": [
                {"name": f.name, "value": f.value, "note": f.note, "used": f.used}
                for f in figures_of(plan, self._press)
            ],
            "notes": [visible(note) for note in plan_notes(plan)],
            "parameters": _parameters(spec.parameters),
            "template": spec.template,
            "system": spec.system,
            "left_out": sorted(self.change.leave_out),
            "rows": plan.rows,
            "to_send": plan.to_send,
            "masked": sum(count for _, count in plan.masked),
        }

    def _window(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        first, count = max(0, int(asked["first"])), min(_MOST_WINDOW, int(asked["count"]))
        return [self._line(row) for row in self._rows.window(first, count)]

    def _line(self, row: BrowsedRow) -> dict[str, Any]:
        """A row of the list: what tells it from others, so without what all prompts begin with."""
        text = row.error if row.error is not None else row.prompt[self._same(row.prompt) :][: _PREVIEW * 2]
        return {
            "position": row.position,
            "label": _label(row.label),
            "text": visible(" ".join(text.split()))[:_PREVIEW],
            "out": row.error is not None,
            "cached": row.cached,
        }

    def _same(self, prompt: str) -> int:
        """How many characters this prompt has in common with the first ones, at their beginning."""
        samples = [row.prompt for row in self.plan.samples]
        same = os.path.commonprefix(samples) if len(samples) > 1 else ""  # noqa: RUF071  (no paths: texts)
        same = same[: max(same.rfind("\n"), same.rfind(" ")) + 1]
        return len(same) if prompt.startswith(same) else 0

    def _row(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        position, hit = int(asked["position"]), str(asked.get("hit") or "")
        found = self._rows.window(position, 1)
        if not found or found[0].position != position:
            return None
        (row,) = found
        prompt, system = row.prompt, row.system
        originals = None if row.error is not None else self._original(position)
        redactor = self._source.redactor
        if originals is not None and redactor:
            shown = masked_parts(originals[0], prompt, redactor, hit=hit)
            above = None if system is None else masked_parts(originals[1] or "", system, redactor)
        else:
            shown, above = marked(prompt, hit=hit), None if system is None else marked(system)
        return {
            "position": position,
            "label": _label(row.label),
            "tokens": row.tokens,
            "cached": row.cached,
            "error": None if row.error is None else visible(row.error),
            "system": above,
            "prompt": shown,
        }

    def _original(self, position: int) -> tuple[str, str | None] | None:
        if self._source.original is None or not self._source.redactor:
            return None
        return self._source.original(self.change, position)

    # Going through the rows

    def _find(self, asked: dict[str, Any]) -> dict[str, Any]:
        text, at, step = str(asked["text"]), int(asked["position"]), int(asked["step"])
        if not text:
            return {"position": None, "count": 0}
        position = self._rows.find(text, at, 1 if step >= 0 else -1)
        return {"position": position, "count": 0 if position is None else self._rows.count(text)}

    def _jump(self, asked: dict[str, Any]) -> int | None:
        where, at, rank = str(asked["to"]), int(asked.get("position", 0)), int(asked.get("rank", 0))
        if where == "random":
            return random.randrange(self.plan.rows)  # noqa: S311  (to look at, no secret)
        if where in ("longest", "shortest"):
            return self._rows.by_length(rank, longest=where == "longest")
        if where == "odd":
            return self._rows.next_where(lambda prompt: visible(prompt) != prompt, at + 1)
        if where == "masked":
            return self._next_masked(at + 1)
        raise InputError(f"There is no way to {where}.")

    def _next_masked(self, start: int) -> int | None:
        """The next row in which a rule masked something; a text that looked like a mask before is none."""
        redactor = self._source.redactor
        if not redactor:
            return None
        tags = [f"[{rule}]" for rule in redactor.rules]
        first: int | None = None
        for _ in range(_CHECKED):
            position = self._rows.holding(tags, start, 1)
            if position is None or position == first:
                return None
            first = position if first is None else first
            originals = self._original(position)
            if originals is None or any(redactor.redact(text or "")[1] for text in originals):
                return position
            start = position + 1
        return None

    # Changing and deciding

    def _changed(self, asked: dict[str, Any]) -> dict[str, Any]:
        if self._source.make is None:
            raise InputError(
                "The rows came as a stream, which is read once.", "Change the cell and run it again."
            )
        change = Change(
            str(asked["template"]),
            str(asked["system"]) if asked.get("system") else None,
            frozenset(int(position) for position in asked["left_out"]),
        )
        if len(change.leave_out) >= self.plan.rows:
            raise InputError("Every row is left out.", "Reject the plan instead.")
        plan = self._source.make(change)
        # As the plan has them: a template is brought to one form.
        change = replace(change, template=plan.spec.template, system=plan.spec.system)
        with self._lock:
            if self._over:
                raise InputError("It was decided meanwhile.")
            self._replaced(plan, change)
            self.plan, self.change = plan, change
        self._rows = PlanRows(self._ledger, plan.plan_id)
        return self._open(asked)

    def _difference(self) -> dict[str, Any] | None:
        """How the plan differs from the first one; None where it does not."""
        before, asked = self._first
        if before.plan_id == self.plan.plan_id:
            return None
        new = self.change
        out = sorted(new.leave_out)
        more = ["..."] if len(out) > _MOST_NAMED else []
        named = ", ".join([*(f"{position:,}" for position in out[:_MOST_NAMED]), *more])
        figures = moved(figures_of(before, self._press), figures_of(self.plan, self._press))
        return {
            "before": {"id": before.plan_id, "digest": before.digest},
            "template": changes(asked.template, new.template) if asked.template != new.template else None,
            "system": (changes(asked.system or "", new.system or "") if asked.system != new.system else None),
            "left_out": f"{plural(len(out), 'row')}: {named}" if out else "",
            "figures": [list(one) for one in figures],
        }

    def _approve(self, asked: dict[str, Any]) -> None:
        sample = None if asked.get("sample") is None else max(1, int(asked["sample"]))
        if sample is not None and sample >= self.plan.rows - self.plan.left_out:
            sample = None  # all of them
        self._decide(str(asked["digest"]), ApprovalState.APPROVED, sample=sample)

    def _reject(self, asked: dict[str, Any]) -> None:
        self._decide(
            str(asked["digest"]), ApprovalState.REJECTED, feedback=str(asked.get("reason") or "")[:2_000]
        )

    def _decide(
        self, digest: str, state: ApprovalState, *, feedback: str = "", sample: int | None = None
    ) -> None:
        with self._lock:
            if self._over:
                raise InputError("It was decided already.")
            # What is approved is what was on the screen when the key was pressed.
            if digest != self.plan.digest:
                raise InputError("The plan was changed meanwhile.", "Look at the new one and decide again.")
            if sample is not None and not self._source.can_sample:
                raise InputError("The rows came as a stream, of which none can be sent first.")
            self._chosen(Choice(self.plan, self.change, state, feedback, sample))
            self._over = True


def _parameters(parameters: Parameters) -> str:
    return f"max_tokens {parameters.max_tokens} · temperature {parameters.temperature:g}"


def _label(label: str) -> str:
    """An index label as a person reads it."""
    try:
        value = json.loads(label)
    except ValueError:
        return visible(label)
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return visible(shown, one_line=True)[:_MOST_LABEL]
