// Looks for new lines of the chat while its page is in view. Without scripts, a link does the same.
const EVERY = 4000;
const box = document.getElementById("talk");
const refresh = document.getElementById("refresh");

const stamp = () => box.querySelector(".chat-talk").dataset.stamp;

function exchange(before, after, part) {
  const was = before.querySelector(part);
  const now = after.querySelector(part);
  if (was && !now) was.remove();
  else if (now && !was) before.append(now);
  else if (now && was.textContent !== now.textContent) was.replaceWith(now);
}

function renew(log, fresh) {
  const before = log.querySelector(".chat-lines");
  const after = fresh.querySelector(".chat-lines");
  if (!before || !after) {
    log.replaceChildren(...fresh.childNodes);
    return;
  }
  // Only what is new is put in, so that a screen reader says that and nothing else.
  for (const line of [...after.children]) {
    const known = document.getElementById(line.id);
    if (!known) {
      before.append(line);
      continue;
    }
    // What was kept a moment ago may show more once it was read: its words, the names of its files.
    for (const part of [".chat-line__words", ".chat-line__files"]) exchange(known, line, part);
    if (known.querySelector(".chat-choices") && !line.querySelector(".chat-choices")) {
      known.querySelector(".chat-choices").remove();
    }
  }
  for (const part of [".chat-status", ".chat-cases"]) {
    exchange(log, fresh, part);
  }
}

async function look() {
  const answer = await fetch(`/chat/lines?stamp=${encodeURIComponent(stamp())}`, { headers: { Accept: "text/html" } });
  if (answer.status !== 200) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".chat-talk");
  if (!fresh) return;
  renew(box.querySelector(".chat-talk"), fresh);
  box.querySelector(".chat-talk").dataset.stamp = fresh.dataset.stamp;
}

async function go() {
  try {
    if (!document.hidden) await look();
  } catch {
    // The network may be away for a while: the next look finds what was missed.
  }
  setTimeout(go, EVERY);
}

if (box && refresh) {
  refresh.hidden = true;
  setTimeout(go, EVERY);
}
