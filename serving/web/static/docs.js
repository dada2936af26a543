// The API reference, drawn by Swagger UI from our own OpenAPI document; nothing is fetched from elsewhere.
"use strict";

const place = document.getElementById("reference");
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.openapi,
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});

// Swagger UI has a dark look of its own; it follows the reader's choice like the rest of the site.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
