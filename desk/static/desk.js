// What scripts add to pages that work without any: one-letter keys, and the list of them under "?".
const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (!document.body.dataset.keys || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "?") {
    location.assign("/keys");
    return;
  }
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});
