// Asks for the answer while levers are moved, and puts it in place of the former one. Without it the form does.
"use strict";

// charts.js has names of its own in this page.
(() => {
  const PAUSE = 90;
  const form = document.getElementById("levers");
  const place = document.getElementById("answer");
  const said = document.getElementById("whatif-said");
  let waiting;
  let running;

  function address() {
    const fields = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...fields]) if (value === "") fields.delete(name);
    return `${form.getAttribute("action")}?${fields}`;
  }

  async function ask() {
    if (running) running.abort();
    running = new AbortController();
    place.parentElement.classList.add("busy");
    try {
      const url = address();
      const answer = await fetch(`${url}&part=answer`, { signal: running.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      place.innerHTML = await answer.text();
      said.textContent = place.querySelector(".verdict").textContent;
      history.replaceState(null, "", url);
      drawAll();
      place.parentElement.classList.remove("busy");
    } catch (error) {
      if (error.name === "AbortError") return;
      said.textContent = said.dataset.failed;
      place.parentElement.classList.remove("busy");
    }
  }

  function askSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  }

  function put(lever, value) {
    const [slider, field] = lever.querySelectorAll("input");
    field.value = value;
    slider.value = value === "" ? lever.dataset.now : value;
    lever.classList.toggle("moved", value !== "");
  }

  function follow(lever) {
    const [slider, field] = lever.querySelectorAll("input");
    slider.hidden = false;
    lever.classList.toggle("moved", field.value !== "");
    slider.addEventListener("input", () => { put(lever, slider.value); askSoon(); });
    field.addEventListener("input", () => {
      if (!field.validity.valid && field.value === "") return;
      put(lever, field.value);
      askSoon();
    });
    lever.querySelectorAll("[data-to]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => { put(lever, button.dataset.to); askSoon(); });
    });
  }

  if (form && form.querySelector(".lever")) {
    const levers = [...form.querySelectorAll(".lever")];
    levers.forEach(follow);
    form.querySelector("select").addEventListener("change", askSoon);
    form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
    form.querySelectorAll("[data-reset], [data-advised]").forEach((link) =>
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const advised = "advised" in link.dataset;
        for (const lever of levers) {
          const button = lever.querySelector("[data-to]");
          put(lever, advised && button ? button.dataset.to : "");
        }
        askSoon();
      }),
    );
  }
})();
