from __future__ import annotations

import re
from html.parser import HTMLParser


class Page(HTMLParser):
    """What a browser would load or run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep what was opened."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_a_report_holds_the_run_and_nothing_live(notebook, tmp_path, model_server):
    """One file with plan, template, cost, answers and failures; hostile text stays text, nothing loads."""
    notebook.ok(
        "bad = pd.DataFrame({'body': ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', 'fine']})"
    )
    model_server.faults("400, ok*10")
    cell = "%%loopai bad --as out --yes --concurrency 1 --system <b>calm</b>\nOne: a, b. <i>{{ body }}</i>"
    run = notebook.ok(cell).value

    output = notebook.ok(f"%loopai report {run.run_id} --html out.html")

    html = (tmp_path / "out.html").read_text(encoding="utf-8")
    page = Page(html)
    assert "report → out.html" in output.text
    assert not page.tags & {"script", "img", "link", "iframe", "i"}
    assert not page.attributes & {"src", "href", "onerror"}
    assert "&lt;script&gt;" in html
    assert "default-src &#x27;none&#x27;" in html or "default-src 'none'" in html
    for said in (run.run_id, "approved by", "ann", "Failures", "2 answered", "System prompt", "0.00 USD"):
        assert said in html


def test_a_report_of_one_row_and_of_a_missing_folder(notebook):
    """A run of one row has a report; a folder that is not there is told in one line."""
    run = notebook.ok("%%loopai reviews --yes --sample 1\nOne: a, b. {{ body }}").value

    notebook.ok(f"%loopai report {run.run_id} --html one.html")
    refused = notebook.run(f"%loopai report {run.run_id} --html nowhere/one.html")

    assert "can't be written" in refused.stderr
    assert refused.stderr.startswith("UsageError")


def test_a_report_of_all_runs_is_their_dashboard(notebook, tmp_path):
    """Without RUN: figures, drawings and tables of a time; hostile names are text, and nothing loads."""
    notebook.ok("%%loopai reviews --yes --as out\n<img src=x> one: a, b. {{ body }}")
    notebook.ok("%loopai report --html all.html --since 24h")
    refused = notebook.run("%loopai report r-0000 --html run.html --since 24h")

    html = (tmp_path / "all.html").read_text(encoding="utf-8")
    page = Page(html)
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert not page.attributes & {"src", "href", "onerror"}
    assert html.count('role="img"') == 4
    for said in ("All runs, the last 24 hours", "Requests over time, by model", "&lt;img src=x&gt; one"):
        assert said in html
    assert "Leave out RUN, or --since" in refused.stderr


def test_a_run_is_known_by_the_name_of_its_answers(notebook, tmp_path):
    """A dashboard, the log and a report take the name of a DataFrame of answers as well as a run's id."""
    notebook.ok("%%loopai reviews --yes --as out\nOne: a, b. {{ body }}")
    notebook.ok("%%loopai reviews --yes --as other\nOne: c, d. {{ body }}")

    looked = notebook.ok("%loopai dashboard out").text
    listed = notebook.ok("%loopai log out").text
    notebook.ok("%loopai report out --html out.html")

    assert "One: a, b." in looked
    assert "One: c, d." not in looked
    assert "c" not in {line.split()[-1] for line in listed.splitlines()[1:-1]}
    assert "One: a, b." in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_a_mask_in_a_report_ends_with_its_text(notebook, tmp_path, monkeypatch):
    """A secret where a text is cut is gone whole; what looks like one takes nothing else with it."""
    monkeypatch.setenv("LOOPAI_API_KEY", "canary-" * 6)
    notebook.ok(
        "odd = pd.DataFrame({'body': ['-----BEGIN PRIVATE KEY----- abc', 'Authorization: Basic dTpw',"
        " 'z' * 170 + 'canary-' * 6, 'fine']})"
    )
    run = notebook.ok("%%loopai odd --as out --yes\n{{ body }}\n\nOne: a, b.").value
    notebook.ok(f"%loopai report {run.run_id} --html odd.html")
    # Of templates a table shows the beginning only, and their label in the ledger's figures is cut, too.
    for ahead in (40, 70):
        notebook.ok(f"%%loopai odd --as cut --yes\n{'z' * ahead} {'canary-' * 6} {{{{ body }}}} One: a, b.")
    notebook.ok("%loopai report --html all.html")

    html = (tmp_path / "odd.html").read_text(encoding="utf-8")
    assert html.endswith("</main></body></html>\n")
    everything = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert "z ***" in everything
    assert "canar" not in everything
    assert html.count("<td") == html.count("</td>")
    assert ">answered</td>" in html
    assert "dTpw" not in html
    assert "canary-" not in html


def test_each_prompt_of_a_report_has_its_own_answer(notebook, tmp_path):
    """Also where rows share a request, and only the first fifty requests of many are shown."""
    notebook.ok("many = pd.DataFrame({'n': [n // 2 for n in range(120)][::-1]})")
    run = notebook.ok("%%loopai many --as out --yes\nOne: a{{ n }}, b{{ n }}.").value
    notebook.ok(f"%loopai report {run.run_id} --html many.html")
    answers = notebook.ok("out['answer'].tolist()").value

    html = (tmp_path / "many.html").read_text(encoding="utf-8")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", html[html.index("Answers (50 of 60 requests)") :])
    lines = [cells[at : at + 4] for at in range(0, 300, 6)]
    assert [int(line[0]) for line in lines] == list(range(0, 100, 2))
    for position, prompt, answer, _ in lines:
        assert prompt.endswith(f"a{59 - int(position) // 2}, b{59 - int(position) // 2}.")
        assert answer == answers[int(position)]
