// What all pages gain by scripts: a choice of theme, tables as files, addresses without what was left empty.

function theme() {
  const button = document.getElementById("theme");
  const say = () => {
    button.textContent = dashboardTheme.current() === "dark" ? "Light theme" : "Dark theme";
  };
  button.addEventListener("click", () => dashboardTheme.toggle());
  document.addEventListener("themechange", say);
  say();
  button.hidden = false;
}

// What a spreadsheet would take for a formula is made text: models write what they like.
function cell(text) {
  const harmless = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+( %)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function csv(table) {
  const rows = [...table.rows].map(row => [...row.cells].map(one => cell(one.textContent.trim())).join(","));
  return new Blob([rows.join("\r\n"), "\r\n"], { type: "text/csv" });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function files(table) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "CSV";
  button.setAttribute("aria-label", `CSV of the table ${table.caption.textContent}`);
  button.addEventListener("click", () => save(csv(table), `${table.dataset.file}.csv`));
  const under = document.createElement("div");
  under.className = "under";
  under.append(button);
  table.closest(".table").append(under);
}

theme();
// On a narrow screen the navigation scrolls.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
// A chart's table has the chart's own file, which is whole.
document.querySelectorAll("main table:not(figure table)").forEach(files);
document.addEventListener("formdata", event => {
  for (const [name, value] of [...event.formData]) {
    if (value === "") {
      event.formData.delete(name);
    }
  }
});
