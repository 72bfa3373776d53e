// Shows what experts will see while a question is being written, and when staff would answer in the chosen category.
(() => {
  const form = document.getElementById("ask");
  const shown = document.getElementById("preview");
  const send = document.getElementById("send");
  const staff = document.getElementById("staff");
  const category = document.getElementById("category");
  const withoutCategory = staff.innerHTML;
  let asked = "";
  let timer;

  form.addEventListener("input", (event) => {
    if (event.target.name === "files") return; // they change nothing of what is shown, and would be asked for again
    send.value = "preview"; // until what is shown is what is written
    clearTimeout(timer);
    timer = setTimeout(show, 350);
  });
  category?.addEventListener("change", promise);
  form.addEventListener("submit", () => setTimeout(() => lock(true), 0));
  window.addEventListener("pageshow", () => lock(false));
  if (form.text.value.trim()) show();
  promise();

  async function show() {
    const written = words();
    if (!form.text.value.trim()) {
      shown.hidden = true;
      return;
    }
    asked = written;
    try {
      const response = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(written) });
      if (!response.ok || asked !== written) return;
      shown.innerHTML = await response.text();
      shown.hidden = false;
      if (words() === written) send.value = "ask";
    } catch {
      send.value = "preview"; // the page after this one shows it instead
    }
  }

  function words() {
    const entries = new FormData(form);
    entries.delete("files");
    return new URLSearchParams(entries).toString();
  }

  function promise() {
    const chosen = category && [...document.querySelectorAll("template[data-category]")]
      .find((each) => each.dataset.category === category.value);
    if (chosen) staff.replaceChildren(chosen.content.cloneNode(true));
    else staff.innerHTML = withoutCategory;
    window.guildhallTimes?.(staff);
  }

  function lock(on) {
    for (const each of form.querySelectorAll("button")) each.disabled = on;
  }
})();
