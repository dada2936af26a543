// Draws every figure of the page. Figures are JSON beside their place; colours are tokens of palette.css.
"use strict";

const config = {
  displayModeBar: false,
  responsive: true,
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

function draw(place) {
  const style = getComputedStyle(document.documentElement);
  const figure = coloured(JSON.parse(document.getElementById(place.dataset.figure).textContent), style);
  figure.layout.font.family = getComputedStyle(document.body).fontFamily;
  return Plotly.react(place, figure.data, figure.layout, config);
}

function drawAll() {
  document.querySelectorAll("[data-figure]").forEach(draw);
}

drawAll();
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
