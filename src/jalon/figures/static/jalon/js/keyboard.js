// Keyboard: only keys that do something on the page at hand. Lists mark their rows with data-row, and their own keys with data-key.
(() => {
  const typing = (target) => target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const at = () => rows().findIndex((row) => row.contains(document.activeElement) || row.classList.contains("at"));
  const opener = (row) => row.querySelector("[data-open]") || row.querySelector("a[href]");

  const mark = (row) => {
    rows().forEach((other) => other.classList.toggle("at", other === row));
    opener(row)?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows();
    if (!all.length) return false;
    mark(all[Math.min(Math.max(at() + by, 0), all.length - 1)]);
    return true;
  };
  const show = () => {
    const dialog = document.getElementById("shortcuts");
    if (!dialog) return false;
    dialog.showModal();
    return true;
  };
  const field = () => {
    const found = document.querySelector("[data-find]");
    if (!found) return false;
    found.focus();
    found.select?.();
    return true;
  };
  const press = (key) => {
    const row = rows()[at()];
    const found = row?.querySelector(`[data-key="${CSS.escape(key)}"]`) || document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!found) return false;
    found.click();
    return true;
  };

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector("details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary")?.focus(); return; }
      if (!typing(event.target)) document.querySelector("[data-close]")?.click();
      return;
    }
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && event.target instanceof Element) { event.target.closest("form")?.requestSubmit(); return; }
    if (typing(event.target) || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    const done = { j: () => step(1), k: () => step(-1), "/": field, "?": show }[event.key]?.() ?? (event.key.length === 1 && press(event.key));
    if (done) event.preventDefault();
  });
  // A menu closes when something else is clicked.
  addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const box = event.target instanceof Element && event.target.closest("[data-pick-all]");
    if (box) for (const other of document.querySelectorAll("[data-pick]")) other.checked = box.checked;
  });
  addEventListener("change", () => {
    const bar = document.querySelector("[data-picked]");
    if (!bar) return;
    const count = document.querySelectorAll("[data-pick]:checked").length;
    bar.hidden = count === 0;
    const number = bar.querySelector("[data-picked-count]");
    if (number) number.textContent = String(count);
  });
  // A form says that it is at work, and is sent once.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post" && !form.matches("[hx-post], [hx-get]")) { form.dataset.sent = "1"; form.setAttribute("aria-busy", "true"); }
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }));
  addEventListener("change", (event) => { if (event.target instanceof Element && event.target.matches("[data-submit]")) event.target.form?.requestSubmit(); });
})();
// A panel that was open by itself becomes chosen once its line is asked for.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "panel") return;
  event.target.closest(".with-panel")?.classList.remove("panel-auto", "panel-closed");
  const shown = location.pathname;
  document.querySelectorAll("[data-row]").forEach((row) => {
    const on = row.querySelector("[data-open]")?.getAttribute("href") === shown;
    row.classList.toggle("on", on);
    row.querySelector("[data-open]")?.toggleAttribute("aria-current", on);
  });
});
