// Elements and texts. There is no way in here for text to become HTML: nodes are made by name, text is a node.

export type Child = Node | string | null | undefined | false;

type Attributes = Record<string, string | number | boolean | null | undefined>;

/** An element with attributes (true: present, false or null: absent) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child) || child === ""));
  return element;
}

/** A piece of text as the kernel marked it. */
export type Segment = [kind: "" | "odd" | "cut" | "new" | "hit", text: string];

const TAGS = { "": "span", odd: "span", cut: "del", new: "ins", hit: "mark" } as const;
const SAID = { odd: "invisible character", cut: "", new: "", hit: "" } as const;

/** Marked text: odd characters, what was cut and what is new are told by more than a colour. */
export function segments(marked: Segment[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const [kind, text] of marked) {
    if (kind === "") {
      fragment.append(text);
      continue;
    }
    const said = SAID[kind];
    fragment.append(h(TAGS[kind], { class: `loopai-${kind}`, title: said || null }, text));
  }
  return fragment;
}

/** A button with its key, if it has one. */
export function button(label: string, press: () => void, options: { class?: string; key?: string; title?: string } = {}): HTMLButtonElement {
  const made = h(
    "button",
    {
      type: "button",
      class: `loopai-button ${options.class ?? ""}`.trim(),
      title: options.title ?? null,
      "aria-keyshortcuts": options.key ?? null,
    },
    label,
    options.key !== undefined && h("kbd", { "aria-hidden": "true" }, options.key),
  );
  made.addEventListener("click", press);
  return made;
}
