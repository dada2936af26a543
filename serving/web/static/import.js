// Dropping files, seeing how far they are, and watching work go on. Everything works as a plain form without.
"use strict";

const POLL_MILLISECONDS = 1500;
const form = document.querySelector("form[data-drop]");

function sized(bytes) {
  const power = bytes >= 1 << 20 ? 20 : 10;
  return `${(bytes / (1 << power)).toFixed(1)} ${power === 20 ? "MB" : "kB"}`;
}

function listed(input, list) {
  list.replaceChildren(
    ...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} · ${sized(file.size)}`;
      return item;
    }),
  );
}

function dropping(input, list) {
  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("drop-over", event.type === "dragover");
  };
  // The whole page takes files, so that a drop beside the box does not open them instead.
  for (const name of ["dragover", "dragleave"]) document.addEventListener(name, over);
  document.addEventListener("drop", (event) => {
    over(event);
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    listed(input, list);
    form.querySelector("button").focus();
  });
}

function send(event) {
  const input = form.querySelector("input[type=file]");
  const status = form.querySelector(".drop-status");
  const progress = form.querySelector("progress");
  const button = form.querySelector("button");
  const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
  event.preventDefault();
  if (size > Number(form.dataset.limit)) {
    status.textContent = form.dataset.tooLarge;
    return;
  }
  const request = new XMLHttpRequest();
  const failed = (page) => {
    status.textContent = page.querySelector?.(".import-refused")?.textContent ?? form.dataset.failed;
    button.disabled = false;
    progress.hidden = true;
  };
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (at) => {
    if (at.lengthComputable) progress.value = at.loaded / at.total;
    if (at.loaded === at.total) progress.removeAttribute("value"); // sent; now it is looked at
  });
  request.addEventListener("error", failed);
  request.addEventListener("load", () => {
    if (request.status < 400 && request.responseURL !== form.action) location.assign(request.responseURL);
    else failed(new DOMParser().parseFromString(request.responseText, "text/html"));
  });
  button.disabled = true;
  progress.hidden = false;
  status.textContent = "";
  request.send(new FormData(form));
}

async function again() {
  const place = document.getElementById("upload");
  if (!place?.hasAttribute("data-again")) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("upload");
      if (fresh.innerHTML !== place.innerHTML) place.replaceWith(fresh);
    }
  } catch {
    // The server is away for a moment: the next turn asks again.
  }
  setTimeout(again, POLL_MILLISECONDS);
}

if (form) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector(".drop-list");
  form.querySelector(".drop-words").hidden = false;
  input.addEventListener("change", () => listed(input, list));
  form.addEventListener("submit", send);
  dropping(input, list);
} else {
  again();
}
