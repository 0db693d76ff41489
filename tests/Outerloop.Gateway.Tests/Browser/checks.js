// What must hold of every page. Each check lists the elements for which it does not.
globalThis.checks = (() => {
  const name = element => element.outerHTML.slice(0, 120);

  function colour(text) {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  }

  function behind(element) {
    for (let at = element; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.alpha === 1) {
        return found;
      }
    }
    return { red: 255, green: 255, blue: 255 };
  }

  // Relative luminance as WCAG 2 defines it.
  function luminance({ red, green, blue }) {
    const [r, g, b] = [red, green, blue].map(part => part / 255).map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(element) {
    const [dark, light] = [luminance(colour(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function saysSomething(element) {
    return element.checkVisibility() && !element.disabled && [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  }

  return {
    unnamed: () => [
      ...[...document.querySelectorAll("input, select, textarea, progress, meter")].filter(field => ![...(field.labels ?? [])].some(label => label.textContent.trim()) && !field.ariaLabel),
      ...[...document.querySelectorAll("img")].filter(image => !image.alt),
      ...[...document.querySelectorAll("[role=img], canvas, svg")].filter(image => !image.closest("[aria-label]:not([aria-label='']), [aria-hidden=true]")),
      ...[...document.querySelectorAll("a[href], button, summary")].filter(control => !control.textContent.trim() && !control.ariaLabel),
      ...[...document.querySelectorAll("table")].filter(table => !table.caption?.textContent.trim()),
    ].map(name),
    faint: () => [...document.body.querySelectorAll("*:not(svg *):not(option)")].filter(element => saysSomething(element) && contrast(element) < 4.5).map(element => `${contrast(element).toFixed(1)}: ${name(element)}`),
    wide: () => (document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")].filter(element => element.getBoundingClientRect().right > innerWidth && !element.closest(".scroll *")).map(name)),
    unmarked: () => [...document.querySelectorAll(".chart")].filter(chart => !chart.querySelector("svg .mark-line path, svg .mark-rect path, svg .mark-symbol path, svg .mark-area path")).map(chart => chart.id),
    duplicates: () => [...document.querySelectorAll("[id]")].map(element => element.id).filter((id, i, all) => all.indexOf(id) !== i),
  };
})();
