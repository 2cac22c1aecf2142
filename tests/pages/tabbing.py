"""Tabs through a page as somebody without a mouse does, and says where that goes wrong."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

MOST = 150
"""Stops that are tried on one page."""
INSIDE_FRAMES = 60
"""Further presses, for the links inside frames."""
PREPARE = """() => {
  const look = (element) => {
    const label = element.labels && element.labels[0];
    const parts = [[element, null], [element, '::before'], [element, '::after']];
    if (label) parts.push([label, '::before'], [label, '::after'], [label, null]);
    if (element.parentElement) parts.push([element.parentElement, null]);
    return parts.map(([part, which]) => {
      const s = getComputedStyle(part, which);
      return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.borderWidth].join();
    }).join('|');
  };
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, iframe, [tabindex]')]
    .filter((e) => !e.disabled && e.type !== 'hidden' && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}));
  window.deskTabs = {stops, look, before: null};
  // Wherever the page put the focus, tabbing is to begin before everything.
  const first = document.createElement('span');
  first.tabIndex = -1;
  document.body.prepend(first);
  first.focus();
  first.remove();
  return stops.map((e) => [e.tagName.toLowerCase(), e.type || '', e.name || (e.textContent || '').trim().slice(0, 40), e.tabIndex, !!e.checked]);
}"""
NEXT = """() => {
  const tabs = window.deskTabs, e = document.activeElement;
  const faded = tabs.before && tabs.before.element !== e
    ? [tabs.stops.indexOf(tabs.before.element), tabs.before.element.tagName === 'IFRAME' || tabs.before.look !== tabs.look(tabs.before.element)]
    : null;
  if (!e || e === document.body) { tabs.before = null; return {at: -1, faded}; }
  const box = e.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0;
  tabs.before = {element: e, look: tabs.look(e)};
  return {at: tabs.stops.indexOf(e), faded, seen, what: e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + (e.textContent || e.name || '').trim().slice(0, 40)};
}"""


TRIES = 3
"""A frame tells late where the focus went: a fault is one that shows every time."""


def tab_faults(page: Page) -> Iterator[str]:
    """Yield a sentence for each stop out of order, unseen, or that shows no focus."""
    found = list(_once(page))
    for _ in range(TRIES - 1):
        again = set(_once(page)) if found else set()
        found = [fault for fault in found if fault in again]
    yield from found


def _once(page: Page) -> Iterator[str]:
    stops = page.evaluate(PREPARE)
    yield from (f"tabindex {stop[3]} on a {stop[0]}" for stop in stops if stop[3] > 0)
    last, visited, what = -1, set(), ""
    for _ in range(min(len(stops), MOST) + INSIDE_FRAMES):
        page.keyboard.press("Tab")
        found = page.evaluate(NEXT)
        if found["faded"] and not found["faded"][1]:
            yield f"shows no focus: {what}"
        if found["at"] == last and last >= 0 and stops[last][0] == "iframe":
            continue
        if found["at"] < 0 or found["at"] in visited:
            break
        if found["at"] < last:
            yield f"out of order: {found['what']}"
        if not found["seen"]:
            yield f"focused out of sight: {found['what']}"
        last, what = found["at"], found["what"]
        visited.add(last)
    missed = [stop for number, stop in enumerate(stops[:MOST]) if number not in visited and not _one_of_a_group(stop)]
    if len(visited) < MOST:
        yield from (f"tabbing never reached {stop[0]} {stop[1]} {stop[2]}" for stop in missed)


def _one_of_a_group(stop: list) -> bool:
    """Radio buttons of one name are one stop; a frame is one where something in it can be scrolled."""
    return stop[1] == "radio" or stop[0] == "iframe"
