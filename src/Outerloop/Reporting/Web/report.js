// Draws the charts of a report from the specifications and data in the page, in the reader's colours.
"use strict";

const page = JSON.parse(document.getElementById("report-data").textContent);
const darkness = matchMedia("(prefers-color-scheme: dark)");

function specificationOf(chart, theme) {
  const specification = structuredClone(page.specifications[chart.specification]);
  specification.description = chart.alternative;
  specification.data = { values: chart.values };
  specification.params = page.themes[theme].params;
  return specification;
}

// Expressions are interpreted, because the page's policy forbids code from strings.
function optionsOf(theme) {
  return {
    mode: "vega-lite",
    renderer: "svg",
    ast: true,
    actions: false,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    config: page.themes[theme].config,
  };
}

async function draw(chart) {
  const place = document.getElementById(chart.id);
  const theme = darkness.matches ? "dark" : "light";
  if (chart.view) {
    chart.view.finalize();
  }
  chart.view = await vegaEmbed(place, specificationOf(chart, theme), optionsOf(theme));
  place.classList.add("drawn");
}

// For papers: light, on white, of a width that does not depend on the window.
async function save(chart) {
  const specification = { ...specificationOf(chart, "light"), width: 480, background: "white" };
  const result = await vegaEmbed(document.createElement("div"), specification, optionsOf("light"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await result.view.toSVG()], { type: "image/svg+xml" }));
  link.download = chart.id + ".svg";
  link.click();
  URL.revokeObjectURL(link.href);
  result.finalize();
}

for (const chart of page.charts) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "SVG";
  button.addEventListener("click", () => save(chart));
  document.getElementById(chart.id + "-files").prepend(button);
}

function drawAll() {
  return Promise.all(page.charts.map(draw)).then(() => document.documentElement.classList.add("drawn"));
}

darkness.addEventListener("change", drawAll);
drawAll();
