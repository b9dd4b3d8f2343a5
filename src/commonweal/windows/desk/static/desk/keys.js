// Keys for a list of links: j and k move, Enter opens, / goes to the search box; a button may name its own key. The page works the same without it.
(function () {
  "use strict";
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  const typing = (node) => node && /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
    const link = all[next].querySelector("a[href]");
    link.focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (/^[a-z0-9]$/.test(event.key)) {
      const button = document.querySelector('button[data-key="' + event.key + '"]');
      if (button) button.click();
    } else if (event.key === "/") {
      const box = document.querySelector("input[type=search]");
      if (!box) return;
      event.preventDefault();
      box.focus();
    }
  });
})();
