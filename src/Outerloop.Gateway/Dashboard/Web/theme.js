// The theme that the reader chose, else the system's; in place before anything is painted.
"use strict";

const dashboardTheme = (() => {
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  // A browser may forbid storage; then a choice holds for the page.
  function kept(action) {
    try {
      return action(localStorage);
    } catch {
      return null;
    }
  }

  const chosen = kept(storage => storage.getItem("theme"));
  if (chosen === "light" || chosen === "dark") {
    root.dataset.theme = chosen;
  }

  function current() {
    return root.dataset.theme ?? (darkness.matches ? "dark" : "light");
  }

  function tell() {
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  darkness.addEventListener("change", tell);
  return {
    current,
    toggle() {
      root.dataset.theme = current() === "dark" ? "light" : "dark";
      kept(storage => storage.setItem("theme", root.dataset.theme));
      tell();
    },
  };
})();
