// Searching while typing: fetches the page that the form would load and shows its results. Works without, too.
"use strict";

const form = document.querySelector("form[data-live]");
const results = document.getElementById(form.dataset.live);
let waiting;
let running;

async function refresh() {
  const url = new URL(form.action);
  url.search = new URLSearchParams(new FormData(form));
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(url, { signal: running.signal, headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    results.replaceChildren(...page.getElementById(results.id).children);
    history.replaceState(null, "", url);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 180);
});
