// How charts are drawn and saved, in reports and in the dashboard.
"use strict";

// A specification with the data, the words and the colours of a chart.
function chartSpecification(specification, chart, theme) {
  return { ...structuredClone(specification), description: chart.alternative, data: { values: chart.values }, params: theme.params };
}

// Narrower than this, in pixels, a legend's words do not stand in one line.
const narrow = 420;

function configuration(place, theme) {
  return place.clientWidth > 0 && place.clientWidth < narrow ? { ...theme.config, legend: { ...theme.config.legend, columns: 2 } } : theme.config;
}

// Expressions are interpreted, because the pages' policy forbids code from strings. Errors alone are logged: warnings are of data
// that a run does not have, losses on traces held out for example.
function drawChart(place, specification, theme) {
  return vegaEmbed(place, specification, {
    mode: "vega-lite",
    renderer: "svg",
    ast: true,
    logLevel: vega.Error,
    actions: false,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    config: configuration(place, theme),
  });
}

// For papers: on white, of a width that does not depend on the window.
async function withPaperChart(specification, theme, use) {
  const result = await drawChart(document.createElement("div"), { ...specification, width: 480, background: "white" }, theme);
  try {
    return await use(result.view);
  } finally {
    result.finalize();
  }
}

function paperSvg(specification, theme) {
  return withPaperChart(specification, theme, async view => new Blob([await view.toSVG()], { type: "image/svg+xml" }));
}

function paperPng(specification, theme) {
  return withPaperChart(specification, theme, async view => {
    const canvas = await view.toCanvas(2);
    return new Promise(done => canvas.toBlob(done, "image/png"));
  });
}

function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
