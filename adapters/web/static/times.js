// Says every time on the page in the reader's own time zone; without this the pages name the zone they use.
(() => {
  const spoken = document.documentElement.lang || "en";
  const language = spoken === "en" ? "en-GB" : spoken; // day before month, as the pages say it
  const today = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(0, "day");
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const weekday = new Intl.DateTimeFormat(language, { weekday: "long" });
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });

  function words(at, style, now) {
    const days = Math.round((midnight(at) - midnight(now)) / 86400000);
    if (days === 0) return style === "day" ? `${clock.format(at)} ${today}` : clock.format(at);
    if (days > 0 && days < 7) return `${weekday.format(at)} ${clock.format(at)}`;
    return `${date.format(at)}, ${clock.format(at)}`;
  }

  function midnight(at) {
    return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  }

  function localise(root) {
    const now = new Date();
    for (const each of root.querySelectorAll("time[datetime]")) {
      if (each.dataset.style === "ago") continue;
      each.textContent = words(new Date(each.dateTime), each.dataset.style, now);
    }
    for (const each of root.querySelectorAll("#zone")) each.hidden = true;
  }

  window.guildhallTimes = localise;
  localise(document);
})();
