// Where a widget lives that has no end of its own.
//
// JupyterLab shows "Error displaying widget" for the output of a widget in a notebook that was saved while its
// kernel lived. So the kernel shows the static form in an output of its own, and the widget moves in there, in
// front of it: what is saved is the static form, and the widget's own output is emptied (notebook/resident.py).

import type { Kernel } from "./kernel";

const MOST_TRIES = 40;
const AGAIN_MS = 75;
const NOTEBOOK = ".jp-NotebookPanel";
const STYLED = "jp-RenderedHTMLCommon"; // JupyterLab's tables and headings, which are not a widget's

/**
 * Move an element that is shown into the output with the static form. It stays where it is in a front end that
 * has no such place, as where each output is a page of its own.
 *
 * Args:
 *   moved: Is given what gives the place back to the static form, before the own output is emptied.
 */
export async function moveIn(root: HTMLElement, kernel: Kernel, moved: (leave: () => void) => void): Promise<void> {
  const name = `loopai-home-${Math.random().toString(36).slice(2, 10)}`;
  await kernel.ask("house", { name });
  const home = await found(name, root);
  if (home === null) {
    await kernel.ask("homeless");
    return;
  }
  const styled = home.closest(`.${STYLED}`);
  const page = [...home.children] as HTMLElement[];
  const leave = (): void => {
    root.remove();
    styled?.classList.add(STYLED);
    for (const child of page) child.hidden = false;
  };
  styled?.classList.remove(STYLED);
  for (const child of page) child.hidden = true;
  const focused = document.activeElement;
  home.append(root);
  if (focused instanceof HTMLElement && root.contains(focused)) focused.focus({ preventScroll: true });
  moved(leave);
  await kernel.ask("housed");
}

async function found(name: string, root: HTMLElement): Promise<HTMLElement | null> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const notebook = root.closest(NOTEBOOK) ?? document;
    const home = notebook.querySelector<HTMLElement>(`.${name}`);
    if (home !== null) return home;
    await new Promise((resolve) => window.setTimeout(resolve, AGAIN_MS));
  }
  return null;
}
