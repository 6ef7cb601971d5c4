"use strict";
// Fetch the world every second, and send the forms of the clock without leaving the page.
const world = document.getElementById("world");
const fragment = "/_simulator/world" + window.location.search;
let shown = "";

function mark() {
  const { paused, speed } = document.getElementById("moment").dataset;
  document.querySelector(".pause").hidden = paused === "yes";
  document.querySelector(".resume").hidden = paused === "no";
  for (const button of document.querySelectorAll("[name=speed]")) {
    button.setAttribute("aria-pressed", String(button.value === speed));
  }
}

async function refresh() {
  try {
    const reply = await fetch(fragment);
    const text = await reply.text();
    if (reply.ok && text !== shown) {
      world.innerHTML = shown = text;
      mark();
    }
    document.body.classList.remove("away");
  } catch {
    document.body.classList.add("away");
  }
}

for (const form of document.forms) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    await fetch(form.action, { method: "POST", body: new URLSearchParams(data), redirect: "manual" });
    await refresh();
  });
}
mark();
setInterval(refresh, 1000);
