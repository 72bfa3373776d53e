// Keeps a question's page true while it is open: the server says that something changed, the page reads itself again
// and exchanges the parts that differ. What the reader has typed, opened or focused stays.
(() => {
  const page = document.getElementById("page");
  if (!page || !window.EventSource) return;
  const parts = ["head", "chosen", "conversation", "verdict", "reply", "aside"];
  const seen = {};
  let revision = page.dataset.revision;
  let reading = false;
  let again = false;

  for (const id of parts) seen[id] = raw(document.getElementById(id));
  note();

  const events = new EventSource(page.dataset.live);
  events.addEventListener("revision", (event) => {
    if (event.data !== revision) read();
  });

  async function read() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      const response = await fetch(page.dataset.page, { cache: "no-store", credentials: "same-origin" });
      if (response.status === 404 || response.status === 410) location.reload();
      if (response.ok) exchange(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      setTimeout(read, 3000);
    } finally {
      reading = false;
      if (again) {
        again = false;
        read();
      }
    }
  }

  function exchange(fresh) {
    const from = fresh.getElementById("page");
    if (!from) return;
    revision = from.dataset.revision;
    document.title = fresh.title;
    for (const id of parts) {
      const next = fresh.getElementById(id);
      const old = document.getElementById(id);
      const html = raw(next);
      if (!next || !old || html === seen[id]) continue;
      seen[id] = html;
      const kept = keep(old);
      old.innerHTML = next.innerHTML;
      restore(old, kept);
      window.guildhallTimes?.(old);
    }
    note();
  }

  // A form's revision changes with every change of the question; it is brought up to date without a new drawing.
  function raw(part) {
    if (!part) return "";
    const html = part.innerHTML;
    return html.replace(/name="at" value="\d+"/g, "");
  }

  function keep(part) {
    const fields = [];
    for (const each of part.querySelectorAll("textarea, input:not([type=hidden]):not([type=file]), details[id]")) {
      if (each.tagName === "DETAILS") fields.push([`#${each.id}`, "open", each.open]);
      else if (each.type === "radio") {
        if (each.checked) fields.push([`input[name=${each.name}][value="${CSS.escape(each.value)}"]`, "checked", true]);
      } else if (each.id && each.value) fields.push([`#${each.id}`, "value", each.value]);
    }
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    return { fields, focused, files: [...part.querySelectorAll("input[type=file]")] };
  }

  function restore(part, kept) {
    for (const chosen of kept.files) document.getElementById(chosen.id)?.replaceWith(chosen);
    for (const [selector, property, value] of kept.fields) {
      const each = part.querySelector(selector);
      if (each) each[property] = value;
    }
    if (kept.focused) document.getElementById(kept.focused)?.focus();
  }

  function note() {
    const line = document.getElementById("live-note");
    if (line) line.textContent = document.getElementById("live-words").content.textContent;
    for (const each of page.querySelectorAll("input[name=at]")) each.value = revision;
  }
})();
