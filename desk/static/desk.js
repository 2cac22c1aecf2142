// What scripts add to pages that work without any: one-letter keys, a fresh queue, filters folded where there is no room.
const typing = (element) =>
  element.closest("input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]");

const step = (forwards) => {
  const links = [...document.querySelectorAll(".desk-task__title a")];
  const here = links.findIndex((link) => link.closest(".desk-task").contains(document.activeElement));
  const next = links[here < 0 ? 0 : here + (forwards ? 1 : -1)];
  if (next) next.focus();
  return links.length > 0;
};

const tick = () => {
  const box = document.activeElement?.closest(".desk-task")?.querySelector("input[name=task]");
  if (box) box.checked = !box.checked;
  return Boolean(box);
};

const keys = {
  "?": () => location.assign("/keys"),
  "/": () => (document.querySelector("[data-search]") ? document.querySelector("[data-search]").focus() : location.assign("/search")),
  j: () => step(true),
  k: () => step(false),
  x: tick,
};

document.addEventListener("keydown", (event) => {
  if (!document.body.dataset.keys || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  if (wanted) {
    event.preventDefault();
    wanted.click();
  } else if (keys[event.key] && keys[event.key]() !== false) {
    event.preventDefault();
  }
});

// A queue that nobody is busy with is asked for anew every minute; ticks and the place of the focus are never lost.
setInterval(() => {
  const queue = document.getElementById("queue");
  const busy = !queue || document.hidden || queue.contains(document.activeElement) || queue.querySelector("input:checked");
  if (!busy && window.htmx) window.htmx.trigger(queue, "refresh");
}, 60_000);

if (window.matchMedia("(max-width: 48rem)").matches) {
  document.querySelectorAll("details[data-narrow=closed]").forEach((details) => details.removeAttribute("open"));
}
