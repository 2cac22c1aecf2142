// Two-key answers on the review card: "o" then a digit, "f" then a flag's letter, "t" then a category's. Keys held down
// answer nothing twice. Without this script every one of them is a button or a box to click.
const typing = (element) =>
  element.closest("input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]");
const prefixes = {
  o: { open: "reasons", wanted: (key) => `[data-digit="${key}"]` },
  f: { open: "flags", wanted: (key) => `[data-flag="${key}"]` },
  t: { wanted: (key) => `[data-also="${key}"]` },
};
let waiting = null;

const form = document.getElementById("decide");
const ticked = document.getElementById("flags-ticked");

const tell = () => {
  const names = [...form.querySelectorAll("input[name=flag]:checked")].map((box) => box.dataset.name);
  ticked.textContent = names.length ? `: ${names.join(", ")}` : "";
};

const begin = (key) => {
  waiting = prefixes[key];
  if (waiting.open) document.getElementById(waiting.open).open = true;
};

const follow = (event) => {
  const target = form.querySelector(waiting.wanted(CSS.escape(event.key)));
  waiting = null;
  if (!target) return false;
  target.click();
  return true;
};

// Before desk.js sees the key: a letter after "f" names a flag and no category.
const onKey = (event) => {
  if (!document.body.dataset.keys || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const mine = event.repeat ? true : waiting && event.key.length === 1 ? follow(event) : false;
  const starts = !mine && event.key in prefixes;
  if (starts) begin(event.key);
  if (mine || starts) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  if (event.key === "Escape") waiting = null;
};

if (form) {
  document.addEventListener("keydown", onKey, { capture: true });
  form.addEventListener("change", tell);
  // A button pressed twice answers once; coming back by the browser's own button, the form can be used again.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}
