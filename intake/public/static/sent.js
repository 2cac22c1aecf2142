// Looks for the reference again and puts it into the page: the region that it stands in says so aloud. Without scripts the
// page asks for itself anew.
const look = async () => {
  const region = document.getElementById("answer");
  const again = region?.dataset.again;
  if (!again) return;
  let page;
  try {
    const answer = await fetch(again, { headers: { Accept: "text/html" } });
    page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    page = null; // no network just now: the message is safe, and the link to look again stands there
  }
  const fresh = page?.getElementById("answer");
  if (!fresh) {
    setTimeout(look, 10_000);
    return;
  }
  if (fresh.dataset.again) {
    region.dataset.again = fresh.dataset.again;
    setTimeout(look, 2_000);
    return;
  }
  delete region.dataset.again;
  region.replaceChildren(...fresh.childNodes);
  document.getElementById("look-again")?.remove();
  document.getElementById("next")?.replaceChildren(...page.getElementById("next").childNodes);
};

setTimeout(look, 1_000);
