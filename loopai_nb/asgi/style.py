"""The pages' style: system fonts and colours of our own, light or dark as the reader's system is."""

from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --text: #1c2127; --quiet: #59636e; --line: #d8dde3;
  --accent: #0b57c2; --on-accent: #ffffff; --no: #b3261e; --warn: #8a4b00; --odd: #fff0c2;
  --odd-text: #6b3d00; --hit: #cfe4ff; --code: #f3f5f7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1c2026; --text: #e6e9ed; --quiet: #a2acb8; --line: #343b44;
    --accent: #8ab8ff; --on-accent: #0a1b33; --no: #ff9a91; --warn: #f2b866; --odd: #4a3500;
    --odd-text: #ffd98a; --hit: #173f6e; --code: #15191e;
  }
}
* { box-sizing: border-box; }
html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
body { margin: 0; color: var(--text); background: var(--ground); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
.top { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1.5rem 0; color: var(--quiet);
  display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; font-size: .9rem; }
.top b { color: var(--text); letter-spacing: .01em; }
main { max-width: 72rem; margin: 0 auto; padding: .75rem 1.5rem 4rem; }
h1 { font-size: 1.65rem; line-height: 1.25; margin: .25rem 0 .25rem; letter-spacing: -.01em;
  overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
.lead { color: var(--quiet); margin: 0 0 1.25rem; max-width: 60ch; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem;
  margin: 0 0 1.25rem; }
.jump { margin: 0 0 1.25rem; }
.why { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.two { display: grid; gap: 1.25rem; align-items: start; }
.two > * { min-width: 0; }
@media (min-width: 62rem) {
  .two { grid-template-columns: minmax(0, 1fr) 21rem; }
  .aside { position: sticky; top: 1rem; }
  .jump { display: none; }
}
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.75rem, 1fr)); gap: 1rem 1.25rem;
  margin: 0; }
.figures div { min-width: 0; }
.figures dt { color: var(--quiet); font-size: .85rem; }
.figures dd { margin: 0; font-variant-numeric: tabular-nums; }
.figures dd b { display: block; font-size: 1.12rem; font-weight: 600; overflow-wrap: anywhere; }
.figures dd span { color: var(--quiet); font-size: .85rem; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; margin: 0;
  font-size: .9rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.warn { color: var(--warn); }
pre, code { font: .88rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { margin: 0; padding: .75rem .9rem; background: var(--code); border: 1px solid var(--line);
  border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.label { color: var(--quiet); font-size: .85rem; margin: .9rem 0 .3rem; display: flex;
  justify-content: space-between; gap: 1rem; }
pre.long { max-height: 20rem; overflow: auto; }
mark { border-radius: 3px; padding: 0 .1em; }
mark.odd { background: var(--odd); color: var(--odd-text); }
mark.hit { background: var(--hit); color: inherit; }
.rows { list-style: none; margin: 0; padding: 0; }
.rows li + li { margin-top: 1rem; }
.bar { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 0 0 1rem;
  justify-content: space-between; }
.bar form { display: flex; gap: .5rem; flex: 1 1 14rem; max-width: 24rem; }
.bar nav { display: flex; gap: .9rem; flex-wrap: wrap; align-items: center; font-size: .95rem; }
.bar nav span { color: var(--quiet); }
a { color: var(--accent); text-underline-offset: .15em; }
label { display: block; font-weight: 600; font-size: .92rem; margin: 0 0 .3rem; }
label small { font-weight: 400; color: var(--quiet); }
input, textarea { width: 100%; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--quiet); border-radius: 7px; padding: .5rem .65rem; margin: 0 0 .9rem; }
textarea { min-height: 5.5rem; resize: vertical; }
.bar input { margin: 0; min-width: 0; }
button { font: inherit; font-weight: 600; border-radius: 7px; padding: .55rem 1.1rem; cursor: pointer;
  border: 1px solid var(--line); background: var(--card); color: var(--text); }
button.yes { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.no { color: var(--no); border-color: var(--no); }
.buttons { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
.note { color: var(--quiet); font-size: .86rem; margin: .9rem 0 0; }
.error { border-left: 4px solid var(--no); padding: .4rem .8rem; margin: 0 0 1rem; }
.state { font-size: 1.2rem; font-weight: 600; margin: 0 0 .5rem; }
.state.no { color: var(--no); }
.said { border-left: 4px solid var(--line); margin: .75rem 0 0; padding: .1rem .9rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (forced-colors: active) { mark { outline: 1px solid; } }
@media print { .aside form, .bar, .skip, .jump { display: none; } }
"""
