// Theme: the reader's choice if there is one, else the system's. Runs before the first paint.
(() => {
  const root = document.documentElement;
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const next = dark ? "light" : "dark";
    const system = matchMedia(`(prefers-color-scheme: ${next})`).matches;
    // Back on the system's own theme: follow it again.
    if (system) { delete root.dataset.theme; localStorage.removeItem("theme"); } else { root.dataset.theme = next; localStorage.setItem("theme", next); }
  });
})();
