// Draws every figure of the page. Figures are JSON beside their place; colours are tokens of palette.css.
"use strict";

const LABEL_PIXELS = 68;
const config = {
  displayModeBar: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  scrollZoom: false,
  doubleClick: false,
};

function coloured(value, style) {
  if (typeof value === "string") {
    return value.startsWith("@") ? style.getPropertyValue(`--${value.slice(1)}`).trim() : value;
  }
  if (Array.isArray(value)) return value.map((item) => coloured(item, style));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, style)]));
}

// Labels of periods must not run into each other on a narrow screen; the last one always stays.
function thin(axis, width) {
  const every = Math.ceil((axis.tickvals.length * LABEL_PIXELS) / width);
  const count = axis.tickvals.length;
  const kept = (_, index) => (count - 1 - index) % every === 0;
  axis.ticktext = axis.ticktext.filter(kept);
  axis.tickvals = axis.tickvals.filter(kept);
}

function draw(place) {
  const style = getComputedStyle(document.documentElement);
  const figure = coloured(JSON.parse(document.getElementById(place.dataset.figure).textContent), style);
  figure.layout.font.family = getComputedStyle(document.body).fontFamily;
  figure.layout.width = place.clientWidth;
  figure.layout.height = place.clientHeight;
  thin(figure.layout.xaxis, place.clientWidth - figure.layout.margin.l - figure.layout.margin.r);
  return Plotly.react(place, figure.data, figure.layout, config);
}

function drawAll() {
  document.querySelectorAll("[data-figure]").forEach(draw);
}

let waiting;
function drawSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 120);
}

drawAll();
window.addEventListener("resize", drawSoon);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
