// Where a widget lives in a notebook that can be saved at any time.
//
// JupyterLab shows "Error displaying widget" for the output of a widget in a notebook that was saved while its
// kernel lived. So the kernel makes an empty output, and the widget moves in there; its own output is replaced by
// the static form, which is hidden while the widget is there, and is what a saved notebook shows
// (notebook/resident.py).

import { h } from "./dom";
import { Kernel, type Model, type RenderContext, greet } from "./kernel";

const MOST_TRIES = 40;
const AGAIN_MS = 75;
const NOTEBOOK = ".jp-NotebookPanel";
const OUTPUTS = ".jp-OutputArea";
const STYLED = "jp-RenderedHTMLCommon"; // JupyterLab's tables and headings, which are not a widget's

/**
 * Move an element that is shown into the output that is made for it. It stays where it is in a front end that has
 * no such place, as where each output is a page of its own.
 *
 * Args:
 *   moved: Is given what gives the place back to the static form, before the own output is replaced by it.
 */
export async function moveIn(root: HTMLElement, kernel: Kernel, moved: (leave: () => void) => void): Promise<void> {
  const name = await kernel.ask<string | null>("house");
  const home = name === null ? null : await found(name, root);
  if (name === null || home === null) {
    await kernel.ask("homeless");
    return;
  }
  const styled = home.closest(`.${STYLED}`);
  styled?.classList.remove(STYLED);
  const unhide = hide(`${name}-kept`, home);
  const focused = document.activeElement;
  home.append(root);
  if (focused instanceof HTMLElement && root.contains(focused)) focused.focus({ preventScroll: true });
  moved(() => {
    root.remove();
    unhide();
    styled?.classList.add(STYLED);
  });
  await kernel.ask("housed");
}

/** Hide what has a class in one notebook: it comes later, and again and again. Another view of it has it in sight. */
function hide(name: string, home: HTMLElement): () => void {
  const notebook = home.closest(NOTEBOOK);
  const here = `${name}-here`;
  notebook?.classList.add(here);
  const within = notebook === null ? "" : `.${here}`;
  const style = h("style", {}, `${within} div.${name} { display: none }`, `${within} ${OUTPUTS}-child:has(div.${name}) { display: none }`);
  home.append(style); // gone with the place, when the kernel puts something else there
  return () => {
    style.remove();
    notebook?.classList.remove(here);
  };
}

async function found(name: string, root: HTMLElement): Promise<HTMLElement | null> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const notebook = (root.closest(NOTEBOOK) ?? root.getRootNode()) as ParentNode;
    const home = notebook.querySelector<HTMLElement>(`.${name}`);
    if (home !== null) return home;
    if (root.isConnected && root.closest(OUTPUTS) === null) return null; // no JupyterLab
    await new Promise((resolve) => window.setTimeout(resolve, AGAIN_MS));
  }
  return null;
}

/** What is shown in a place; told to end when the place is gone. */
interface Drawn {
  close(): void;
}

/**
 * A widget that is first seen where it lives: nothing that somebody clicks on moves away under the hand.
 *
 * Args:
 *   draw: Draws into a place what the kernel answered to "open".
 */
export function resident<T>(draw: (kernel: Kernel, place: HTMLElement, opened: T) => Drawn): () => object {
  return () => {
    let kept: Model | null = null;
    const views = new Set<() => void>();
    return {
      initialize({ model }: { model: Model }): () => void {
        kept = model; // the one of a view hears nothing any more when its output is gone
        greet({ model });
        return () => {
          for (const close of views) close();
        };
      },
      render({ model, el }: RenderContext): () => void {
        const kernel = new Kernel(kept ?? model);
        const place = h("div");
        let leave: (() => void) | null = null;
        let drawn: Drawn | null = null;
        let gone = false;
        const close = (): void => {
          gone = true;
          views.delete(close);
          drawn?.close();
          leave?.();
          kernel.close();
        };
        views.add(close);
        el.append(place);
        kernel.hear<null>("closed", close);
        void (async () => {
          const opened = await kernel.ask<T>("open");
          await moveIn(place, kernel, (moved) => {
            leave = moved;
            if (gone) moved();
            else drawn = draw(kernel, place, opened);
          });
          if (!gone) drawn ??= draw(kernel, place, opened);
        })();
        return () => {
          if (leave === null) close();
        };
      },
    };
  };
}
