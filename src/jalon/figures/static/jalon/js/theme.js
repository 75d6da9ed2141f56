// Theme: the reader's choice if there is one, else the system's. Runs before the first paint.
// Who is signed in keeps it with the account, so that it follows to every device; a visitor keeps it in this browser.
(() => {
  const root = document.documentElement;
  const address = root.dataset.themeAddress;
  const kept = address ? null : localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const next = dark ? "light" : "dark";
    const system = matchMedia(`(prefers-color-scheme: ${next})`).matches;
    // Back on the system's own theme: follow it again.
    if (system) delete root.dataset.theme; else root.dataset.theme = next;
    if (address) {
      const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
      fetch(address, { method: "POST", headers, body: new URLSearchParams({ theme: system ? "auto" : next }), keepalive: true });
    } else if (system) localStorage.removeItem("theme"); else localStorage.setItem("theme", next);
  });
})();
