// Draws the figures of a page in the reader's colours, from the specifications that they share with the report.

const asked = new Map();

function json(address) {
  if (!asked.has(address)) {
    asked.set(address, fetch(address, { headers: { Accept: "application/json" } }).then(answer => {
      if (!answer.ok) {
        throw new Error(`${address}: ${answer.status}`);
      }
      return answer.json();
    }));
  }
  return asked.get(address);
}

async function parts(place) {
  const [themes, chart] = await Promise.all([json("/assets/theme.json"), json(place.dataset.source)]);
  return { themes, chart, bare: await json(`/assets/specs/${chart.specification}.vl.json`) };
}

async function draw(place) {
  const { themes, chart, bare } = await parts(place);
  const theme = themes[dashboardTheme.current()];
  place.view?.finalize();
  place.view = await drawChart(place, chartSpecification(bare, chart, theme), theme);
  place.classList.add("drawn");
}

// Files are drawn light, on white.
async function save(place, kind) {
  const { themes, chart, bare } = await parts(place);
  const specification = chartSpecification(bare, chart, themes.light);
  const blob = await (kind === "svg" ? paperSvg : paperPng)(specification, themes.light);
  saveFile(blob, `${chart.id}.${kind}`);
}

function offer(place) {
  const title = place.closest("figure").querySelector("h3").textContent;
  const files = place.closest("figure").querySelector(".files");
  for (const kind of ["png", "svg"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = kind.toUpperCase();
    button.setAttribute("aria-label", `${button.textContent} of the chart ${title}`);
    button.addEventListener("click", () => save(place, kind));
    files.prepend(button);
  }
}

// One after the other, so that a page of many charts can be read and scrolled while they are drawn.
async function drawAll() {
  const theme = dashboardTheme.current();
  for (const place of document.querySelectorAll(".chart")) {
    if (theme !== dashboardTheme.current()) {
      return;
    }
    try {
      await draw(place);
    } catch (problem) {
      place.textContent = "This chart cannot be drawn; its table is below.";
      console.error(problem);
    }
  }
  document.documentElement.dataset.charts = theme;
}

for (const place of document.querySelectorAll(".chart")) {
  place.classList.add("asked");
  offer(place);
}

document.addEventListener("themechange", drawAll);
drawAll();
