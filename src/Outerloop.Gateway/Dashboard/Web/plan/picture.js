const SVG = "http://www.w3.org/2000/svg";

// Draws scenes, one after the other, in one picture. What is found again moves; how, the style sheet says.
export class Picture {
  #parts = new Map();

  constructor() {
    this.element = drawn("svg", { class: "picture", role: "img" });
  }

  show(scene) {
    this.element.setAttribute("viewBox", `0 0 ${scene.width} ${scene.height}`);
    this.element.setAttribute("aria-label", scene.words);
    const shown = new Set(scene.parts.map(part => part.key));
    for (const [key, { group }] of this.#parts) {
      if (!shown.has(key)) {
        group.remove();
        this.#parts.delete(key);
      }
    }
    scene.parts.forEach((part, i) => this.#place(part, i));
  }

  #place(part, i) {
    if (!this.#parts.has(part.key)) {
      this.#parts.set(part.key, { group: drawn("g", {}), shapes: "" });
    }
    const kept = this.#parts.get(part.key), { group } = kept;
    group.setAttribute("class", `part ${part.kind}`);
    group.dataset.part = part.key;
    group.style.transform = `translate(${part.x}px, ${part.y}px)`;
    const shapes = JSON.stringify(part.shapes);
    if (shapes !== kept.shapes) {
      group.replaceChildren(...part.shapes.map(elementOf));
      kept.shapes = shapes;
    }
    // What stands in its place stays there: to insert it again would end its movement.
    if (this.element.children[i] !== group) {
      this.element.insertBefore(group, this.element.children[i] ?? null);
    }
  }
}

// An element of a picture.
export function drawn(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  return element;
}

function elementOf({ tag, attributes, text }) {
  const element = drawn(tag, attributes);
  if (text !== undefined) {
    element.textContent = text;
  }
  return element;
}
