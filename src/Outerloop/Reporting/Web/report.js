// Draws the charts of a report from the specifications and data in the page, in the reader's colours.
const page = JSON.parse(document.getElementById("report-data").textContent);
const darkness = matchMedia("(prefers-color-scheme: dark)");

function specificationOf(chart, theme) {
  return chartSpecification(page.specifications[chart.specification], chart, page.themes[theme]);
}

async function draw(chart) {
  const place = document.getElementById(chart.id);
  const theme = darkness.matches ? "dark" : "light";
  if (chart.view) {
    chart.view.finalize();
  }
  chart.view = await drawChart(place, specificationOf(chart, theme), page.themes[theme]);
  place.classList.add("drawn");
}

async function save(chart) {
  saveFile(await paperSvg(specificationOf(chart, "light"), page.themes.light), chart.id + ".svg");
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
