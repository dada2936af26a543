// Keeps a part of the page as the server tells it, by server-sent events. Without this the page reloads itself.
"use strict";

for (const part of document.querySelectorAll("[data-stream]")) {
  const source = new EventSource(part.dataset.stream);
  source.addEventListener(part.dataset.event, (event) => {
    const held = document.activeElement;
    const again = part.contains(held) ? held.closest("form")?.getAttribute("action") : null;
    part.innerHTML = event.data; // the server's own template, every value escaped there
    if (again) part.querySelector(`form[action="${CSS.escape(again)}"] button`)?.focus();
  });
  source.addEventListener("end", () => source.close());
  addEventListener("pagehide", () => source.close());
}
